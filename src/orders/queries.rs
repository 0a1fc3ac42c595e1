//! The SQL statements that move `orders`, and what commands need to know. New orders are in
//! [`super::queries_place`], lists in [`super::queries_lists`], whole orders in [`super::queries_read`].

use super::machine::{ActorKind, OrderState, Transition};
use crate::{
    kernel::{Cx, OrderId, SellerId},
    payments::PaymentMethod,
};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// One entry of an order's history.
pub(super) struct NewEvent<'a> {
    pub order: OrderId,
    pub actor: ActorKind,
    pub event: &'a str,
    pub from: Option<OrderState>,
    pub to: OrderState,
    pub note: &'a str,
    /// The order's version after it.
    pub version: i32,
}

/// Writes one entry of the history.
pub(super) async fn insert_event(
    db: &mut PgConnection,
    cx: &Cx,
    new: &NewEvent<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into orders.events (id, order_id, at, actor_kind, actor, event, from_state, to_state, note, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        cx.new_id(),
        new.order.0,
        cx.now,
        new.actor.code(),
        cx.person().map(|p| p.0),
        new.event,
        new.from.map(OrderState::code),
        new.to.code(),
        new.note,
        new.version,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What a command must know of an order.
pub(super) struct Head {
    pub id: OrderId,
    pub seller: SellerId,
    pub state: OrderState,
    pub version: i32,
    pub payment: PaymentMethod,
    pub due_at: Option<DateTime<Utc>>,
    pub state_since: DateTime<Utc>,
    /// It uses a voucher.
    pub voucher: bool,
    /// Time that pauses of delivery have added.
    pub extended_s: i64,
}

/// The head of an order, as it is now.
pub(super) async fn head(db: &mut PgConnection, id: OrderId) -> sqlx::Result<Option<Head>> {
    sqlx::query_as!(
        Head,
        r#"select id as "id: OrderId", seller_id as "seller: SellerId", state as "state: OrderState", version,
                  payment_method as "payment: PaymentMethod", due_at, state_since,
                  voucher_id is not null as "voucher!", extended_s
           from orders.orders where id = $1"#,
        id.0
    )
    .fetch_optional(db)
    .await
}

/// Moves an order on from the state and version that were seen; `false` when somebody was faster.
pub(super) async fn move_on(
    db: &mut PgConnection,
    cx: &Cx,
    head: &Head,
    step: &Transition,
    due: Option<DateTime<Utc>>,
    note: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update orders.orders
         set state = $4, version = version + 1, due_at = $5, state_since = $6, updated_at = $6,
             completed_at  = case when $4 = 'completed' then $6::timestamptz end,
             cancelled_by  = case when $4 = 'cancelled' then $7 end,
             cancel_reason = case when $4 = 'cancelled' then $8 else cancel_reason end,
             tracking      = case when $4 = 'handed_over' then $8 else tracking end
         where id = $1 and state = $2 and version = $3",
        head.id.0,
        head.state.code(),
        head.version,
        step.to.code(),
        due,
        cx.now,
        step.actor.code(),
        note,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Orders whose clock has run out, longest first.
pub(super) async fn due(
    db: impl PgExecutor<'_>,
    now: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select id from orders.orders where due_at <= $1 order by due_at limit $2",
        now,
        most
    )
    .fetch_all(db)
    .await
}

/// Takes a due order in hand; `None` when another process has it or it has moved on.
pub(super) async fn lock_due(
    db: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select id from orders.orders where id = $1 and due_at <= $2 for update skip locked",
        id,
        now
    )
    .fetch_optional(db)
    .await
}

/// Sets the clock anew without moving the order.
pub(super) async fn set_due(
    db: &mut PgConnection,
    head: &Head,
    due: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update orders.orders set due_at = $3 where id = $1 and version = $2",
        head.id.0,
        head.version,
        due
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Where an order goes, as a code.
pub(super) async fn commune(db: &mut PgConnection, id: OrderId) -> sqlx::Result<Option<String>> {
    let found = sqlx::query_scalar!("select commune_code from orders.orders where id = $1", id.0)
        .fetch_optional(db)
        .await?;
    Ok(found.flatten())
}

/// Holds an order until the transaction ends: whoever moves it and its parcels takes the order first.
pub(super) async fn hold(db: &mut PgConnection, id: OrderId) -> sqlx::Result<()> {
    sqlx::query_scalar!("select id from orders.orders where id = $1 for update", id.0)
        .fetch_optional(db)
        .await?;
    Ok(())
}

/// Adds time to the clocks of orders that wait for their sellers and go to these communes: once for each pause.
pub(super) async fn extend(
    db: impl PgExecutor<'_>,
    pause: Uuid,
    communes: &[String],
    seconds: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with fresh as (
             insert into orders.extensions (pause_id, order_id, seconds, at)
             select $1, id, $3, $4 from orders.orders
             where due_at is not null and state = 'placed' and commune_code = any($2)
             on conflict do nothing returning order_id)
         update orders.orders o set due_at = o.due_at + make_interval(secs => $3::bigint::double precision),
                extended_s = o.extended_s + $3::bigint
         from fresh where o.id = fresh.order_id and o.state = 'placed'",
        pause,
        communes,
        seconds,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}
