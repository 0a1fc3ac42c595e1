//! The SQL statements of refunds at gateways.

use super::{model::PaymentMethod, refunds::Doubt};
use crate::kernel::{Cx, IntentId, OrderId, SellerId, Vnd};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// Money that a provider was asked to send back.
#[derive(Debug, Clone)]
pub(super) struct Refund {
    pub id: Uuid,
    pub attempt: Uuid,
    pub amount: Vnd,
    pub state: String,
    pub tried: bool,
    pub refund: Option<String>,
    pub note: String,
    pub made_at: DateTime<Utc>,
    pub asked: i32,
}

/// Writes a refund, before the provider is asked.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    (attempt, intent, amount): (Uuid, IntentId, Vnd),
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.refunds (id, attempt_id, intent_id, amount, state, made_by, made_at, ask_at)
         values ($1, $2, $3, $4, 'asked', $5, $6, $6)",
        id,
        attempt,
        intent.0,
        amount.0,
        cx.person().map(|p| p.0),
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// One refund.
pub(super) async fn find(db: impl PgExecutor<'_>, id: Uuid) -> sqlx::Result<Option<Refund>> {
    sqlx::query_as!(
        Refund,
        r#"select id, attempt_id as attempt, amount as "amount: Vnd", state, tried, refund, note, made_at, asked
           from payments.refunds where id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// The refunds of an intent, the first first.
pub(super) async fn of_intent(
    db: impl PgExecutor<'_>,
    intent: IntentId,
) -> sqlx::Result<Vec<Refund>> {
    sqlx::query_as!(
        Refund,
        r#"select r.id, attempt_id as attempt, r.amount as "amount: Vnd", r.state, tried, refund, r.note, r.made_at,
                  r.asked
           from payments.attempts a join payments.refunds r on r.attempt_id = a.id
           where a.intent_id = $1 order by r.made_at, r.id"#,
        intent.0
    )
    .fetch_all(db)
    .await
}

/// From now on the provider may have heard of it.
pub(super) async fn tried(db: impl PgExecutor<'_>, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!("update payments.refunds set tried = true where id = $1", id).execute(db).await?;
    Ok(())
}

/// Notes how it ended; `false` when that is known.
pub(super) async fn end(
    db: &mut PgConnection,
    id: Uuid,
    state: &str,
    refund: Option<&str>,
    note: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.refunds set state = $2, refund = coalesce($3, refund), note = $4, ask_at = null
         where id = $1 and state in ('asked', 'unclear')",
        id,
        state,
        refund,
        note,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Not done yet: when to ask again.
pub(super) async fn wait(
    db: impl PgExecutor<'_>,
    id: Uuid,
    refund: Option<&str>,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.refunds set refund = coalesce($2, refund), ask_at = $3 where id = $1 and state = 'asked'",
        id,
        refund,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether the provider may know of another refund of the same payment.
pub(super) async fn has_others(db: impl PgExecutor<'_>, refund: &Refund) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payments.refunds
                          where attempt_id = $1 and id <> $2 and tried and state <> 'refused') as "has!""#,
        refund.attempt,
        refund.id,
    )
    .fetch_one(db)
    .await
}

/// The provider cannot say what became of it: nobody asks it any more.
pub(super) async fn doubt(db: &mut PgConnection, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.refunds set state = 'unclear', ask_at = null where id = $1 and state = 'asked'",
        id
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The refunds of a seller at which a person has to look, oldest first.
pub(super) async fn doubts(db: impl PgExecutor<'_>, seller: SellerId) -> sqlx::Result<Vec<Doubt>> {
    sqlx::query_as!(
        Doubt,
        r#"select r.id, i.order_id as "order: OrderId", r.amount as "amount: Vnd", a.provider as "method: PaymentMethod",
                  a.reference, r.made_at
           from payments.refunds r join payments.intents i on i.id = r.intent_id
           join payments.attempts a on a.id = r.attempt_id
           where i.seller_id = $1 and r.state = 'unclear' order by r.made_at limit 50"#,
        seller.0
    )
    .fetch_all(db)
    .await
}
