//! An order goes on by itself when its money has been seen to arrive in full. One way only: what becomes of the
//! money later does not move it back.

use super::{
    act::{Act, act},
    error::OrderError,
    machine::{ActorKind, OrderEvent, OrderState},
    queries,
};
use crate::{
    kernel::Cx,
    payments::{IntentState, PaymentChanged},
    platform::jobs::{Handler, JobError},
};
use async_trait::async_trait;
use sqlx::PgPool;

/// Moves an order that awaits its payment on.
pub struct GoOnWhenPaid(pub PgPool);

#[async_trait]
impl Handler for GoOnWhenPaid {
    type Payload = PaymentChanged;
    const NAME: &'static str = "orders.go_on_when_paid";

    async fn handle(&self, cx: &Cx, news: PaymentChanged) -> Result<(), JobError> {
        if !news.state().is_some_and(IntentState::is_covered) {
            return Ok(());
        }
        let mut tx = self.0.begin().await?;
        // What was told may be over: the money as it is now decides.
        let payment = crate::payments::of_order(&mut *tx, news.order).await?;
        let Some(head) = queries::head(&mut tx, news.order).await? else { return Ok(()) };
        let covered = payment.is_some_and(|p| p.state.is_covered());
        if !covered || head.state != OrderState::AwaitingPayment {
            return Ok(());
        }
        let (event, actor) = (OrderEvent::Pay, ActorKind::System);
        let wanted = Act { event, actor, note: "", seen: Some(head.version) };
        match act(&mut tx, cx, news.order, &wanted).await {
            // Somebody was faster: his move stands.
            Ok(_) | Err(OrderError::Moved(_)) => {}
            Err(error) => return Err(JobError::retry(error)),
        }
        tx.commit().await?;
        Ok(())
    }
}
