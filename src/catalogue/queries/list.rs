//! Lists: the seller's goods, and what waits for a reviewer.

use crate::{
    catalogue::model::State,
    kernel::{Day, Place, ProductId, SellerId, VariantId},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::{PgConnection, types::Json};

/// Rows of a page.
const PAGE: i64 = 25;

pub(in crate::catalogue) struct Filter {
    /// Folded.
    pub(in crate::catalogue) words: String,
    pub(in crate::catalogue) state: Option<State>,
    /// Any variant with at most so many for sale.
    pub(in crate::catalogue) low: Option<i64>,
    pub(in crate::catalogue) after: Option<Place>,
}

#[derive(Deserialize)]
pub(in crate::catalogue) struct LineForm {
    pub(in crate::catalogue) id: VariantId,
    pub(in crate::catalogue) sku: String,
    pub(in crate::catalogue) label: String,
    pub(in crate::catalogue) price: i64,
    pub(in crate::catalogue) on_hand: i64,
    pub(in crate::catalogue) reserved: i64,
    pub(in crate::catalogue) unlimited: bool,
}

pub(in crate::catalogue) struct Line {
    pub(in crate::catalogue) id: ProductId,
    pub(in crate::catalogue) name: String,
    pub(in crate::catalogue) state: State,
    pub(in crate::catalogue) state_reason: String,
    pub(in crate::catalogue) lapses_on: Option<Day>,
    pub(in crate::catalogue) updated_at: DateTime<Utc>,
    pub(in crate::catalogue) variants: Json<Vec<LineForm>>,
}

/// One page of a seller's goods, last changed first, and where the next one begins.
pub(in crate::catalogue) async fn page(
    db: &mut PgConnection,
    seller: SellerId,
    filter: &Filter,
) -> sqlx::Result<(Vec<Line>, Option<Place>)> {
    let mut rows = sqlx::query_as!(
        Line,
        r#"select p.id as "id: ProductId", p.name, p.state as "state: State", p.state_reason, p.lapses_on, p.updated_at,
                (select coalesce(json_agg(json_build_object('id', v.id, 'sku', v.sku, 'label', v.label,
                            'price', v.price, 'on_hand', coalesce(l.on_hand, 0), 'reserved', coalesce(l.reserved, 0),
                            'unlimited', coalesce(l.unlimited, false)) order by v.position), '[]')
                 from catalogue.variants v left join stock.levels_report l on l.variant_id = v.id
                 where v.product_id = p.id and v.removed_at is null) as "variants!: Json<Vec<LineForm>>"
         from catalogue.products p
         where p.seller_id = $1
           and ($2 = '' or p.folded like '%' || $2 || '%')
           and ($3::text is null or p.state = $3)
           and ($4::bigint is null or exists (
                 select 1 from catalogue.variants v join stock.levels_report l on l.variant_id = v.id
                 where v.product_id = p.id and v.removed_at is null and l.available <= $4))
           and ($5::timestamptz is null or (p.updated_at, p.id) < ($5, $6::uuid))
         order by p.updated_at desc, p.id desc limit $7"#,
        seller.0,
        filter.words,
        filter.state.map(State::code),
        filter.low,
        filter.after.map(|(at, _)| at),
        filter.after.map(|(_, id)| id),
        PAGE + 1,
    )
    .fetch_all(db)
    .await?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|r| (r.updated_at, r.id.0));
    Ok((rows, next))
}

/// How many of a seller's goods stand where.
pub(in crate::catalogue) async fn counts(
    db: &mut PgConnection,
    seller: SellerId,
) -> sqlx::Result<Vec<(State, i64)>> {
    let rows = sqlx::query!(
        r#"select state as "state: State", count(*) as "n!" from catalogue.products
         where seller_id = $1 group by state"#,
        seller.0,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (r.state, r.n)).collect())
}

/// A row of the reviewers' list.
pub(in crate::catalogue) struct Waiting {
    pub(in crate::catalogue) id: ProductId,
    pub(in crate::catalogue) name: String,
    pub(in crate::catalogue) category_slug: String,
    pub(in crate::catalogue) shop_name: String,
    pub(in crate::catalogue) submitted_at: Option<DateTime<Utc>>,
    pub(in crate::catalogue) sorted_at: DateTime<Utc>,
    /// Papers that nobody has looked at.
    pub(in crate::catalogue) papers: i64,
}

/// What stands in one state, the longest waiting first; in all others, last changed first.
pub(in crate::catalogue) async fn by_state(
    db: &mut PgConnection,
    state: State,
    words: &str,
    after: Option<Place>,
) -> sqlx::Result<(Vec<Waiting>, Option<Place>)> {
    let mut rows = sqlx::query_as!(
        Waiting,
        r#"select p.id as "id: ProductId", p.name, p.category_slug,
                s.shop_name as "shop_name!", p.submitted_at, coalesce(p.submitted_at, p.updated_at) as "sorted_at!",
                (select count(*) from catalogue.certificates c
                 where c.product_id = p.id and c.state = 'submitted') as "papers!"
         from catalogue.products p join enterprises.sellers_report s on s.seller_id = p.seller_id
         where p.state = $1 and ($2 = '' or p.folded like '%' || $2 || '%')
           and ($3::timestamptz is null or (coalesce(p.submitted_at, p.updated_at), p.id) > ($3, $4::uuid))
         order by coalesce(p.submitted_at, p.updated_at), p.id limit $5"#,
        state.code(),
        words,
        after.map(|(at, _)| at),
        after.map(|(_, id)| id),
        PAGE + 1,
    )
    .fetch_all(db)
    .await?;
    let more = rows.len() as i64 > PAGE;
    rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|r| (r.sorted_at, r.id.0));
    Ok((rows, next))
}

/// How many listings wait for a reviewer.
pub(in crate::catalogue) async fn waiting(db: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from catalogue.products where state = 'in_review'"#
    )
    .fetch_one(db)
    .await
}
