//! What reviews do by the clock.

use super::{queries, queries_turns};
use crate::{
    kernel::Cx,
    platform::jobs::{Handler, JobError},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use sqlx::PgPool;

/// Counts all stars anew. What differs from the kept totals is put right and is an alarm: it must not happen.
pub struct Recount {
    pub db: PgPool,
}

#[async_trait]
impl Handler for Recount {
    type Payload = ();
    const NAME: &'static str = "reviews.recount";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        // Nobody writes reviews while they are counted.
        queries::lock_all(&mut tx).await?;
        for (kind, subject) in queries::put_right(&mut tx).await? {
            tracing::error!(%kind, %subject, "the stars kept were not those given");
        }
        queries_turns::forget_turns(&mut tx, cx.now - TimeDelta::hours(2)).await?;
        tx.commit().await?;
        Ok(())
    }
}
