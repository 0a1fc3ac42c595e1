//! The SQL statements behind the lists of both sides: each is bounded, however many requests there are.

use super::{
    machine::{QuoteState, RequestState},
    pages::lists::Listed,
};
use crate::kernel::{Cursor, OrgId, SellerId, Vnd};
use sqlx::{PgExecutor, Postgres, QueryBuilder, Row, postgres::PgRow};
use uuid::Uuid;

/// Counts stop here: "99+" says enough.
pub(super) const COUNTED: i64 = 100;

/// From a cursor on, newest first or backwards, by these two columns.
fn turn(query: &mut QueryBuilder<Postgres>, from: Cursor, (at, id): (&str, &str), most: i64) {
    match from {
        Cursor::Start => {}
        Cursor::After(moment, row) => {
            query.push(format!(" and ({at}, {id}) < ("));
            query.push_bind(moment).push(", ").push_bind(row).push(")");
        }
        Cursor::Before(moment, row) => {
            query.push(format!(" and ({at}, {id}) > ("));
            query.push_bind(moment).push(", ").push_bind(row).push(")");
        }
    }
    let order = if matches!(from, Cursor::Before(..)) { "" } else { " desc" };
    query.push(format!(" order by {at}{order}, {id}{order} limit ")).push_bind(most);
}

fn listed(row: &PgRow) -> sqlx::Result<Listed> {
    Ok(Listed {
        id: row.try_get("id")?,
        cursor: row.try_get("cursor")?,
        at: row.try_get("at")?,
        code: row.try_get("code")?,
        title: row.try_get("title")?,
        org_name: row.try_get("org_name")?,
        sealed: row.try_get("sealed")?,
        closes_at: row.try_get("closes_at")?,
        state: row.try_get::<RequestState, _>("state")?,
        quote: row.try_get::<Option<QuoteState>, _>("quote")?,
        pending: row.try_get("pending")?,
        total: row.try_get::<Option<i64>, _>("total")?.map(Vnd),
        offers: row.try_get("offers")?,
        invited: row.try_get("invited")?,
        goods: row.try_get::<Option<String>, _>("goods")?.unwrap_or_default(),
        kinds: row.try_get("kinds")?,
    })
}

/// What both lists show of a request.
const REQUEST: &str = "r.id, r.code, r.title, r.org_name, r.sealed, r.closes_at, r.state,
    (select string_agg(name, ', ' order by position) from
        (select name, position from quotes.lines l where l.request_id = r.id order by position limit 3) few) as goods,
    (select count(*) from quotes.lines l where l.request_id = r.id) as kinds, ";

/// A firm's own side of it.
const BUYERS: &str = "r.id as cursor, r.sent_at as at, null::text as quote, false as pending,
    (select total from quotes.awards a where a.request_id = r.id) as total,
    (select count(*) from quotes.quotes q where q.request_id = r.id and q.offer is not null) as offers,
    (select count(*) from quotes.quotes q where q.request_id = r.id) as invited
    from quotes.requests r where r.org_id = ";

/// A seller's own side of it.
const SELLERS: &str =
    "q.id as cursor, q.invited_at as at, q.state as quote, q.pending is not null as pending,
    q.total, 0::bigint as offers, 0::bigint as invited
    from quotes.quotes q join quotes.requests r on r.id = q.request_id where q.seller_id = ";

/// One page of a list of `owner`, perhaps in one state alone; one row more tells whether there are more.
async fn page(
    db: impl PgExecutor<'_>,
    (side, owner): (&str, Uuid),
    (column, state): (&str, Option<&str>),
    (from, by): (Cursor, (&str, &str)),
    most: i64,
) -> sqlx::Result<Vec<Listed>> {
    let mut query = QueryBuilder::new(format!("select {REQUEST}{side}"));
    query.push_bind(owner);
    if let Some(state) = state {
        query.push(format!(" and {column} = ")).push_bind(state.to_owned());
    }
    turn(&mut query, from, by, most);
    query.build().fetch_all(db).await?.iter().map(listed).collect()
}

/// One page of a firm's requests.
pub(super) async fn of_org(
    db: impl PgExecutor<'_>,
    org: OrgId,
    state: Option<RequestState>,
    from: Cursor,
    most: i64,
) -> sqlx::Result<Vec<Listed>> {
    let state = state.map(RequestState::code);
    let by = (from, ("r.sent_at", "r.id"));
    page(db, (BUYERS, org.0), ("r.state", state), by, most).await
}

/// One page of what a seller was asked.
pub(super) async fn of_seller(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    state: Option<QuoteState>,
    from: Cursor,
    most: i64,
) -> sqlx::Result<Vec<Listed>> {
    let state = state.map(QuoteState::code);
    let by = (from, ("q.invited_at", "q.id"));
    page(db, (SELLERS, seller.0), ("q.state", state), by, most).await
}

/// How many requests of a firm stand in each state, at most [`COUNTED`] of each. The order leads to the index.
pub(super) async fn count_requests(
    db: impl PgExecutor<'_>,
    org: OrgId,
) -> sqlx::Result<Vec<(String, i64)>> {
    let states: Vec<String> = RequestState::ALL.iter().map(|s| s.code().to_owned()).collect();
    let rows = sqlx::query!(
        r#"select s.state as "state!", n.n as "n!"
           from unnest($2::text[]) s (state), lateral (
               select count(*) as n from (
                   select from quotes.requests r where r.org_id = $1 and r.state = s.state
                   order by r.sent_at desc limit $3) few) n"#,
        org.0,
        &states,
        COUNTED,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.state, row.n)).collect())
}

/// How many quotes of a seller stand in each state, at most [`COUNTED`] of each.
pub(super) async fn count_quotes(
    db: impl PgExecutor<'_>,
    seller: SellerId,
) -> sqlx::Result<Vec<(String, i64)>> {
    let states: Vec<String> = QuoteState::ALL.iter().map(|s| s.code().to_owned()).collect();
    let rows = sqlx::query!(
        r#"select s.state as "state!", n.n as "n!"
           from unnest($2::text[]) s (state), lateral (
               select count(*) as n from (
                   select from quotes.quotes q where q.seller_id = $1 and q.state = s.state
                   order by q.invited_at desc limit $3) few) n"#,
        seller.0,
        &states,
        COUNTED,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.state, row.n)).collect())
}
