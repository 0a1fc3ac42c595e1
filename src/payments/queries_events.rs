//! The SQL statements of the append-only events and of the states derived from them.

use super::{
    check::{Stored, Told},
    events::{EventKind, NewEvent},
    model::PaymentMethod,
    state::{Fact, IntentState, Sums},
    transfers::read::{Uneven, Waiting},
};
use crate::kernel::{Cx, IntentId, OrderId, SellerId, Vnd};
use sqlx::{PgConnection, PgExecutor};
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

/// Orders of a seller whose money does not come out even, oldest first.
pub(super) async fn uneven(
    db: &mut PgConnection,
    seller: SellerId,
    most: i64,
) -> sqlx::Result<Vec<Uneven>> {
    sqlx::query_as!(
        Uneven,
        r#"select id as "intent: IntentId", order_id as "order: OrderId", memo, state as "state: IntentState",
                  amount as "amount: Vnd", paid as "paid: Vnd", balance as "balance: Vnd", created_at
           from payments.intents
           where seller_id = $1 and state in ('partially_paid', 'overpaid', 'refund_due', 'disputed')
           order by created_at limit $2"#,
        seller.0,
        most,
    )
    .fetch_all(db)
    .await
}

/// How much waits for a seller.
pub(super) async fn waiting(db: impl PgExecutor<'_>, seller: SellerId) -> sqlx::Result<Waiting> {
    sqlx::query_as!(
        Waiting,
        r#"select (select count(*) from payments.transfers
                   where seller_id = $1 and state in ('review', 'unknown', 'outgoing'))
                  + (select count(*) from payments.unread_lines where seller_id = $1 and seen_at is null) as "lines!",
                  count(*) filter (where state in ('overpaid', 'refund_due')) as "to_refund!",
                  count(*) filter (where state = 'partially_paid') as "partly!"
           from payments.intents
           where seller_id = $1 and state in ('partially_paid', 'overpaid', 'refund_due')"#,
        seller.0,
    )
    .fetch_one(db)
    .await
}

/// Everything that happened to the money of an order, as it was noted.
pub(super) async fn told(db: &mut PgConnection, order: OrderId) -> sqlx::Result<Vec<Told>> {
    let rows = sqlx::query!(
        r#"select e.id, i.seller_id, e.noted_at, e.kind as "kind: EventKind", e.amount, e.currency, e.provider,
                  e.provider_event_id
           from payments.intents i join payments.events e on e.intent_id = i.id
           where i.order_id = $1 order by e.noted_at, e.id"#,
        order.0
    )
    .fetch_all(db)
    .await?;
    let told = rows.into_iter().map(|row| Told {
        id: row.id,
        seller: SellerId(row.seller_id),
        noted_at: row.noted_at,
        fact: Fact {
            kind: row.kind,
            amount: Vnd(row.amount),
            currency: row.currency,
            provider: row.provider,
            provider_event_id: row.provider_event_id,
        },
    });
    Ok(told.collect())
}

/// Everything that this transaction reads from here on is of one moment.
pub(super) async fn one_moment(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("set transaction isolation level repeatable read").execute(db).await?;
    Ok(())
}

/// Some intents as they are stored, by id.
pub(super) async fn stored(db: &mut PgConnection, after: Uuid) -> sqlx::Result<Vec<Stored>> {
    sqlx::query_as!(
        Stored,
        r#"select id as "id: IntentId", order_id as "order: OrderId", method as "method: PaymentMethod",
                  state as "state: IntentState", paid as "paid: Vnd", balance as "balance: Vnd"
           from payments.intents where id > $1 order by id limit 500"#,
        after
    )
    .fetch_all(db)
    .await
}

/// What happened to some intents.
pub(super) async fn facts_of(
    db: &mut PgConnection,
    ids: &[Uuid],
) -> sqlx::Result<Vec<(IntentId, Fact)>> {
    let rows = sqlx::query!(
        r#"select intent_id, kind as "kind: EventKind", amount, currency, provider, provider_event_id
           from payments.events where intent_id = any($1)"#,
        ids
    )
    .fetch_all(db)
    .await?;
    let fact = rows.into_iter().map(|row| {
        let fact = Fact {
            kind: row.kind,
            amount: Vnd(row.amount),
            currency: row.currency,
            provider: row.provider,
            provider_event_id: row.provider_event_id,
        };
        (IntentId(row.intent_id), fact)
    });
    Ok(fact.collect())
}
