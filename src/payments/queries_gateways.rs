//! The SQL statements of contracts, attempts and refunds.

use super::model::PaymentMethod;
use crate::kernel::{Cx, IntentId, SellerId, Vnd};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// A seller's contract.
#[derive(Debug, Clone)]
pub(super) struct Merchant {
    pub id: Uuid,
    pub method: PaymentMethod,
    pub code: String,
    pub sealed: Option<Vec<u8>>,
    pub made_at: DateTime<Utc>,
}

/// Where an attempt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub(super) enum AttemptState {
    /// The provider is being asked for a page, or its answer was lost.
    Starting,
    Open,
    Captured,
    Failed,
    /// Another amount came than was asked for.
    Mismatch,
}

/// One try to pay.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    pub id: Uuid,
    pub intent: IntentId,
    pub merchant: Uuid,
    pub method: PaymentMethod,
    pub reference: String,
    pub amount: Vnd,
    pub url: Option<String>,
    pub session: Option<String>,
    pub payment: Option<String>,
    pub state: AttemptState,
    pub note: String,
    pub made_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub tried_at: DateTime<Utc>,
    pub asked: i32,
}

/// A contract, current or ended.
pub(super) async fn merchant(db: impl PgExecutor<'_>, id: Uuid) -> sqlx::Result<Option<Merchant>> {
    sqlx::query_as!(
        Merchant,
        r#"select id, provider as "method: PaymentMethod", code, sealed, made_at
           from payments.merchants where id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// The contracts that a seller has now.
pub(super) async fn merchants(
    db: impl PgExecutor<'_>,
    seller: SellerId,
) -> sqlx::Result<Vec<Merchant>> {
    sqlx::query_as!(
        Merchant,
        r#"select id, provider as "method: PaymentMethod", code, sealed, made_at
           from payments.merchants where seller_id = $1 and ended_at is null"#,
        seller.0
    )
    .fetch_all(db)
    .await
}

/// Writes a new contract; the former one of this provider must have ended.
pub(super) async fn insert_merchant(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    merchant: &Merchant,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.merchants (id, seller_id, provider, code, sealed, made_at)
         values ($1, $2, $3, $4, $5, $6)",
        merchant.id,
        seller.0,
        merchant.method.code(),
        merchant.code,
        merchant.sealed,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// New keys for the same account at the provider.
pub(super) async fn reseal(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    sealed: &[u8],
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.merchants set sealed = $2, made_at = $3 where id = $1 and ended_at is null",
        id,
        sealed,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Ends the contract with a provider; `false` when there is none.
pub(super) async fn end_merchant(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    method: PaymentMethod,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.merchants set ended_at = $3
         where seller_id = $1 and provider = $2 and ended_at is null",
        seller.0,
        method.code(),
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets the keys of contracts that ended before `moment`.
pub(super) async fn forget_keys(
    db: impl PgExecutor<'_>,
    moment: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.merchants set sealed = null where ended_at < $1 and sealed is not null",
        moment
    )
    .execute(db)
    .await?;
    Ok(())
}

/// One attempt.
pub(super) async fn attempt(db: impl PgExecutor<'_>, id: Uuid) -> sqlx::Result<Option<Attempt>> {
    sqlx::query_as!(
        Attempt,
        r#"select id, intent_id as "intent: IntentId", merchant_id as merchant, provider as "method: PaymentMethod",
                  reference, amount as "amount: Vnd", url, session, payment, state as "state: AttemptState", note,
                  made_at, expires_at, tried_at, asked
           from payments.attempts where id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// The attempts of an intent, the latest first.
pub(super) async fn attempts(
    db: impl PgExecutor<'_>,
    intent: IntentId,
) -> sqlx::Result<Vec<Attempt>> {
    sqlx::query_as!(
        Attempt,
        r#"select id, intent_id as "intent: IntentId", merchant_id as merchant, provider as "method: PaymentMethod",
                  reference, amount as "amount: Vnd", url, session, payment, state as "state: AttemptState", note,
                  made_at, expires_at, tried_at, asked
           from payments.attempts where intent_id = $1 order by made_at desc, reference desc"#,
        intent.0
    )
    .fetch_all(db)
    .await
}

/// The attempt of this name.
pub(super) async fn attempt_by_reference(
    db: impl PgExecutor<'_>,
    method: PaymentMethod,
    reference: &str,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select id from payments.attempts where provider = $1 and reference = $2",
        method.code(),
        reference
    )
    .fetch_optional(db)
    .await
}

/// The attempt that brought this money.
pub(super) async fn attempt_by_payment(
    db: impl PgExecutor<'_>,
    method: PaymentMethod,
    payment: &str,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select id from payments.attempts where provider = $1 and payment = $2",
        method.code(),
        payment
    )
    .fetch_optional(db)
    .await
}

/// Writes a new attempt, before anybody is asked.
pub(super) async fn insert_attempt(
    db: &mut PgConnection,
    attempt: &Attempt,
    ask_at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.attempts (id, intent_id, merchant_id, provider, reference, amount, state, made_at,
                                        expires_at, tried_at, ask_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        attempt.id,
        attempt.intent.0,
        attempt.merchant,
        attempt.method.code(),
        attempt.reference,
        attempt.amount.0,
        "starting",
        attempt.made_at,
        attempt.expires_at,
        attempt.tried_at,
        ask_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The page is asked for once more.
pub(super) async fn try_again(db: &mut PgConnection, cx: &Cx, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!("update payments.attempts set tried_at = $2 where id = $1", id, cx.now)
        .execute(db)
        .await?;
    Ok(())
}

/// The provider has answered with a page; or, without one, it has had the request before.
pub(super) async fn opened(
    db: impl PgExecutor<'_>,
    id: Uuid,
    url: Option<&str>,
    session: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.attempts set state = 'open', url = $2, session = $3 where id = $1 and state = 'starting'",
        id,
        url,
        session,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Notes how an attempt ended. Money that came is the last word; a mismatch outlives a failure.
pub(super) async fn end_attempt(
    db: &mut PgConnection,
    id: Uuid,
    state: &str,
    payment: Option<&str>,
    note: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.attempts
         set state = $2, payment = coalesce($3, payment), note = $4, ask_at = null
         where id = $1 and state <> 'captured' and ($2 <> 'failed' or state <> 'mismatch')",
        id,
        state,
        payment,
        note,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes attempts and refunds in hand about which providers are to be asked; nobody else asks until `until`.
pub(super) async fn claim(
    db: impl PgExecutor<'_>,
    cx: &Cx,
    until: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<(Vec<Uuid>, Vec<Uuid>)> {
    let row = sqlx::query!(
        r#"with a as (
               update payments.attempts set asked = asked + 1, ask_at = $2
               where id in (select id from payments.attempts where ask_at <= $1 order by ask_at limit $3
                            for update skip locked)
               returning id),
           r as (
               update payments.refunds set asked = asked + 1, ask_at = $2
               where id in (select id from payments.refunds where ask_at <= $1 order by ask_at limit $3
                            for update skip locked)
               returning id)
           select array(select id from a) as "attempts!", array(select id from r) as "refunds!""#,
        cx.now,
        until,
        limit,
    )
    .fetch_one(db)
    .await?;
    Ok((row.attempts, row.refunds))
}

/// When to ask again.
pub(super) async fn ask_attempt_at(
    db: impl PgExecutor<'_>,
    id: Uuid,
    at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.attempts set ask_at = $2 where id = $1 and ask_at is not null",
        id,
        at
    )
    .execute(db)
    .await?;
    Ok(())
}
