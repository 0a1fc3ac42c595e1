//! What this slice does by the clock.

use super::{keeper::GUEST_DAYS, queries};
use crate::{
    kernel::Cx,
    platform::jobs::{Handler, JobError},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use sqlx::PgPool;

/// Forgets guests' old baskets, and what old checkouts say about people: it is in their orders.
pub struct Tidy {
    pub db: PgPool,
}

#[async_trait]
impl Handler for Tidy {
    type Payload = ();
    const NAME: &'static str = "checkout.tidy";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let mut db = self.db.acquire().await?;
        let baskets =
            queries::drop_old_baskets(&mut db, cx.now - TimeDelta::days(GUEST_DAYS)).await?;
        let checkouts = queries::drop_old_checkouts(&mut db, cx.now - TimeDelta::days(90)).await?;
        tracing::debug!(baskets, checkouts, "old baskets and checkouts are gone");
        Ok(())
    }
}
