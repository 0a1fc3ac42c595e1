//! Asks providers about attempts and refunds without an answer, in growing pauses.

use super::{
    gateways::Gateways,
    heard,
    queries_gateways::{self as q},
    refunds::{self, pause},
};
use crate::{
    kernel::Cx,
    platform::jobs::{Handler, JobError},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use futures_util::{StreamExt, stream};
use sqlx::PgPool;
use uuid::Uuid;

/// How many one run takes, and how many at once.
const BATCH: i64 = 40;
const AT_ONCE: usize = 8;
/// Nobody else asks about what this run has taken.
const HELD: TimeDelta = TimeDelta::minutes(5);
/// An attempt of which nothing was heard for so long is left to the provider's notices.
const GIVE_UP: TimeDelta = TimeDelta::days(3);
/// So long a contract that has ended hears of payments and pays back.
const KEYS_KEPT: TimeDelta = TimeDelta::days(90);

/// The sweeper.
pub struct Sweep {
    pub db: PgPool,
    pub gateways: Gateways,
}

#[async_trait]
impl Handler for Sweep {
    type Payload = ();
    const NAME: &'static str = "payments.sweep";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let (attempts, refunds) = q::claim(&self.db, cx, cx.now + HELD, BATCH).await?;
        stream::iter(attempts).for_each_concurrent(AT_ONCE, |id| self.ask(cx, id)).await;
        stream::iter(refunds).for_each_concurrent(AT_ONCE, |id| self.see_to(cx, id)).await;
        q::forget_keys(&self.db, cx.now - KEYS_KEPT).await?;
        Ok(())
    }
}

impl Sweep {
    /// One attempt; a provider that does not answer holds up nobody else.
    async fn ask(&self, cx: &Cx, id: Uuid) {
        if let Err(error) = self.try_ask(cx, id).await {
            tracing::warn!(%id, %error, "a provider was asked in vain");
        }
    }

    async fn try_ask(&self, cx: &Cx, id: Uuid) -> Result<(), JobError> {
        let Some(attempt) = q::attempt(&self.db, id).await? else { return Ok(()) };
        let next = cx.now + pause(attempt.asked + 1);
        let next = Some(next).filter(|_| cx.now < attempt.made_at + GIVE_UP);
        q::ask_attempt_at(&self.db, id, next).await?;
        heard::look(&self.db, &self.gateways, cx, &attempt).await
    }

    async fn see_to(&self, cx: &Cx, id: Uuid) {
        if let Err(error) = refunds::see_to(&self.db, &self.gateways, cx, id).await {
            tracing::warn!(%id, %error, "a refund waits");
        }
    }
}
