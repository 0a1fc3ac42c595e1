//! When the books are written: on the news of orders and payments, and every night.

use super::{check, post};
use crate::{
    catalogue::Categories,
    kernel::{Cx, OrderId},
    orders::{OrderPlaced, OrderState, OrderStateChanged},
    payments::PaymentChanged,
    platform::jobs::{Handler, JobError},
};
use async_trait::async_trait;
use sqlx::PgPool;

async fn book(db: &PgPool, cx: &Cx, order: OrderId) -> Result<(), JobError> {
    let mut tx = db.begin().await?;
    post::post(&mut tx, cx, order).await?;
    tx.commit().await?;
    Ok(())
}

/// Books what a new order owes.
pub struct BookPlaced(pub PgPool);

#[async_trait]
impl Handler for BookPlaced {
    type Payload = OrderPlaced;
    const NAME: &'static str = "ledger.book_placed";

    async fn handle(&self, cx: &Cx, news: OrderPlaced) -> Result<(), JobError> {
        book(&self.0, cx, news.order).await
    }
}

/// Books what has happened to the money of an order.
pub struct BookPayment(pub PgPool);

#[async_trait]
impl Handler for BookPayment {
    type Payload = PaymentChanged;
    const NAME: &'static str = "ledger.book_payment";

    async fn handle(&self, cx: &Cx, news: PaymentChanged) -> Result<(), JobError> {
        book(&self.0, cx, news.order).await
    }
}

/// Books the operator's commission when an order is complete.
pub struct BookCompleted {
    pub db: PgPool,
    pub categories: Categories,
}

#[async_trait]
impl Handler for BookCompleted {
    type Payload = OrderStateChanged;
    const NAME: &'static str = "ledger.book_completed";

    async fn handle(&self, cx: &Cx, news: OrderStateChanged) -> Result<(), JobError> {
        if news.state() != Some(OrderState::Completed) {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        post::complete(&mut tx, cx, &self.categories, news.order).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Proves every night that the books are right.
pub struct Check(pub PgPool);

#[async_trait]
impl Handler for Check {
    type Payload = ();
    const NAME: &'static str = "ledger.check";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        check::run(&self.0, cx).await?;
        Ok(())
    }
}
