//! Mail: queued in the transaction of its cause, delivered by a job, by SMTP or into files.

use crate::{
    kernel::Cx,
    platform::{
        db,
        jobs::{Handler, JobError},
    },
};
use async_trait::async_trait;
use lettre::{
    AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use sqlx::{PgConnection, PgPool};
use std::path::Path;
use uuid::Uuid;

/// One message in plain text.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Whom it goes to.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text, links written out.
    pub body: String,
    /// Makes it happen once: cause and reader, e.g. `orders.placed:<id>:buyer`.
    pub dedup_key: String,
}

/// Queues a message in the caller's transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn queue(db: &mut PgConnection, cx: &Cx, mail: &Mail) -> sqlx::Result<()> {
    // The job that delivers a message has its id.
    sqlx::query!(
        "with fresh as (
             insert into platform.mails (id, dedup_key, recipient, subject, body, queued_at)
             values ($1, $2, $3, $4, $5, $6) on conflict (dedup_key) do nothing returning id)
         insert into platform.jobs (id, handler, dedup_key, payload, due_at)
         select id, $7, id::text, to_jsonb(id), $6 from fresh",
        cx.new_id(),
        mail.dedup_key,
        mail.to,
        mail.subject.replace(['\r', '\n'], " "),
        mail.body,
        cx.now,
        Deliver::NAME,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Where messages go.
pub enum Transport {
    /// `smtps://user:password@host`.
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// One `.eml` file a message.
    Files(AsyncFileTransport<Tokio1Executor>),
}

impl Transport {
    /// SMTP where a URL is given, files in `folder` otherwise.
    ///
    /// # Errors
    /// A URL that is none, a folder that cannot be made.
    pub fn new(url: Option<&str>, folder: &Path) -> anyhow::Result<Self> {
        Ok(match url {
            Some(url) => Self::Smtp(AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.build()),
            None => {
                std::fs::create_dir_all(folder)?;
                Self::Files(AsyncFileTransport::new(folder))
            }
        })
    }
}

/// Delivers one queued message.
pub struct Deliver {
    /// The queue.
    pub db: PgPool,
    /// The way out.
    pub transport: Transport,
    /// The sender of every message.
    pub from: Mailbox,
}

#[async_trait]
impl Handler for Deliver {
    type Payload = Uuid;
    const NAME: &'static str = "platform.deliver_mail";

    async fn handle(&self, cx: &Cx, id: Uuid) -> Result<(), JobError> {
        let row = sqlx::query!(
            "select recipient, subject, body from platform.mails where id = $1 and sent_at is null",
            id
        )
        .fetch_optional(&self.db)
        .await?;
        let Some(row) = row else { return Ok(()) };
        let to: Mailbox = row.recipient.parse().map_err(JobError::give_up)?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(row.subject)
            // One that had to go out again is the same mail to whoever gets it.
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(row.body)
            .map_err(JobError::give_up)?;
        match &self.transport {
            Transport::Smtp(smtp) => smtp.send(message).await.map(drop).map_err(JobError::retry)?,
            Transport::Files(files) => {
                files.send(message).await.map(drop).map_err(JobError::retry)?
            }
        }
        let sent = || async {
            sqlx::query!("update platform.mails set sent_at = $2 where id = $1", id, cx.now)
                .execute(&self.db)
                .await
        };
        db::insist(sent).await?;
        Ok(())
    }
}
