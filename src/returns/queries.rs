//! The SQL statements that open and move `returns`. Whole returns and lists are in [`super::queries_read`].

use super::{
    machine::{Actor, State},
    model::{Case, Kind, Wish},
};
use crate::kernel::{Cx, OrderId, SellerId, Vnd};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// A return to be written.
pub(super) struct Fresh<'a> {
    pub id: Uuid,
    pub code: String,
    pub order: OrderId,
    pub order_code: &'a str,
    pub seller: SellerId,
    pub kind: Kind,
    pub wish: Wish,
    pub reason: &'a str,
    pub goods: Vnd,
    pub delivery: Vnd,
    pub due: Option<DateTime<Utc>>,
}

/// One line of it.
pub(super) struct FreshLine {
    pub position: i32,
    pub name: String,
    pub unit: String,
    pub quantity: i64,
    pub amount: Vnd,
}

/// Notes how much of each line came and what was paid for it: position, pieces, amount. Later it can only be more.
pub(super) async fn note_delivered(
    db: &mut PgConnection,
    order: OrderId,
    lines: &[(i32, i64, Vnd)],
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into returns.delivered as d (order_id, position, delivered, paid)
         select $1, l.position, l.quantity, l.paid
         from unnest($2::int[], $3::bigint[], $4::bigint[]) as l (position, quantity, paid)
         on conflict (order_id, position) do update set delivered = excluded.delivered, paid = excluded.paid
         where d.delivered < excluded.delivered",
        order.0,
        &lines.iter().map(|l| l.0).collect::<Vec<_>>(),
        &lines.iter().map(|l| l.1).collect::<Vec<_>>(),
        &lines.iter().map(|l| l.2.0).collect::<Vec<_>>(),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Claims pieces of a line and what was paid for them, rounded down; the last piece takes the rest. `None`: more
/// than is left.
pub(super) async fn claim(
    db: &mut PgConnection,
    order: OrderId,
    position: i32,
    quantity: i64,
) -> sqlx::Result<Option<Vnd>> {
    sqlx::query_scalar!(
        r#"with held as (
               select claimed, claimed_amount, delivered, paid from returns.delivered
               where order_id = $1 and position = $2 and $3 <= delivered - claimed for update
           ), part as (
               select case when claimed + $3 = delivered then paid - claimed_amount
                           else trunc(paid::numeric * $3 / delivered)::bigint end as amount from held
           ), done as (
               update returns.delivered d set claimed = d.claimed + $3, claimed_amount = d.claimed_amount + part.amount
               from part where d.order_id = $1 and d.position = $2 returning part.amount
           )
           select amount as "amount!: Vnd" from done"#,
        order.0,
        position,
        quantity,
    )
    .fetch_optional(db)
    .await
}

/// What a return claims is free again.
pub(super) async fn give_back(db: &mut PgConnection, case: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update returns.delivered d
         set claimed = d.claimed - l.quantity, claimed_amount = d.claimed_amount - l.amount
         from returns.lines l join returns.cases c on c.id = l.case_id
         where l.case_id = $1 and d.order_id = c.order_id and d.position = l.position",
        case
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes a return with its lines and pictures.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    new: &Fresh<'_>,
    lines: &[FreshLine],
    pictures: &[String],
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into returns.cases (id, code, order_id, order_code, seller_id, kind, wish, reason, state, state_since,
             due_at, goods_refund, delivery_refund, granted, requested_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'requested', $9, $10, $11::bigint, $12::bigint,
                 $11::bigint + $12::bigint, $9, $9)",
        new.id,
        new.code,
        new.order.0,
        new.order_code,
        new.seller.0,
        new.kind.code(),
        new.wish.code(),
        new.reason,
        cx.now,
        new.due,
        new.goods.0,
        new.delivery.0,
    )
    .execute(&mut *db)
    .await?;
    for line in lines {
        sqlx::query!(
            "insert into returns.lines (case_id, position, name, unit, quantity, amount) values ($1, $2, $3, $4, $5, $6)",
            new.id,
            line.position,
            line.name,
            line.unit,
            line.quantity,
            line.amount.0,
        )
        .execute(&mut *db)
        .await?;
    }
    for (position, key) in (0_i32..).zip(pictures) {
        sqlx::query!(
            "insert into returns.pictures (id, case_id, position, key, added_at) values ($1, $2, $3, $4, $5)",
            cx.new_id(),
            new.id,
            position,
            key,
            cx.now,
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// One entry of a return's history.
pub(super) struct NewEvent<'a> {
    pub case: Uuid,
    pub actor: Actor,
    pub event: &'a str,
    pub from: Option<State>,
    pub to: State,
    pub note: &'a str,
    /// The return's version after it.
    pub version: i32,
}

/// Writes one entry of the history.
pub(super) async fn insert_event(
    db: &mut PgConnection,
    cx: &Cx,
    new: &NewEvent<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into returns.events (id, case_id, at, actor_kind, actor, event, from_state, to_state, note, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        cx.new_id(),
        new.case,
        cx.now,
        new.actor.code(),
        cx.person().map(|p| p.0),
        new.event,
        new.from.map(State::code),
        new.to.code(),
        new.note,
        new.version,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The return, locked until the transaction ends.
pub(super) async fn lock(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Case>> {
    sqlx::query_as!(
        Case,
        r#"select id, code, order_id as "order: OrderId", order_code, seller_id as "seller: SellerId",
                  kind as "kind: Kind", wish as "wish: Wish", reason, state as "state: State", version,
                  due_at, goods_refund as "goods_refund: Vnd", delivery_refund as "delivery_refund: Vnd",
                  granted as "granted: Vnd", owed as "owed: Vnd", refund as "refund: Vnd", reference, requested_at
           from returns.cases where id = $1 for update"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// One move of a locked return.
pub(super) struct Step<'a> {
    pub case: &'a Case,
    pub to: State,
    pub due: Option<DateTime<Utc>>,
    pub granted: Vnd,
    pub refund: Option<Vnd>,
    /// `None`: as it was.
    pub reference: Option<&'a str>,
}

pub(super) async fn move_on(db: &mut PgConnection, cx: &Cx, step: &Step<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        "update returns.cases
         set state = $2, version = version + 1, due_at = $3, granted = $4, refund = $5,
             reference = coalesce($6, reference), state_since = $7, updated_at = $7
         where id = $1",
        step.case.id,
        step.to.code(),
        step.due,
        step.granted.0,
        step.refund.map(|r| r.0),
        step.reference,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What the payment knows to be owed for it.
pub(super) async fn set_owed(db: &mut PgConnection, id: Uuid, owed: Vnd) -> sqlx::Result<()> {
    sqlx::query!("update returns.cases set owed = $2 where id = $1", id, owed.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Returns whose clock has run out, longest first. What was ruled stays owed: no clock ends it.
pub(super) async fn due(
    db: impl PgExecutor<'_>,
    now: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select id from returns.cases
         where due_at <= $1 and state not in ('resolved_buyer', 'resolved_split') order by due_at limit $2",
        now,
        most
    )
    .fetch_all(db)
    .await
}
