//! What is done about what services have sent, and about statements that nobody has read in.

use super::{queries_feeds, queries_statements, queries_unread, services, take_in};
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
        // A message that cannot be read is shown to the seller as it came, and holds up no other.
        let read = services::read(feed.service, &body).unwrap_or_else(|_| services::Read {
            unread: vec![services::as_text(&body)],
            ..services::Read::default()
        });
        let mut tx = self.0.begin().await?;
        queries_feeds::heard(&mut tx, feed.id, cx.now).await?;
        for line in &read.lines {
            take_in(&mut tx, cx, feed.seller, line).await.map_err(retry)?;
        }
        for text in &read.unread {
            tracing::warn!(feed = %feed.id, "a line of the bank could not be read");
            queries_unread::keep(&mut tx, cx, &feed, text).await?;
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
