//! The SQL statements of the append-only events and of the states derived from them.

use super::{
    events::{EventKind, NewEvent},
    model::PaymentMethod,
    state::{Fact, IntentState, Sums},
};
use crate::kernel::{Cx, IntentId, OrderId, SellerId, Vnd};
use sqlx::PgConnection;
use uuid::Uuid;

/// An intent whose row this transaction holds.
pub(super) struct Locked {
    pub id: IntentId,
    pub order: OrderId,
    pub seller: SellerId,
    pub method: PaymentMethod,
    pub state: IntentState,
}

/// Takes the intent in hand.
pub(super) async fn lock(db: &mut PgConnection, id: IntentId) -> sqlx::Result<Option<Locked>> {
    sqlx::query_as!(
        Locked,
        r#"select id as "id: IntentId", order_id as "order: OrderId", seller_id as "seller: SellerId",
                  method as "method: PaymentMethod", state as "state: IntentState"
           from payments.intents where id = $1 for update"#,
        id.0
    )
    .fetch_optional(db)
    .await
}

/// Takes the intent of an order in hand.
pub(super) async fn lock_order(
    db: &mut PgConnection,
    order: OrderId,
) -> sqlx::Result<Option<Locked>> {
    sqlx::query_as!(
        Locked,
        r#"select id as "id: IntentId", order_id as "order: OrderId", seller_id as "seller: SellerId",
                  method as "method: PaymentMethod", state as "state: IntentState"
           from payments.intents where order_id = $1 for update"#,
        order.0
    )
    .fetch_optional(db)
    .await
}

/// Writes the event and gives its id; `None` when the provider has said it before.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    event: &NewEvent<'_>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "insert into payments.events (id, intent_id, kind, amount, currency, provider, provider_event_id, actor,
                                      at, noted_at, note)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict on constraint payment_events_once do nothing returning id",
        cx.new_id(),
        event.intent.0,
        event.kind.code(),
        event.amount.0,
        event.currency,
        event.provider,
        event.provider_event_id,
        cx.person().map(|p| p.0),
        event.at,
        cx.now,
        event.note,
    )
    .fetch_optional(db)
    .await
}

/// Everything that happened to an intent.
pub(super) async fn facts(db: &mut PgConnection, intent: IntentId) -> sqlx::Result<Vec<Fact>> {
    sqlx::query_as!(
        Fact,
        r#"select kind as "kind: EventKind", amount as "amount: Vnd", currency, provider, provider_event_id
           from payments.events where intent_id = $1"#,
        intent.0
    )
    .fetch_all(db)
    .await
}

/// Stores what was derived, for lists.
pub(super) async fn derive(
    db: &mut PgConnection,
    intent: IntentId,
    state: IntentState,
    sums: &Sums,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.intents set state = $2, paid = $3, balance = $4 where id = $1",
        intent.0,
        state.code(),
        sums.paid().0,
        sums.balance().0,
    )
    .execute(db)
    .await?;
    Ok(())
}
