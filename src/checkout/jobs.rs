//! What this slice does by the clock, and when an order is cancelled.

use super::{keeper::GUEST_DAYS, queries};
use crate::{
    kernel::Cx,
    orders::{self, OrderState, OrderStateChanged},
    platform::jobs::{Handler, JobError},
    wholesale,
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

/// A sample whose order is cancelled may be bought again.
pub struct FreeSamples(pub PgPool);

#[async_trait]
impl Handler for FreeSamples {
    type Payload = OrderStateChanged;
    const NAME: &'static str = "checkout.free_samples";

    async fn handle(&self, _: &Cx, news: OrderStateChanged) -> Result<(), JobError> {
        if news.state() != Some(OrderState::Cancelled) {
            return Ok(());
        }
        let mut tx = self.0.begin().await?;
        if let Some(order) = orders::by_id(&mut tx, news.order).await? {
            let variants: Vec<_> = order.lines.iter().map(|line| line.variant).collect();
            let whose = (order.head.seller, order.head.buyer);
            wholesale::free_samples(&mut tx, whose, &variants, order.head.placed_at).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
