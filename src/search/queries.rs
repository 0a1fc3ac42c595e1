//! SQL of `search`: documents, what they are made of, and whether what was found still holds.

use super::{Document, Hit};
use crate::kernel::{Day, ProductId, SellerId, Vnd};
use sqlx::PgConnection;
use uuid::Uuid;

/// One refresher at a time: each then sees what the one before it saw, or newer.
pub(super) async fn lock(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(4402)").fetch_one(db).await?;
    Ok(())
}

/// The next products after `after`, in the order of their ids.
pub(super) async fn products_after(
    db: &mut PgConnection,
    after: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select product_id as "id!" from catalogue.products_report where product_id > $1 order by 1 limit $2"#,
        after,
        limit
    )
    .fetch_all(db)
    .await
}

pub(super) async fn count_products(db: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "n!" from catalogue.products_report"#)
        .fetch_one(db)
        .await
}

pub(super) async fn products_of(
    db: &mut PgConnection,
    seller: SellerId,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select product_id as "id!" from catalogue.products_report where seller_id = $1"#,
        seller.0
    )
    .fetch_all(db)
    .await
}

/// Every transaction below this number has ended.
pub(super) async fn horizon(db: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as "xid!""#)
        .fetch_one(db)
        .await
}

/// Which documents transactions from `since` on wrote, and which transaction each.
pub(super) async fn changed_since(
    db: &mut PgConnection,
    since: i64,
) -> sqlx::Result<Vec<(ProductId, i64)>> {
    let rows = sqlx::query!(
        r#"select product_id, changed_by::text::bigint as "by!" from search.documents
           where changed_by >= $1::bigint::text::xid8"#,
        since
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (ProductId(row.product_id), row.by)).collect())
}

/// Whether transactions from `since` on wrote documents.
pub(super) async fn is_changed_since(db: &mut PgConnection, since: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from search.documents where changed_by >= $1::bigint::text::xid8) as "any!""#,
        since
    )
    .fetch_one(db)
    .await
}

/// The documents of these ids.
pub(super) async fn documents(
    db: &mut PgConnection,
    products: &[Uuid],
) -> sqlx::Result<Vec<Document>> {
    sqlx::query_as!(
        Document,
        r#"select product_id as "product: ProductId", version, visible, lapses_on, name, name_en,
                  seller_id as "seller: SellerId", seller_name, commune_code, category_path, category_words, brand,
                  codes, price as "price: Vnd", certificates, attributes, description, trade_quantity, in_stock,
                  stock_on, sold_90_days, published_at
           from search.documents where product_id = any($1)"#,
        products
    )
    .fetch_all(db)
    .await
}

/// A document, as far as it is compared with the index.
pub(super) struct Version {
    pub(super) product: ProductId,
    pub(super) version: i64,
    pub(super) visible: bool,
    /// Written by a transaction below the horizon that was asked for.
    pub(super) is_settled: bool,
}

/// Of the next products after `after`, in the order of their ids.
pub(super) async fn versions_after(
    db: &mut PgConnection,
    after: Uuid,
    horizon: i64,
    limit: i64,
) -> sqlx::Result<Vec<Version>> {
    sqlx::query_as!(
        Version,
        r#"select product_id as "product: ProductId", version, visible,
                  changed_by < $2::bigint::text::xid8 as "is_settled!"
           from search.documents where product_id > $1 order by product_id limit $3"#,
        after,
        horizon,
        limit
    )
    .fetch_all(db)
    .await
}

/// How many documents are visible.
pub(super) async fn count_visible(db: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "n!" from search.documents where visible"#)
        .fetch_one(db)
        .await
}

/// The next visible documents after `after`, in the order of their ids.
pub(super) async fn visible_after(
    db: &mut PgConnection,
    after: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select product_id from search.documents where product_id > $1 and visible order by 1 limit $2",
        after,
        limit
    )
    .fetch_all(db)
    .await
}

/// Of these products those that can be shown now, as a card shows them, in the order given.
///
/// Whether a listing is published, its seller admitted and its goods there is read where it is
/// decided, not from the document, which may be late.
pub(super) async fn hits(
    db: &mut PgConnection,
    products: &[Uuid],
    today: Day,
) -> sqlx::Result<Vec<Hit>> {
    sqlx::query_as!(
        Hit,
        r#"select d.product_id as "product: ProductId", d.name, d.name_en, d.slug, d.seller_id as "seller: SellerId",
                  d.seller_name, d.seller_slug, d.commune_code, d.price as "price: Vnd",
                  d.list_price as "list_price: Vnd", d.several, d.unit, d.picture, d.certificates,
                  d.trade_quantity is not null as "for_business!",
                  exists (select from catalogue.variants_report v
                          join stock.levels_report l on l.variant_id = v.variant_id
                          where v.product_id = d.product_id and l.available > 0) as "in_stock!",
                  d.sku
           from unnest($1::uuid[]) with ordinality as asked (id, place)
           join search.documents d on d.product_id = asked.id
           join catalogue.listings_report p on p.product_id = d.product_id
           join enterprises.sellers_report s on s.seller_id = d.seller_id and s.state = 'approved'
           where p.lapses_on is null or p.lapses_on > $2
           order by asked.place"#,
        products,
        today
    )
    .fetch_all(db)
    .await
}

/// Of these products those that can be shown now, and whether their goods are there: what [`hits`]
/// would say that can change at once.
pub(super) async fn pulse(
    db: &mut PgConnection,
    products: &[Uuid],
    today: Day,
) -> sqlx::Result<Vec<(ProductId, bool)>> {
    let rows = sqlx::query!(
        r#"select p.product_id as "id!",
                  exists (select from catalogue.variants_report v
                          join stock.levels_report l on l.variant_id = v.variant_id
                          where v.product_id = p.product_id and l.available > 0) as "in_stock!"
           from catalogue.listings_report p
           join enterprises.sellers_report s on s.seller_id = p.seller_id and s.state = 'approved'
           where p.product_id = any($1) and (p.lapses_on is null or p.lapses_on > $2)"#,
        products,
        today
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (ProductId(row.id), row.in_stock)).collect())
}
