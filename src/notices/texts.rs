//! Short messages: queued in the transaction of their cause, delivered by a job.

use super::{
    model::plain,
    ports::{Sms, SmsError},
    queries,
};
use crate::{
    kernel::{Cx, Phone, date_time},
    platform::jobs::{self, Handler, JobError},
};
use async_trait::async_trait;
use sqlx::{PgConnection, PgPool};
use std::sync::Arc;
use uuid::Uuid;

/// Queues a short message; once per `dedup_key`.
pub(super) async fn queue(
    db: &mut PgConnection,
    cx: &Cx,
    to: &str,
    text: &str,
    dedup_key: &str,
) -> sqlx::Result<()> {
    let id = cx.new_id();
    if queries::queue_text(db, cx, id, (to, &plain(text)), dedup_key).await? {
        jobs::enqueue(db, cx, DeliverText::NAME, &id.to_string(), &id).await?;
    }
    Ok(())
}

/// Delivers one queued message.
pub struct DeliverText {
    pub db: PgPool,
    pub sms: Arc<dyn Sms>,
}

#[async_trait]
impl Handler for DeliverText {
    type Payload = Uuid;
    const NAME: &'static str = "notices.deliver_text";

    async fn handle(&self, cx: &Cx, id: Uuid) -> Result<(), JobError> {
        let waiting = queries::waiting_text(&mut *self.db.acquire().await?, id).await?;
        let Some((to, text)) = waiting else { return Ok(()) };
        match self.sms.send(id, &to, &text).await {
            Ok(()) => {}
            Err(error @ SmsError::Refused(_)) => return Err(JobError::give_up(error)),
            Err(error @ SmsError::Unreachable(_)) => return Err(JobError::retry(error)),
        }
        queries::text_sent(&mut *self.db.acquire().await?, cx, id).await?;
        Ok(())
    }
}

/// A short message as the demo shows it.
#[derive(Debug, Clone)]
pub struct SentText {
    pub to: String,
    pub body: String,
    pub at: String,
    pub sent: bool,
}

/// The newest hundred.
///
/// # Errors
/// Whatever the database says.
pub async fn latest(db: &mut PgConnection) -> sqlx::Result<Vec<SentText>> {
    let rows = queries::latest_texts(db).await?.into_iter();
    let shown = rows.map(|(to, body, queued_at, sent)| SentText {
        to: Phone::local(&to),
        body,
        at: date_time(queued_at),
        sent,
    });
    Ok(shown.collect())
}
