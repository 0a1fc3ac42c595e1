//! SQL of the adapter `Plain`: finding in the documents themselves.

use super::{BANDS, Facets, Query, Sort};
use crate::kernel::{Day, ProductId};
use sqlx::{PgConnection, Postgres, QueryBuilder, Row};
use uuid::Uuid;

/// Matches before the filters of groups, each with whether it passes each group's.
fn base<'q>(query: &'q Query, words: &'q str, today: Day) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new(
        "with base as materialized (select product_id, price, commune_code, category_path, certificates,
                for_business, in_stock, sold_90_days, published_at, ",
    );
    if words.is_empty() {
        sql.push("1.0::real");
    } else {
        sql.push("ts_rank(words, to_tsquery('simple', ").push_bind(words.to_owned()).push("))");
    }
    sql.push(" as rank, ").push_bind(query.communes.clone()).push(" = '{}' or commune_code = any(");
    sql.push_bind(query.communes.clone()).push(") as commune_ok, ");
    sql.push_bind(query.certificates.clone()).push(" = '{}' or certificates && ");
    sql.push_bind(query.certificates.clone()).push(" as certificate_ok, ");
    sql.push("not ").push_bind(query.business).push(" or for_business as business_ok, ");
    sql.push("not ").push_bind(query.in_stock).push(" or in_stock as stock_ok, price between ");
    sql.push_bind(query.price_min.unwrap_or(0)).push(" and ");
    sql.push_bind(query.price_max.unwrap_or(i64::MAX)).push(" and (");
    if query.bands.is_empty() {
        sql.push("true");
    }
    for (i, band) in query.bands.iter().map(|i| BANDS[*i]).enumerate() {
        sql.push(if i > 0 { " or price >= " } else { "price >= " }).push_bind(band.from);
        sql.push(" and price < ").push_bind(band.below);
    }
    sql.push(
        ") as price_ok from search.documents where visible and (lapses_on is null or lapses_on > ",
    );
    sql.push_bind(today).push(")");
    if !words.is_empty() {
        sql.push(" and words @@ to_tsquery('simple', ").push_bind(words.to_owned()).push(")");
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
    today: Day,
    limit: usize,
) -> sqlx::Result<Vec<ProductId>> {
    let mut sql = base(query, words, today);
    sql.push(
        "select product_id from base
         where commune_ok and certificate_ok and business_ok and stock_ok and price_ok order by ",
    );
    sql.push(match query.sort {
        Sort::Relevance => {
            "rank * (1 + 0.05 * ln(1 + sold_90_days)) * (case when in_stock then 1 else 0.5 end) desc,"
        }
        Sort::PriceUp => "price,",
        Sort::PriceDown => "price desc,",
        Sort::Newest => "",
        Sort::BestSelling => "sold_90_days desc,",
    });
    sql.push(" published_at desc, product_id desc limit ").push_bind(limit as i64);
    sql.push(" offset ").push_bind(query.offset() as i64);
    let rows = sql.build().fetch_all(db).await?;
    rows.into_iter().map(|row| row.try_get::<Uuid, _>(0).map(ProductId)).collect()
}

/// All counts, and the total under the name `total`.
pub(super) async fn counts(
    db: &mut PgConnection,
    query: &Query,
    words: &str,
    today: Day,
) -> sqlx::Result<(usize, Facets)> {
    let mut sql = base(query, words, today);
    sql.push(
        "select * from (
         select 'total' as facet, '' as key, count(*) as n from base
          where commune_ok and certificate_ok and business_ok and stock_ok and price_ok
         union all select 'category', slug, count(*) from base, unnest(category_path) as slug
          where commune_ok and certificate_ok and business_ok and stock_ok and price_ok group by 2
         union all select 'commune', commune_code, count(*) from base
          where certificate_ok and business_ok and stock_ok and price_ok group by 2
         union all select 'certificate', kind, count(*) from base, unnest(certificates) as kind
          where commune_ok and business_ok and stock_ok and price_ok group by 2
         union all select 'business', '', count(*) from base
          where for_business and commune_ok and certificate_ok and stock_ok and price_ok
         union all select 'in_stock', '', count(*) from base
          where in_stock and commune_ok and certificate_ok and business_ok and price_ok
         union all select 'band', width_bucket(price, ",
    );
    sql.push_bind(BANDS.map(|band| band.from).to_vec());
    sql.push(
        ")::text, count(*) from base
          where commune_ok and certificate_ok and business_ok and stock_ok group by 2) facets
         order by n desc, key",
    );
    let (mut total, mut facets) = (0, Facets::default());
    for row in sql.build().fetch_all(db).await? {
        let (facet, key): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let n = u32::try_from(row.try_get::<i64, _>(2)?).unwrap_or(u32::MAX);
        match facet.as_str() {
            "total" => total = n as usize,
            "category" => facets.categories.push((key, n)),
            "commune" => facets.communes.push((key, n)),
            "certificate" => facets.certificates.push((key, n)),
            "business" => facets.business = n,
            "in_stock" => facets.in_stock = n,
            _ => {
                let band = key.parse::<usize>().unwrap_or(0).checked_sub(1);
                if let Some(sum) = band.and_then(|band| facets.bands.get_mut(band)) {
                    *sum = n;
                }
            }
        }
    }
    Ok((total, facets))
}
