//! The SQL statements of awards.

use super::{award::Won, model::Amount};
use crate::{
    kernel::{Cx, PersonId, Vnd},
    purchasing::PlacedPo,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// `false`: the request has been decided.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    request: Uuid,
    by: PersonId,
    (total, note): (Vnd, &str),
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into quotes.awards (request_id, chosen_by, chosen_at, total, note) values ($1, $2, $3, $4, $5)
         on conflict (request_id) do nothing",
        request,
        by.0,
        cx.now,
        total.0,
        note,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn insert_line(
    db: &mut PgConnection,
    request: Uuid,
    won: &Won,
) -> sqlx::Result<()> {
    let one = &won.chosen;
    sqlx::query!(
        "insert into quotes.award_lines (request_id, position, quote_id, version, choice, quantity, unit_price)
         values ($1, $2, $3, $4, $5, $6, $7)",
        request,
        one.position,
        one.quote,
        one.version,
        one.choice,
        one.quantity.0,
        won.price.0,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn insert_order(
    db: &mut PgConnection,
    request: Uuid,
    quote: Uuid,
    order: &PlacedPo,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into quotes.award_orders (quote_id, request_id, po_id, po_number) values ($1, $2, $3, $4)",
        quote,
        request,
        order.id,
        order.number,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A line as it was awarded.
pub(super) struct AwardLine {
    pub position: i32,
    pub quote: Uuid,
    pub choice: i32,
    pub quantity: Amount,
    pub price: Vnd,
}

pub(super) async fn lines(db: &mut PgConnection, request: Uuid) -> sqlx::Result<Vec<AwardLine>> {
    sqlx::query_as!(
        AwardLine,
        r#"select position, quote_id as quote, choice, quantity as "quantity: Amount", unit_price as "price: Vnd"
           from quotes.award_lines where request_id = $1 order by position"#,
        request,
    )
    .fetch_all(db)
    .await
}

/// A purchase order that came of an award.
pub(super) struct AwardOrder {
    pub quote: Uuid,
    pub number: String,
}

pub(super) async fn orders(db: &mut PgConnection, request: Uuid) -> sqlx::Result<Vec<AwardOrder>> {
    sqlx::query_as!(
        AwardOrder,
        "select quote_id as quote, po_number as number from quotes.award_orders
         where request_id = $1 order by po_number",
        request,
    )
    .fetch_all(db)
    .await
}
