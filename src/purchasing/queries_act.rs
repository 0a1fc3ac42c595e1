//! The SQL statements that move purchase orders on.

use super::{deliver::Sending, model::PoState};
use crate::kernel::{Cx, Day, OrderId, SellerId, Vnd};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

pub(super) async fn move_on(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    (to, version): (PoState, i32),
    changed: bool,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update purchasing.orders set state = $2, version = $3,
                state_since = case when $4 then $5 else state_since end
         where id = $1",
        id,
        to.code(),
        version,
        changed,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn confirmed(db: &mut PgConnection, cx: &Cx, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!("update purchasing.orders set confirmed_at = $2 where id = $1", id, cx.now)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn accepted(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    note: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update purchasing.orders set accepted_at = $2, accepted_by = $3, accept_note = $4 where id = $1",
        id,
        cx.now,
        cx.person().map(|p| p.0),
        note,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// When it was closed; `None`: it is owed again.
pub(super) async fn closed(
    db: &mut PgConnection,
    id: Uuid,
    at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    sqlx::query!("update purchasing.orders set closed_at = $2 where id = $1", id, at)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn hold_credit(db: &mut PgConnection, id: Uuid, held: Vnd) -> sqlx::Result<()> {
    sqlx::query!("update purchasing.orders set credit_held = $2 where id = $1", id, held.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Who proposes to cancel, and why; `None`: nobody.
pub(super) async fn cancel_asked(
    db: &mut PgConnection,
    id: Uuid,
    asks: Option<(&str, &str)>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update purchasing.orders set cancel_asked_by = $2, cancel_reason = $3 where id = $1",
        id,
        asks.map(|a| a.0),
        asks.map_or("", |a| a.1),
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn insert_instalment(
    db: &mut PgConnection,
    cx: &Cx,
    (id, order): (Uuid, Uuid),
    (kind, amount, due): (&str, Vnd, Day),
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into purchasing.instalments (id, order_id, nth, kind, amount, due_on, opened_at)
         select $1, $2, coalesce(max(nth), 0) + 1, $3, $4, $5, $6 from purchasing.instalments where order_id = $2",
        id,
        order,
        kind,
        amount.0,
        due,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn void_instalments(
    db: &mut PgConnection,
    cx: &Cx,
    order: Uuid,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update purchasing.instalments set voided_at = $2, paid_at = null where order_id = $1",
        order,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn set_paid(
    db: &mut PgConnection,
    instalment: Uuid,
    at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    sqlx::query!("update purchasing.instalments set paid_at = $2 where id = $1", instalment, at)
        .execute(db)
        .await?;
    Ok(())
}

/// Begins a delivery: its id and number.
pub(super) async fn insert_delivery(
    db: &mut PgConnection,
    cx: &Cx,
    order: Uuid,
    sending: &Sending<'_>,
) -> sqlx::Result<(Uuid, i32)> {
    let id = cx.new_id();
    let nth = sqlx::query_scalar!(
        "insert into purchasing.deliveries (id, order_id, nth, carrier, note, sent_at, sent_by)
         select $1, $2, coalesce(max(nth), 0) + 1, $3, $4, $5, $6 from purchasing.deliveries where order_id = $2
         returning nth",
        id,
        order,
        sending.carrier,
        sending.note,
        cx.now,
        cx.person().map(|p| p.0),
    )
    .fetch_one(db)
    .await?;
    Ok((id, nth))
}

/// Takes so much of a line on its way; `false` when less is open.
pub(super) async fn send_line(
    db: &mut PgConnection,
    order: Uuid,
    (delivery, position): (Uuid, i32),
    quantity: i64,
    pieces: i64,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "with sent as (
             update purchasing.lines set sent = sent + $4
             where order_id = $1 and position = $3 and sent + $4 <= quantity returning position)
         insert into purchasing.delivery_lines (delivery_id, position, quantity, pieces)
         select $2, position, $4, $5 from sent",
        order,
        delivery,
        position,
        quantity,
        pieces,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes what has arrived of a line; what is missing is open again.
pub(super) async fn receive_line(
    db: &mut PgConnection,
    order: Uuid,
    (delivery, position): (Uuid, i32),
    came: i64,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with arrived as (
             update purchasing.delivery_lines set received = $4
             where delivery_id = $2 and position = $3 and received is null returning quantity)
         update purchasing.lines l set sent = l.sent - (arrived.quantity - $4)
         from arrived where l.order_id = $1 and l.position = $3",
        order,
        delivery,
        position,
        came,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn received(
    db: &mut PgConnection,
    cx: &Cx,
    delivery: Uuid,
    remark: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update purchasing.deliveries set received_at = $2, received_by = $3, remark = $4 where id = $1",
        delivery,
        cx.now,
        cx.person().map(|p| p.0),
        remark,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn names(
    db: &mut PgConnection,
    payments: &[OrderId],
) -> sqlx::Result<HashMap<OrderId, (String, String)>> {
    let ids: Vec<Uuid> = payments.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select i.id, o.number || '-' || i.nth as "name!", o.buyer_name
           from purchasing.instalments i join purchasing.orders o on o.id = i.order_id where i.id = any($1)"#,
        &ids
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (OrderId(row.id), (row.name, row.buyer_name))).collect())
}

pub(super) async fn named(
    db: &mut PgConnection,
    seller: SellerId,
    number: &str,
    nth: i32,
) -> sqlx::Result<Option<OrderId>> {
    let id = sqlx::query_scalar!(
        "select i.id from purchasing.instalments i join purchasing.orders o on o.id = i.order_id
         where o.seller_id = $1 and o.number = $2 and i.nth = $3",
        seller.0,
        number,
        nth,
    )
    .fetch_optional(db)
    .await?;
    Ok(id.map(OrderId))
}
