//! SQL of the adapter `Plain`: finding in the documents themselves.

use super::{BANDS, Facets, QUANTITIES, Query, Setting, Sort};
use crate::kernel::{ProductId, SellerId};
use sqlx::{PgConnection, Postgres, QueryBuilder, Row};
use uuid::Uuid;

/// Whether a row passes the filters of one group, and the column that says so.
const GROUPS: [&str; 7] = [
    "commune_ok",
    "certificate_ok",
    "quantity_ok",
    "seller_ok",
    "stock_ok",
    "price_ok",
    "delivered_ok",
];

/// All groups but one; every group with an empty name.
fn all_but(group: &str) -> String {
    let others = GROUPS.iter().filter(|other| **other != group);
    others.copied().collect::<Vec<_>>().join(" and ")
}

/// `price >= 0 and price < 50000 or …`
fn ranges(
    sql: &mut QueryBuilder<Postgres>,
    column: &str,
    ranges: impl Iterator<Item = (i64, i64)>,
) {
    let mut is_first = true;
    for (from, below) in ranges {
        sql.push(if is_first { "" } else { " or " }).push(column).push(" >= ").push_bind(from);
        sql.push(" and ").push(column).push(" < ").push_bind(below);
        is_first = false;
    }
    if is_first {
        sql.push("true");
    }
}

/// Matches before the filters of groups, each with whether it passes each group's.
fn base(query: &Query, words: &str, setting: &Setting) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new(
        "with base as materialized (select product_id, price, commune_code, category_path, certificates,
                trade_quantity, seller_id, in_stock, sold_90_days, published_at, ",
    );
    if words.is_empty() {
        sql.push("1.0::real");
    } else {
        sql.push("ts_rank(words, to_tsquery('simple', ").push_bind(words.to_owned()).push("))");
    }
    sql.push(" as rank, ").push_bind(query.communes.clone()).push(" = '{}' or commune_code = any(");
    sql.push_bind(query.communes.clone()).push(") as commune_ok, ");
    sql.push_bind(query.certificates.clone()).push(" = '{}' or certificates && ");
    sql.push_bind(query.certificates.clone()).push(" as certificate_ok, (");
    sql.push("(not ").push_bind(query.business).push(" or trade_quantity is not null) and (");
    let chosen = query.quantities.iter().map(|i| (QUANTITIES[*i].from, QUANTITIES[*i].below));
    ranges(&mut sql, "trade_quantity", chosen);
    let sellers: Vec<Uuid> = query.sellers.iter().map(|seller| seller.0).collect();
    sql.push(")) as quantity_ok, ").push_bind(sellers.clone()).push(" = '{}' or seller_id = any(");
    sql.push_bind(sellers).push(") as seller_ok, not ");
    sql.push_bind(query.in_stock).push(" or in_stock as stock_ok, price between ");
    sql.push_bind(query.price_min.unwrap_or(0)).push(" and ");
    sql.push_bind(query.price_max.unwrap_or(i64::MAX)).push(" and (");
    ranges(&mut sql, "price", query.bands.iter().map(|i| (BANDS[*i].from, BANDS[*i].below)));
    let far: Vec<Uuid> =
        setting.place.iter().flat_map(|place| place.out_of_reach.iter().map(|s| s.0)).collect();
    sql.push(") as price_ok, not (seller_id = any(").push_bind(far).push(")) as is_reached, not ");
    sql.push_bind(query.delivered && setting.place.is_some()).push(" or not (seller_id = any(");
    let far: Vec<Uuid> =
        setting.place.iter().flat_map(|place| place.out_of_reach.iter().map(|s| s.0)).collect();
    sql.push_bind(far).push(")) as delivered_ok");
    sql.push(" from search.documents where visible and (lapses_on is null or lapses_on > ");
    sql.push_bind(setting.today).push(")");
    if !words.is_empty() {
        sql.push(" and (words @@ to_tsquery('simple', ").push_bind(words.to_owned());
        sql.push(") or codes @> array[").push_bind(query.q.trim().to_owned()).push("])");
    }
    if let Some(category) = &query.category {
        sql.push(" and category_path @> array[").push_bind(category.clone()).push("]");
    }
    if let Some(seller) = query.seller {
        sql.push(" and seller_id = ").push_bind(seller.0);
    }
    sql.push(") ");
    sql
}

/// The ids of one page.
pub(super) async fn page(
    db: &mut PgConnection,
    query: &Query,
    words: &str,
    setting: &Setting,
) -> sqlx::Result<Vec<ProductId>> {
    let mut sql = base(query, words, setting);
    sql.push("select product_id from base where ").push(all_but("")).push(" order by ");
    sql.push(match query.sort {
        Sort::Relevance => {
            "rank * (1 + 0.01 * ln(1 + sold_90_days)) * (case when in_stock then 1 else 0.5 end) desc,"
        }
        Sort::PriceUp => "price,",
        Sort::PriceDown => "price desc,",
        Sort::Newest => "",
        Sort::BestSelling => "sold_90_days desc,",
    });
    sql.push(" published_at desc, product_id desc limit ").push_bind(query.length() as i64);
    sql.push(" offset ").push_bind(i64::try_from(query.offset()).unwrap_or(i64::MAX));
    let rows = sql.build().fetch_all(db).await?;
    rows.into_iter().map(|row| row.try_get::<Uuid, _>(0).map(ProductId)).collect()
}

/// All counts, and the total.
pub(super) async fn counts(
    db: &mut PgConnection,
    query: &Query,
    words: &str,
    setting: &Setting,
) -> sqlx::Result<(usize, Facets)> {
    let mut sql = base(query, words, setting);
    let counted = [
        ("total", "''", "", "", ""),
        ("category", "slug", ", unnest(category_path) as slug", "", ""),
        ("commune", "commune_code", "", "commune_ok", ""),
        ("certificate", "kind", ", unnest(certificates) as kind", "certificate_ok", ""),
        ("seller", "seller_id::text", "", "seller_ok", ""),
        ("business", "''", "", "quantity_ok", "trade_quantity is not null and "),
        ("in_stock", "''", "", "stock_ok", "in_stock and "),
        ("delivered", "''", "", "delivered_ok", "is_reached and "),
    ];
    sql.push("select * from (");
    for (facet, key, from, group, only) in counted {
        sql.push(format!(
            "select '{facet}' as facet, {key} as key, count(*) as n from base{from} where {only}{} group by 2 union all ",
            all_but(group)
        ));
    }
    sql.push("select 'quantity', width_bucket(trade_quantity, ");
    sql.push_bind(QUANTITIES.map(|range| range.from).to_vec());
    sql.push(")::text, count(*) from base where trade_quantity is not null and ");
    sql.push(all_but("quantity_ok"))
        .push(" group by 2 union all select 'band', width_bucket(price, ");
    sql.push_bind(BANDS.map(|band| band.from).to_vec());
    sql.push(")::text, count(*) from base where ").push(all_but("price_ok"));
    sql.push(" group by 2) facets order by n desc, key");
    let (mut total, mut facets) = (0, Facets::default());
    for row in sql.build().fetch_all(db).await? {
        let (facet, key): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let n = u32::try_from(row.try_get::<i64, _>(2)?).unwrap_or(u32::MAX);
        match facet.as_str() {
            "total" => total = n as usize,
            "category" => facets.categories.push((key, n)),
            "commune" => facets.communes.push((key, n)),
            "certificate" => facets.certificates.push((key, n)),
            "seller" => facets.sellers.extend(key.parse().ok().map(|id: SellerId| (id, n))),
            "business" => facets.business = n,
            "in_stock" => facets.in_stock = n,
            "delivered" => facets.delivered = n,
            "quantity" => bucket(&mut facets.quantities, &key, n),
            _ => bucket(&mut facets.bands, &key, n),
        }
    }
    if setting.place.is_none() {
        facets.delivered = 0;
    }
    Ok((total, facets))
}

/// `width_bucket` counts from one.
fn bucket(counts: &mut [u32], key: &str, n: u32) {
    let at = key.parse::<usize>().unwrap_or_default().checked_sub(1);
    if let Some(sum) = at.and_then(|at| counts.get_mut(at)) {
        *sum = n;
    }
}
