//! What is done about what services have sent, and about statements that nobody has read in.

use super::{queries_feeds, queries_statements, services, take_in};
use crate::{
    kernel::Cx,
    payments::PaymentError,
    platform::{
        inbox::{self, Arrived},
        jobs::{Handler, JobError},
    },
};
use async_trait::async_trait;
use chrono::TimeDelta;
use sqlx::PgPool;
use uuid::Uuid;

/// Reads one message of a bank-feed service.
pub struct ReadBankMessage(pub PgPool);

#[async_trait]
impl Handler for ReadBankMessage {
    type Payload = Arrived;
    const NAME: &'static str = "payments.read_bank_message";

    async fn handle(&self, cx: &Cx, arrived: Arrived) -> Result<(), JobError> {
        let Some(message) = inbox::read(&self.0, &arrived).await? else { return Ok(()) };
        let Some(body) = message.body else { return Ok(()) };
        let feed = match message.subject.parse::<Uuid>() {
            Ok(id) => queries_feeds::by_id(&self.0, id).await?,
            Err(_) => None,
        };
        let Some(feed) = feed else {
            return Err(JobError::give_up(anyhow::anyhow!("no feed {}", message.subject)));
        };
        let lines = services::lines(feed.service, &body).map_err(JobError::give_up)?;
        let mut tx = self.0.begin().await?;
        queries_feeds::heard(&mut tx, feed.id, cx.now).await?;
        for line in &lines {
            take_in(&mut tx, cx, feed.seller, line).await.map_err(retry)?;
        }
        tx.commit().await?;
        Ok(())
    }
}

fn retry(error: PaymentError) -> JobError {
    JobError::retry(error)
}

/// Forgets statements that were brought in and never read.
pub struct SweepStatements(pub PgPool);

#[async_trait]
impl Handler for SweepStatements {
    type Payload = ();
    const NAME: &'static str = "payments.sweep_statements";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        queries_statements::sweep(&self.0, cx.now - TimeDelta::days(1)).await?;
        Ok(())
    }
}
