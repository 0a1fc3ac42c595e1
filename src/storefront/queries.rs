//! What the storefront reads of others, by their report views alone.

use crate::kernel::{Day, ProductId, SellerId};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// A shop as lists show it.
#[derive(Debug, Clone)]
pub(super) struct Shop {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) commune_code: String,
    pub(super) listings: i64,
}

/// Admitted shops whose name begins with one of `letters` (none: all), in `communes` (none: all), by name.
pub(super) async fn shops(
    db: &mut PgConnection,
    commune: &str,
    letters: &[String],
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<Shop>> {
    sqlx::query_as!(
        Shop,
        r#"select s.slug as "slug!", s.shop_name as "name!", s.kind as "kind!",
                  s.commune_code as "commune_code!", coalesce(d.listings, 0) as "listings!"
           from enterprises.sellers_report s left join search.shops_report d on d.seller_id = s.seller_id
           where s.state = 'approved' and ($1 = '' or s.commune_code = $1)
             and ($2::text[] = '{}' or lower(left(s.shop_name, 1)) = any($2))
           order by lower(s.shop_name), s.seller_id limit $3 offset $4"#,
        commune,
        letters,
        limit,
        offset
    )
    .fetch_all(db)
    .await
}

pub(super) async fn count_shops(
    db: &mut PgConnection,
    commune: &str,
    letters: &[String],
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from enterprises.sellers_report
           where state = 'approved' and ($1 = '' or commune_code = $1)
             and ($2::text[] = '{}' or lower(left(shop_name, 1)) = any($2))"#,
        commune,
        letters
    )
    .fetch_one(db)
    .await
}

/// The communes with admitted shops, and how many each has.
pub(super) async fn communes_of_shops(db: &mut PgConnection) -> sqlx::Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"select commune_code as "code!", count(*) as "n!" from enterprises.sellers_report
           where state = 'approved' group by 1 order by 2 desc, 1"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, row.n)).collect())
}

/// The shop of an address and its state.
pub(super) async fn shop_of(
    db: &mut PgConnection,
    slug: &str,
) -> sqlx::Result<Option<(SellerId, String)>> {
    let row = sqlx::query!(
        r#"select seller_id as "seller!: SellerId", state as "state!"
           from enterprises.sellers_report where slug = $1"#,
        slug
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.seller, row.state)))
}

/// The names of these shops, whatever their state.
pub(super) async fn shop_names(
    db: &mut PgConnection,
    sellers: &[SellerId],
) -> sqlx::Result<HashMap<SellerId, String>> {
    let ids: Vec<Uuid> = sellers.iter().map(|seller| seller.0).collect();
    let rows = sqlx::query!(
        r#"select seller_id as "seller!: SellerId", shop_name as "name!"
           from enterprises.sellers_report where seller_id = any($1)"#,
        &ids
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.seller, row.name)).collect())
}

/// The names of all admitted shops.
pub(super) async fn all_shop_names(db: &mut PgConnection) -> sqlx::Result<Vec<(SellerId, String)>> {
    let rows = sqlx::query!(
        r#"select seller_id as "seller!: SellerId", shop_name as "name!"
           from enterprises.sellers_report where state = 'approved'"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.seller, row.name)).collect())
}

/// Of these shops those that are admitted now.
pub(super) async fn shops_of(
    db: &mut PgConnection,
    sellers: &[SellerId],
) -> sqlx::Result<Vec<Shop>> {
    let ids: Vec<Uuid> = sellers.iter().map(|seller| seller.0).collect();
    sqlx::query_as!(
        Shop,
        r#"select slug as "slug!", shop_name as "name!", kind as "kind!",
                  commune_code as "commune_code!", 0::bigint as "listings!"
           from enterprises.sellers_report where state = 'approved' and seller_id = any($1)
           order by array_position($1, seller_id)"#,
        &ids
    )
    .fetch_all(db)
    .await
}

/// The admitted shops with the most listings.
pub(super) async fn biggest_shops(db: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<Shop>> {
    sqlx::query_as!(
        Shop,
        r#"select s.slug as "slug!", s.shop_name as "name!", s.kind as "kind!",
                  s.commune_code as "commune_code!", d.listings as "listings!"
           from search.shops_report d join enterprises.sellers_report s on s.seller_id = d.seller_id
           where s.state = 'approved' order by d.listings desc, s.shop_name limit $1"#,
        limit
    )
    .fetch_all(db)
    .await
}

/// The addresses of what is listed, for search engines: products (a page of them) and shops.
pub(super) async fn listed_slugs(
    db: &mut PgConnection,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select p.slug as "slug!" from catalogue.products_report p
           join enterprises.sellers_report s on s.seller_id = p.seller_id and s.state = 'approved'
           where p.state = 'published' order by p.product_id limit $1 offset $2"#,
        limit,
        offset
    )
    .fetch_all(db)
    .await
}

pub(super) async fn count_listed(db: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "n!" from catalogue.listings_report"#)
        .fetch_one(db)
        .await
}

/// A product as of now: whether it may be shown, and a digest of all that its page shows and that may
/// change by the minute.
#[derive(Debug, Clone)]
pub(super) struct Pulse {
    pub(super) product: ProductId,
    pub(super) visible: bool,
    pub(super) digest: String,
}

/// The one statement of a product's page that is kept in memory.
pub(super) async fn pulse(
    db: &mut PgConnection,
    slug: &str,
    today: Day,
) -> sqlx::Result<Option<Pulse>> {
    sqlx::query_as!(
        Pulse,
        r#"select p.product_id as "product!: ProductId",
                  p.state = 'published' and s.state = 'approved' and (p.lapses_on is null or p.lapses_on > $2) as "visible!",
                  p.version || ' ' || s.version || ' ' ||
                  (select coalesce(string_agg(v.price || ':' || coalesce(l.available, 0), ' ' order by v.position), '')
                   from catalogue.variants_report v left join stock.levels_report l on l.variant_id = v.variant_id
                   where v.product_id = p.product_id) || ' ' ||
                  (select coalesce(string_agg(o.voucher_id || ':' || o.version, ' ' order by o.voucher_id), '')
                   from promotions.offers_report o
                   where o.seller_id = p.seller_id and $2 between o.starts_on and o.ends_on) || ' ' ||
                  coalesce((select t.version from reviews.totals_report t
                            where t.kind = 'product' and t.subject_id = p.product_id), 0) as "digest!"
           from catalogue.products_report p join enterprises.sellers_report s on s.seller_id = p.seller_id
           where p.slug = $1"#,
        slug,
        today
    )
    .fetch_optional(db)
    .await
}
