//! SQL of `search`: documents, what they are made of, and whether what was found still holds.

use super::{Document, Hit};
use crate::kernel::{Day, ProductId, SellerId, Vnd};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// One refresher at a time: each then sees what the one before it saw, or newer.
pub(super) async fn lock(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(4402)").fetch_one(db).await?;
    Ok(())
}

/// Computes the documents of `products` from what other slices publish; writes those that changed,
/// or all of them with `force`. Returns how many were written.
#[expect(clippy::too_many_lines, reason = "it is one statement")]
pub(super) async fn refresh(
    db: &mut PgConnection,
    products: &[Uuid],
    now: DateTime<Utc>,
    today: Day,
    force: bool,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        r#"
        with source as (
            select p.product_id, p.state = 'published' and s.state = 'approved' as visible, p.lapses_on,
                   p.name, p.name_en, p.slug, p.seller_id, s.shop_name, s.slug as seller_slug, s.commune_code,
                   p.category_slug, p.category_path, p.brand, v.skus, v.price, v.list_price, v.several, p.unit,
                   coalesce(pic.address, case when p.art = '' then '' else '/tranh/' || p.art || '.svg' end) as picture,
                   coalesce(c.kinds, '{}') as certificates, v.for_business, v.in_stock,
                   coalesce(sold.quantity, 0)::bigint as sold,
                   concat_ws(' ', p.category_vi, p.category_en, p.facts_text, p.description) as body,
                   coalesce(p.published_at, p.updated_at) as published_at
            from (select *, (select string_agg(value, ' ') from jsonb_each_text(facts)) as facts_text
                  from catalogue.products_report where product_id = any($1)) p
            join enterprises.sellers_report s on s.seller_id = p.seller_id
            join lateral (
                select array_agg(v.sku order by v.position) as skus, min(v.price) as price,
                       (array_agg(v.list_price order by v.price, v.position))[1] as list_price,
                       min(v.price) < max(v.price) as several, bool_or(v.for_business) as for_business,
                       bool_or(coalesce(l.available, 0) > 0) as in_stock
                from catalogue.variants_report v left join stock.levels_report l on l.variant_id = v.variant_id
                where v.product_id = p.product_id
            ) v on v.price is not null
            left join lateral (
                select '/anh/' || key || '-480.webp' as address from catalogue.pictures_report
                where product_id = p.product_id order by position limit 1
            ) pic on true
            left join lateral (
                select array_agg(distinct kind) as kinds from catalogue.certificates_report
                where product_id = p.product_id and (expires is null or expires >= $3)
            ) c on true
            left join lateral (
                select sum(quantity) as quantity from orders.sales_report
                where product_id = p.product_id and placed_at > $2::timestamptz - interval '90 days'
            ) sold on true
        ), gone as (
            update search.documents d set visible = false, changed_by = pg_current_xact_id(), indexed_at = $2
            where product_id = any($1) and visible
              and not exists (select from source where source.product_id = d.product_id)
        )
        insert into search.documents as d
               (product_id, visible, lapses_on, name, name_en, slug, seller_id, seller_name, seller_slug, commune_code,
                category_slug, category_path, brand, skus, price, list_price, several, unit, picture, certificates,
                for_business, in_stock, sold_90_days, body, published_at, indexed_at)
        select *, $2 from source
        on conflict (product_id) do update set
            changed_by = pg_current_xact_id(), visible = excluded.visible, lapses_on = excluded.lapses_on,
            name = excluded.name, name_en = excluded.name_en, slug = excluded.slug, seller_id = excluded.seller_id,
            seller_name = excluded.seller_name, seller_slug = excluded.seller_slug, commune_code = excluded.commune_code,
            category_slug = excluded.category_slug, category_path = excluded.category_path, brand = excluded.brand,
            skus = excluded.skus, price = excluded.price, list_price = excluded.list_price, several = excluded.several,
            unit = excluded.unit, picture = excluded.picture, certificates = excluded.certificates,
            for_business = excluded.for_business, in_stock = excluded.in_stock, sold_90_days = excluded.sold_90_days,
            body = excluded.body, published_at = excluded.published_at, indexed_at = excluded.indexed_at
        where $4 or
            (d.visible, d.lapses_on, d.name, d.name_en, d.slug, d.seller_id, d.seller_name, d.seller_slug,
             d.commune_code, d.category_slug, d.category_path, d.brand, d.skus, d.price, d.list_price, d.several, d.unit,
             d.picture, d.certificates, d.for_business, d.in_stock, d.sold_90_days, d.body, d.published_at)
            is distinct from
            (excluded.visible, excluded.lapses_on, excluded.name, excluded.name_en, excluded.slug, excluded.seller_id,
             excluded.seller_name, excluded.seller_slug, excluded.commune_code, excluded.category_slug,
             excluded.category_path, excluded.brand, excluded.skus, excluded.price, excluded.list_price,
             excluded.several, excluded.unit, excluded.picture, excluded.certificates, excluded.for_business,
             excluded.in_stock, excluded.sold_90_days, excluded.body, excluded.published_at)"#,
        products,
        now,
        today,
        force,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
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

/// The documents of these ids.
pub(super) async fn documents(
    db: &mut PgConnection,
    products: &[Uuid],
) -> sqlx::Result<Vec<Document>> {
    sqlx::query_as!(
        Document,
        r#"select product_id as "product: ProductId", visible, lapses_on, name, name_en,
                  seller_id as "seller: SellerId", seller_name, commune_code, category_path, brand, skus,
                  price as "price: Vnd", certificates, for_business, in_stock, sold_90_days, body, published_at
           from search.documents where product_id = any($1)"#,
        products
    )
    .fetch_all(db)
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
                  d.list_price as "list_price: Vnd", d.several, d.unit, d.picture, d.certificates, d.for_business,
                  exists (select from catalogue.variants_report v
                          join stock.levels_report l on l.variant_id = v.variant_id
                          where v.product_id = d.product_id and l.available > 0) as "in_stock!",
                  coalesce(d.skus[1], '') as "sku!"
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
