//! Variants and their price tiers.

use crate::{
    catalogue::{
        model::{NewVariant, Tier},
        terms::Terms,
        variant::Variant,
    },
    kernel::{ProductId, SellerId, VariantId, Vnd},
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// The first of these SKUs that the seller uses already, elsewhere than in `except`.
pub(in crate::catalogue) async fn taken_sku(
    db: &mut PgConnection,
    seller: SellerId,
    skus: &[String],
    except: Option<VariantId>,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select sku from catalogue.variants
         where seller_id = $1 and sku = any($2) and removed_at is null and ($3::uuid is null or id <> $3)
         limit 1",
        seller.0,
        skus,
        except.map(|v| v.0),
    )
    .fetch_optional(db)
    .await
}

/// Adds them behind those there are.
pub(in crate::catalogue) async fn insert(
    db: &mut PgConnection,
    seller: SellerId,
    product: ProductId,
    ids: &[VariantId],
    new: &[NewVariant],
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = ids.iter().map(|v| v.0).collect();
    let skus: Vec<String> = new.iter().map(|v| v.sku.clone()).collect();
    let labels: Vec<String> = new.iter().map(|v| v.label.clone()).collect();
    let prices: Vec<i64> = new.iter().map(|v| v.price.0).collect();
    let list_prices: Vec<Option<i64>> = new.iter().map(|v| v.list_price.map(|p| p.0)).collect();
    let weights: Vec<i32> = new.iter().map(|v| v.weight_g).collect();
    let gtins: Vec<Option<String>> = new.iter().map(|v| v.gtin.clone()).collect();
    sqlx::query!(
        "insert into catalogue.variants (id, product_id, seller_id, position, sku, label, price, list_price,
             weight_g, gtin)
         select id, $1, $2,
                (select coalesce(max(position), 0) from catalogue.variants where product_id = $1) + at::int,
                sku, label, price, list_price, weight_g, gtin
         from unnest($3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::int[], $9::text[])
              with ordinality as v (id, sku, label, price, list_price, weight_g, gtin, at)",
        product.0,
        seller.0,
        &ids,
        &skus,
        &labels,
        &prices,
        &list_prices as &[Option<i64>],
        &weights,
        &gtins as &[Option<String>],
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(in crate::catalogue) async fn replace_tiers(
    db: &mut PgConnection,
    variant: VariantId,
    tiers: &[Tier],
) -> sqlx::Result<()> {
    sqlx::query!("delete from catalogue.price_tiers where variant_id = $1", variant.0)
        .execute(&mut *db)
        .await?;
    for tier in tiers {
        sqlx::query!(
            "insert into catalogue.price_tiers (variant_id, min_quantity, price) values ($1, $2, $3)",
            variant.0,
            tier.min_quantity,
            tier.price.0,
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// All living variants of these products, in a fixed order.
pub(in crate::catalogue) async fn of_products(
    db: &mut PgConnection,
    products: &[Uuid],
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select id from catalogue.variants where product_id = any($1) and removed_at is null order by sku, id",
        products
    )
    .fetch_all(db)
    .await
}

/// Those that are not taken away, in order, with their tiers and stock.
pub(in crate::catalogue) async fn all(
    db: &mut PgConnection,
    product: ProductId,
) -> sqlx::Result<Vec<Variant>> {
    let rows = sqlx::query!(
        r#"select v.id, v.sku, v.label, v.price, v.list_price, v.weight_g, v.gtin,
                coalesce(l.on_hand, 0) as "on_hand!", coalesce(l.reserved, 0) as "reserved!",
                coalesce(l.unlimited, false) as "unlimited!",
                (select coalesce(json_agg(json_build_object('min_quantity', t.min_quantity, 'price', t.price)
                                          order by t.min_quantity), '[]')
                 from catalogue.price_tiers t where t.variant_id = v.id) as "tiers!: sqlx::types::Json<Vec<Tier>>"
         from catalogue.variants v left join stock.levels_report l on l.variant_id = v.id
         where v.product_id = $1 and v.removed_at is null order by v.position"#,
        product.0,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Variant {
            id: VariantId(r.id),
            sku: r.sku,
            label: r.label,
            price: Vnd(r.price),
            list_price: r.list_price.map(Vnd),
            weight_g: r.weight_g,
            gtin: r.gtin,
            on_hand: r.on_hand,
            reserved: r.reserved,
            unlimited: r.unlimited,
            tiers: r.tiers.0,
        })
        .collect())
}

pub(in crate::catalogue) async fn tiers(
    db: &mut PgConnection,
    variant: VariantId,
) -> sqlx::Result<Vec<Tier>> {
    let rows = sqlx::query!(
        "select min_quantity, price from catalogue.price_tiers where variant_id = $1 order by min_quantity",
        variant.0
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Tier { min_quantity: r.min_quantity, price: Vnd(r.price) })
        .collect())
}

/// Whether it was there.
pub(in crate::catalogue) async fn update(
    db: &mut PgConnection,
    product: ProductId,
    variant: VariantId,
    form: &NewVariant,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update catalogue.variants set sku = $3, label = $4, price = $5, list_price = $6, weight_g = $7, gtin = $8
         where id = $2 and product_id = $1 and removed_at is null",
        product.0,
        variant.0,
        form.sku,
        form.label,
        form.price.0,
        form.list_price.map(|p| p.0),
        form.weight_g,
        form.gtin,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether it was there.
pub(in crate::catalogue) async fn set_terms(
    db: &mut PgConnection,
    product: ProductId,
    variant: VariantId,
    terms: &Terms,
) -> sqlx::Result<bool> {
    let lead = serde_json::to_value(&terms.lead).map_err(|e| sqlx::Error::Encode(e.into()))?;
    let done = sqlx::query!(
        "update catalogue.variants set min_quantity = $3, step_quantity = $4, terms_for_all = $5, lead_steps = $6
         where id = $2 and product_id = $1 and removed_at is null",
        product.0,
        variant.0,
        i32::try_from(terms.min).unwrap_or(1),
        i32::try_from(terms.step).unwrap_or(1),
        terms.for_all,
        lead,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A list price that no longer lies above the price goes.
pub(in crate::catalogue) async fn set_price(
    db: &mut PgConnection,
    variant: VariantId,
    price: Vnd,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update catalogue.variants set price = $2, list_price = case when list_price > $2 then list_price end
         where id = $1",
        variant.0,
        price.0,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Kept for the orders that name it.
pub(in crate::catalogue) async fn remove(
    db: &mut PgConnection,
    product: ProductId,
    variant: VariantId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update catalogue.variants set removed_at = $3
         where id = $2 and product_id = $1 and removed_at is null",
        product.0,
        variant.0,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The products of these variants.
pub(in crate::catalogue) async fn products_of(
    db: &mut PgConnection,
    variants: &[Uuid],
) -> sqlx::Result<Vec<ProductId>> {
    let ids = sqlx::query_scalar!(
        "select distinct product_id from catalogue.variants where id = any($1)",
        variants
    )
    .fetch_all(db)
    .await?;
    Ok(ids.into_iter().map(ProductId).collect())
}
