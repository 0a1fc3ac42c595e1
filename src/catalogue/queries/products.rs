//! Products, their states, papers and record.

use super::spans;
use crate::{
    catalogue::model::{About, Product, ProductEvent, State},
    kernel::{Cx, ProductId, SellerId},
};
use sqlx::{PgConnection, types::Json};
use std::collections::BTreeMap;

pub(in crate::catalogue) struct Leaf {
    pub(in crate::catalogue) art: String,
    pub(in crate::catalogue) is_service: bool,
}

pub(in crate::catalogue) async fn leaf(
    db: &mut PgConnection,
    slug: &str,
) -> sqlx::Result<Option<Leaf>> {
    sqlx::query_as!(
        Leaf,
        r#"select art, (kind = 'service') as "is_service!" from catalogue.categories where slug = $1 and is_leaf"#,
        slug
    )
    .fetch_optional(db)
    .await
}

pub(in crate::catalogue) struct NewRow<'a> {
    pub(in crate::catalogue) id: ProductId,
    pub(in crate::catalogue) seller: SellerId,
    pub(in crate::catalogue) about: &'a About,
    pub(in crate::catalogue) description_html: &'a str,
    pub(in crate::catalogue) art: &'a str,
    pub(in crate::catalogue) folded: &'a str,
}

/// Whether the address was free.
pub(in crate::catalogue) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    slug: &str,
    row: &NewRow<'_>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into catalogue.products (id, seller_id, category_slug, slug, name, name_en, description,
             description_html, brand, origin_commune, facts, unit, tax_bps, lead_days, art, folded, state,
             created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'draft', $17, $17)
         on conflict (slug) do nothing",
        row.id.0,
        row.seller.0,
        row.about.category,
        slug,
        row.about.name,
        row.about.name_en,
        row.about.description,
        row.description_html,
        row.about.brand,
        row.about.origin_commune,
        Json(&row.about.facts) as _,
        row.about.unit,
        row.about.tax_bps,
        row.about.lead_days,
        row.art,
        row.folded,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The product, locked; of one seller where he is named.
pub(in crate::catalogue) async fn lock(
    db: &mut PgConnection,
    id: ProductId,
    seller: Option<SellerId>,
) -> sqlx::Result<Option<Product>> {
    let found = sqlx::query_scalar!(
        "select id from catalogue.products where id = $1 and ($2::uuid is null or seller_id = $2) for no key update",
        id.0,
        seller.map(|s| s.0),
    )
    .fetch_optional(&mut *db)
    .await?;
    if found.is_none() {
        return Ok(None);
    }
    product(db, id, seller).await
}

pub(in crate::catalogue) async fn product(
    db: &mut PgConnection,
    id: ProductId,
    seller: Option<SellerId>,
) -> sqlx::Result<Option<Product>> {
    let row = sqlx::query!(
        r#"select id, seller_id, slug, category_slug, name, name_en, description, description_html, brand,
                origin_commune, facts as "facts: Json<BTreeMap<String, String>>", unit, tax_bps, lead_days, art,
                state as "state: State", state_reason, lapses_on, version, published_at
         from catalogue.products where id = $1 and ($2::uuid is null or seller_id = $2)"#,
        id.0,
        seller.map(|s| s.0),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| Product {
        id: ProductId(r.id),
        seller: SellerId(r.seller_id),
        slug: r.slug,
        about: About {
            category: r.category_slug,
            name: r.name,
            name_en: r.name_en,
            description: r.description,
            brand: r.brand,
            origin_commune: r.origin_commune,
            facts: r.facts.0,
            unit: r.unit,
            tax_bps: r.tax_bps,
            lead_days: r.lead_days,
        },
        description_html: r.description_html,
        art: r.art,
        state: r.state,
        state_reason: r.state_reason,
        lapses_on: r.lapses_on,
        version: r.version,
        was_published: r.published_at.is_some(),
    }))
}

pub(in crate::catalogue) async fn version(
    db: &mut PgConnection,
    id: ProductId,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!("select version from catalogue.products where id = $1", id.0)
        .fetch_one(db)
        .await
}

/// Whether nobody changed it in between.
pub(in crate::catalogue) async fn set_state(
    db: &mut PgConnection,
    cx: &Cx,
    id: ProductId,
    version: i64,
    to: State,
    reason: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update catalogue.products set state = $3, state_reason = $4, version = version + 1, updated_at = $5,
             submitted_at = case when $3 = 'in_review' then $5 else submitted_at end,
             published_at = case when $3 = 'published' then coalesce(published_at, $5) else published_at end
         where id = $1 and version = $2",
        id.0,
        version,
        to.code(),
        reason,
        cx.now,
    )
    .execute(&mut *db)
    .await?;
    let written = done.rows_affected() == 1;
    if written {
        spans::keep(db, cx, &[id.0]).await?;
    }
    Ok(written)
}

/// New contents; whether nobody changed it in between.
pub(in crate::catalogue) async fn update_about(
    db: &mut PgConnection,
    cx: &Cx,
    product: &Product,
    about: &About,
    description_html: &str,
    folded: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update catalogue.products set category_slug = $3, name = $4, name_en = $5, description = $6,
             description_html = $7, brand = $8, origin_commune = $9, facts = $10, unit = $11, tax_bps = $12,
             lead_days = $13, folded = $14, version = version + 1, updated_at = $15
         where id = $1 and version = $2",
        product.id.0,
        product.version,
        about.category,
        about.name,
        about.name_en,
        about.description,
        description_html,
        about.brand,
        about.origin_commune,
        Json(&about.facts) as _,
        about.unit,
        about.tax_bps,
        about.lead_days,
        folded,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Something beside the contents has changed: variants, pictures, papers.
pub(in crate::catalogue) async fn touch(
    db: &mut PgConnection,
    cx: &Cx,
    id: ProductId,
    folded: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update catalogue.products set version = version + 1, updated_at = $2, folded = $3
         where id = $1",
        id.0,
        cx.now,
        folded,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(in crate::catalogue) async fn insert_event(
    db: &mut PgConnection,
    cx: &Cx,
    product: ProductId,
    event: &str,
    from: State,
    to: State,
    reason: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into catalogue.product_events (id, product_id, at, actor, event, from_state, to_state, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        cx.new_id(),
        product.0,
        cx.now,
        cx.person().map(|p| p.0),
        event,
        from.code(),
        to.code(),
        reason,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(in crate::catalogue) async fn events(
    db: &mut PgConnection,
    product: ProductId,
) -> sqlx::Result<Vec<ProductEvent>> {
    sqlx::query_as!(
        ProductEvent,
        "select at, event, reason from catalogue.product_events where product_id = $1
         order by at desc, id desc limit 50",
        product.0,
    )
    .fetch_all(db)
    .await
}

pub(in crate::catalogue) async fn variant_count(
    db: &mut PgConnection,
    product: ProductId,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from catalogue.variants where product_id = $1 and removed_at is null"#,
        product.0
    )
    .fetch_one(db)
    .await
}

/// Whether the shop is admitted and not suspended.
pub(in crate::catalogue) async fn seller_sells(
    db: &mut PgConnection,
    seller: SellerId,
) -> sqlx::Result<bool> {
    let state = sqlx::query_scalar!(
        "select state from enterprises.sellers_report where seller_id = $1",
        seller.0
    )
    .fetch_optional(db)
    .await?;
    Ok(state.flatten().as_deref() == Some("approved"))
}
