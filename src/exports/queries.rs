//! SQL of sheets.

use super::model::{Listed, Sheet};
use crate::kernel::{Cx, ProductId, SellerId};
use sqlx::{PgConnection, PgExecutor};

/// Writes what a buyer abroad must know of a product of this seller. The caller has seen that it is his.
///
/// # Errors
/// Whatever the database says.
pub async fn save_sheet(
    db: &mut PgConnection,
    cx: &Cx,
    (product, seller): (ProductId, SellerId),
    sheet: &Sheet,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into exports.sheets (product_id, seller_id, shown, hs_code, origin, incoterms, port, least, supply,
             packaging, shelf_life, about_en, about_vi, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         on conflict (product_id) do update set seller_id = $2, shown = $3, hs_code = $4, origin = $5, incoterms = $6,
             port = $7, least = $8, supply = $9, packaging = $10, shelf_life = $11, about_en = $12, about_vi = $13,
             updated_at = $14",
        product.0,
        seller.0,
        sheet.shown,
        sheet.hs_code,
        sheet.origin,
        &sheet.incoterms,
        sheet.port,
        sheet.least,
        sheet.supply,
        sheet.packaging,
        sheet.shelf_life,
        sheet.about_en,
        sheet.about_vi,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn sheet(
    db: impl PgExecutor<'_>,
    product: ProductId,
) -> sqlx::Result<Option<Sheet>> {
    sqlx::query_as!(
        Sheet,
        "select shown, hs_code, origin, incoterms, port, least, supply, packaging, shelf_life, about_en, about_vi
         from exports.sheets where product_id = $1",
        product.0,
    )
    .fetch_optional(db)
    .await
}

/// What is for export and on display, newest sheet first.
pub(super) async fn listed(
    db: impl PgExecutor<'_>,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select p.slug as "slug!", p.name as "name!", p.name_en as "name_en!", s.shop_name as "shop!", x.hs_code,
                  x.origin, x.least
           from exports.sheets x
           join catalogue.products_report p on p.product_id = x.product_id
           join enterprises.sellers_report s on s.seller_id = x.seller_id
           where x.shown and p.state = 'published' and s.state = 'approved'
           order by x.updated_at desc, x.product_id limit $1 offset $2"#,
        limit,
        offset,
    )
    .fetch_all(db)
    .await
}

/// A seller's products with whether they have a sheet that is shown.
#[derive(Debug, Clone)]
pub(super) struct Own {
    pub product: ProductId,
    pub name: String,
    pub hs_code: Option<String>,
    pub shown: Option<bool>,
}

/// Those with a sheet first.
pub(super) async fn own(db: impl PgExecutor<'_>, seller: SellerId) -> sqlx::Result<Vec<Own>> {
    sqlx::query_as!(
        Own,
        r#"select p.product_id as "product!: ProductId", p.name as "name!", x.hs_code as "hs_code?", x.shown as "shown?"
           from catalogue.products_report p left join exports.sheets x on x.product_id = p.product_id
           where p.seller_id = $1 order by x.product_id is null, p.name limit 500"#,
        seller.0,
    )
    .fetch_all(db)
    .await
}
