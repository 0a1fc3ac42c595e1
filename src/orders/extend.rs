//! While delivery to a commune is paused, the clocks of sellers whose orders go there stand still.

use super::queries;
use crate::{
    delivery::DeliveryPaused,
    kernel::Cx,
    platform::jobs::{Handler, JobError},
};
use async_trait::async_trait;
use sqlx::PgPool;

/// Adds the time of a pause to the clocks of the orders that wait for their sellers.
pub struct ExtendClocks(pub PgPool);

#[async_trait]
impl Handler for ExtendClocks {
    type Payload = DeliveryPaused;
    const NAME: &'static str = "orders.extend_clocks";

    async fn handle(&self, cx: &Cx, news: DeliveryPaused) -> Result<(), JobError> {
        let seconds = (news.until - news.from).num_seconds();
        if seconds > 0 {
            queries::extend(&self.0, news.pause, &news.communes, seconds, cx.now).await?;
        }
        Ok(())
    }
}
