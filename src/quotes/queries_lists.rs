//! The SQL statements behind the lists of both sides: each is bounded, however many requests there are.

use super::{
    machine::{QuoteState, RequestState},
    pages::lists::Listed,
};
use crate::kernel::{Cursor, OrgId, SellerId, Vnd};
use sqlx::{PgExecutor, Postgres, QueryBuilder, Row, postgres::PgRow};

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

/// One page of a firm's requests; one row more tells whether there are more.
pub(super) async fn of_org(
    db: impl PgExecutor<'_>,
    org: OrgId,
    state: Option<RequestState>,
    from: Cursor,
    most: i64,
) -> sqlx::Result<Vec<Listed>> {
    let mut query = QueryBuilder::new(
        "select r.id, r.id as cursor, r.sent_at as at, r.code, r.title, r.org_name, r.sealed, r.closes_at, r.state,
                null::text as quote, false as pending, (select total from quotes.awards a where a.request_id = r.id) as total,
                (select count(*) from quotes.quotes q where q.request_id = r.id and q.offer is not null) as offers,
                (select count(*) from quotes.quotes q where q.request_id = r.id) as invited,
                (select string_agg(name, ', ' order by position) from
                    (select name, position from quotes.lines l where l.request_id = r.id order by position limit 3) few) as goods,
                (select count(*) from quotes.lines l where l.request_id = r.id) as kinds
         from quotes.requests r where r.org_id = ",
    );
    query.push_bind(org.0);
    if let Some(state) = state {
        query.push(" and r.state = ").push_bind(state.code());
    }
    turn(&mut query, from, ("r.sent_at", "r.id"), most);
    query.build().fetch_all(db).await?.iter().map(listed).collect()
}

/// One page of what a seller was asked; one row more tells whether there are more.
pub(super) async fn of_seller(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    state: Option<QuoteState>,
    from: Cursor,
    most: i64,
) -> sqlx::Result<Vec<Listed>> {
    let mut query = QueryBuilder::new(
        "select r.id, q.id as cursor, q.invited_at as at, r.code, r.title, r.org_name, r.sealed, r.closes_at, r.state,
                q.state as quote, q.pending is not null as pending, q.total, 0::bigint as offers, 0::bigint as invited,
                (select string_agg(name, ', ' order by position) from
                    (select name, position from quotes.lines l where l.request_id = r.id order by position limit 3) few) as goods,
                (select count(*) from quotes.lines l where l.request_id = r.id) as kinds
         from quotes.quotes q join quotes.requests r on r.id = q.request_id where q.seller_id = ",
    );
    query.push_bind(seller.0);
    if let Some(state) = state {
        query.push(" and q.state = ").push_bind(state.code());
    }
    turn(&mut query, from, ("q.invited_at", "q.id"), most);
    query.build().fetch_all(db).await?.iter().map(listed).collect()
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
