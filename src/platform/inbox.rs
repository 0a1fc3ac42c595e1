//! What partners send us (webhooks): kept once as it came, in one small statement; a job acts on it later.
//!
//! The receiving handler proves that the sender is who he says he is, calls [`take_in`] and answers 2xx; any
//! failure is 5xx, so that the partner sends it again. Nothing else is done while he waits.

use super::{
    jobs::{Handler, JobError},
    rules,
};
use crate::kernel::{Cx, day_of};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

/// Something that a partner has sent, proved to be his.
#[derive(Debug, Clone, Copy)]
pub struct Inbound<'a> {
    /// The partner's code.
    pub provider: &'a str,
    /// The partner's own name for it: what comes again is kept once. Where a partner numbers per account, the
    /// account belongs in it.
    pub event_id: &'a str,
    /// Whose address it came in on; may be empty.
    pub subject: &'a str,
    /// As it came.
    pub body: &'a [u8],
    /// The [`Handler::NAME`] of the job that acts on it; its payload is [`Arrived`].
    pub handler: &'static str,
}

/// What the job is given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Arrived {
    pub inbox: Uuid,
}

/// A kept message.
#[derive(Debug, Clone)]
pub struct Message {
    pub provider: String,
    pub event_id: String,
    pub subject: String,
    /// `None`: swept.
    pub body: Option<Vec<u8>>,
}

/// Keeps what has come and asks for the job, in one statement; `false` when it has come before.
///
/// # Errors
/// Whatever the database says: answer 5xx then.
pub async fn take_in(
    db: impl PgExecutor<'_>,
    cx: &Cx,
    inbound: &Inbound<'_>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "with fresh as (
             insert into platform.inbox (id, provider, event_id, subject, body, received_at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict on constraint inbox_once do nothing returning id)
         insert into platform.jobs (id, handler, dedup_key, payload, due_at)
         select $1, $7, 'inbox:' || id, jsonb_build_object('inbox', id), $6 from fresh",
        cx.new_id(),
        inbound.provider,
        inbound.event_id,
        inbound.subject,
        inbound.body,
        cx.now,
        inbound.handler,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A kept message.
///
/// # Errors
/// Whatever the database says.
pub async fn read(db: impl PgExecutor<'_>, arrived: &Arrived) -> sqlx::Result<Option<Message>> {
    sqlx::query_as!(
        Message,
        "select provider, event_id, subject, body from platform.inbox where id = $1",
        arrived.inbox
    )
    .fetch_optional(db)
    .await
}

/// Empties messages that are older than the rule `retention.webhook_days`; their names stay, so that one that comes
/// again is still known.
pub struct Sweep(pub PgPool);

#[async_trait]
impl Handler for Sweep {
    type Payload = ();
    const NAME: &'static str = "inbox.sweep";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let mut db = self.0.acquire().await?;
        let days = rules::value(&mut db, "retention.webhook_days", day_of(cx.now), 90).await?;
        let before = cx.now - chrono::TimeDelta::days(days.clamp(1, 10_000));
        sqlx::query!(
            "update platform.inbox set body = null where body is not null and received_at < $1",
            before
        )
        .execute(&mut *db)
        .await?;
        Ok(())
    }
}
