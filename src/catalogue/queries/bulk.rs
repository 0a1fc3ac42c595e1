//! Many products at once: arrays in, one statement a table.

use super::spans;
use crate::kernel::{Cx, SellerId};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

pub(in crate::catalogue) struct Known {
    pub(in crate::catalogue) product: Uuid,
    pub(in crate::catalogue) variant: Uuid,
    /// Of the row of the last import.
    pub(in crate::catalogue) digest: Option<Vec<u8>>,
}

pub(in crate::catalogue) struct Contents {
    pub(in crate::catalogue) categories: Vec<String>,
    pub(in crate::catalogue) names: Vec<String>,
    pub(in crate::catalogue) descriptions: Vec<String>,
    pub(in crate::catalogue) htmls: Vec<String>,
    /// Their categories' names at the source.
    pub(in crate::catalogue) sources: Vec<String>,
    pub(in crate::catalogue) brands: Vec<String>,
    pub(in crate::catalogue) units: Vec<String>,
    pub(in crate::catalogue) arts: Vec<String>,
    pub(in crate::catalogue) folded: Vec<String>,
    pub(in crate::catalogue) states: Vec<String>,
    pub(in crate::catalogue) reasons: Vec<String>,
    pub(in crate::catalogue) digests: Vec<Vec<u8>>,
}

pub(in crate::catalogue) struct Forms {
    pub(in crate::catalogue) skus: Vec<String>,
    pub(in crate::catalogue) prices: Vec<i64>,
    pub(in crate::catalogue) list_prices: Vec<Option<i64>>,
    pub(in crate::catalogue) weights: Vec<i32>,
    pub(in crate::catalogue) gtins: Vec<Option<String>>,
}

/// What the seller has under these SKUs.
pub(in crate::catalogue) async fn known(
    db: &mut PgConnection,
    seller: SellerId,
    skus: &[String],
) -> sqlx::Result<HashMap<String, Known>> {
    let rows = sqlx::query!(
        "select v.sku, v.id, v.product_id, p.source_digest
         from catalogue.variants v join catalogue.products p on p.id = v.product_id
         where v.seller_id = $1 and v.sku = any($2) and v.removed_at is null",
        seller.0,
        skus,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.sku, Known { product: r.product_id, variant: r.id, digest: r.source_digest }))
        .collect())
}

pub(in crate::catalogue) async fn insert_products(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    ids: &[Uuid],
    slugs: &[String],
    c: &Contents,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into catalogue.products (id, seller_id, category_slug, slug, name, description, description_html,
             brand, unit, tax_bps, lead_days, art, folded, state, state_reason, source_digest,
             created_at, updated_at, submitted_at, published_at, source_category)
         select id, $1, category, slug, name, description, html, brand, unit, 800, 2, art, folded, state, reason,
                digest, $2::timestamptz, $2, case when state = 'in_review' then $2 end,
                case when state = 'published' then $2 end, source
         from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                     $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bytea[], $16::text[])
              as p (id, slug, category, name, description, html, brand, unit, art, folded, state, reason, digest,
                    source)",
        seller.0,
        cx.now,
        ids,
        slugs,
        &c.categories,
        &c.names,
        &c.descriptions,
        &c.htmls,
        &c.brands,
        &c.units,
        &c.arts,
        &c.folded,
        &c.states,
        &c.reasons,
        &c.digests,
        &c.sources,
    )
    .execute(&mut *db)
    .await?;
    spans::keep(db, cx, ids).await
}

pub(in crate::catalogue) async fn insert_variants(
    db: &mut PgConnection,
    seller: SellerId,
    products: &[Uuid],
    ids: &[Uuid],
    f: &Forms,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into catalogue.variants (id, product_id, seller_id, position, sku, price, list_price, weight_g, gtin)
         select id, product, $1, 1, sku, price, list_price, weight_g, gtin
         from unnest($2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[], $7::int[], $8::text[])
              as v (id, product, sku, price, list_price, weight_g, gtin)",
        seller.0,
        ids,
        products,
        &f.skus,
        &f.prices,
        &f.list_prices as &[Option<i64>],
        &f.weights,
        &f.gtins as &[Option<String>],
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The state stays: a reviewer or the seller may have changed it since.
pub(in crate::catalogue) async fn update_products(
    db: &mut PgConnection,
    cx: &Cx,
    ids: &[Uuid],
    c: &Contents,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update catalogue.products p set category_slug = n.category, name = n.name, description = n.description,
             description_html = n.html, brand = n.brand, unit = n.unit, folded = n.folded,
             source_digest = n.digest, version = p.version + 1, updated_at = $1, source_category = n.source
         from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                     $10::bytea[], $11::text[])
              as n (id, category, name, description, html, brand, unit, folded, digest, source)
         where p.id = n.id",
        cx.now,
        ids,
        &c.categories,
        &c.names,
        &c.descriptions,
        &c.htmls,
        &c.brands,
        &c.units,
        &c.folded,
        &c.digests,
        &c.sources,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A tier that no longer lies below the price goes.
pub(in crate::catalogue) async fn update_variants(
    db: &mut PgConnection,
    ids: &[Uuid],
    f: &Forms,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update catalogue.variants v set price = n.price, list_price = n.list_price, weight_g = n.weight_g, gtin = n.gtin
         from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::int[], $5::text[])
              as n (id, price, list_price, weight_g, gtin)
         where v.id = n.id",
        ids,
        &f.prices,
        &f.list_prices as &[Option<i64>],
        &f.weights,
        &f.gtins as &[Option<String>],
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "delete from catalogue.price_tiers t using catalogue.variants v
         where v.id = t.variant_id and v.id = any($1) and t.price >= v.price",
        ids,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The shop of a slug.
pub(in crate::catalogue) async fn shop(
    db: &mut PgConnection,
    slug: &str,
) -> sqlx::Result<Option<SellerId>> {
    let id = sqlx::query_scalar!(
        "select seller_id from enterprises.sellers_report where slug = $1",
        slug
    )
    .fetch_optional(db)
    .await?;
    Ok(id.flatten().map(SellerId))
}
