//! Mails as the operator sees them: what was sent, what waits, what could not be sent.

use super::{jobs, jobs::Handler, mail::Deliver};
use crate::kernel::Cx;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A mail in a list.
#[derive(Debug, Clone)]
pub struct MailRow {
    pub id: Uuid,
    pub recipient: String,
    pub subject: String,
    pub queued_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    /// Its delivery was given up.
    pub failed: bool,
}

/// A mail in full.
#[derive(Debug, Clone)]
pub struct MailText {
    pub id: Uuid,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    pub queued_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    /// Why the last try of its delivery failed.
    pub error: Option<String>,
}

/// How many mails wait, and how many were given up.
///
/// # Errors
/// Whatever the database says.
pub async fn counts(db: &mut PgConnection) -> sqlx::Result<(i64, i64)> {
    let row = sqlx::query!(
        r#"select count(*) filter (where failed_at is null) as "waiting!",
                  count(*) filter (where failed_at is not null) as "failed!"
           from platform.jobs where done_at is null and handler = $1"#,
        Deliver::NAME,
    )
    .fetch_one(db)
    .await?;
    Ok((row.waiting, row.failed))
}

/// `m•••@vidu.vn`: enough to recognise an address that one knows.
#[must_use]
pub fn masked(recipient: &str) -> String {
    let (name, rest) = recipient.split_once('@').unwrap_or((recipient, ""));
    let first: String = name.chars().take(1).collect();
    if rest.is_empty() { format!("{first}•••") } else { format!("{first}•••@{rest}") }
}

/// Whose mails are looked for.
#[derive(Debug, Clone, Copy)]
pub enum To<'a> {
    /// This address alone; empty: everybody's.
    Address(&'a str),
    /// Addresses that contain this; empty: everybody's.
    Part(&'a str),
}

/// The newest mails queued before a moment.
///
/// # Errors
/// Whatever the database says.
pub async fn mails(
    db: &mut PgConnection,
    to: To<'_>,
    before: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<Vec<MailRow>> {
    let (to, whole) = match to {
        To::Address(to) => (to, true),
        To::Part(to) => (to, false),
    };
    sqlx::query_as!(
        MailRow,
        r#"select m.id, m.recipient, m.subject, m.queued_at, m.sent_at,
                  m.sent_at is null and exists (
                      select from platform.jobs j
                      where j.handler = $4 and j.dedup_key = m.id::text and j.failed_at is not null
                  ) as "failed!"
           from platform.mails m
           where m.queued_at < $1 and ($2 = '' or lower(m.recipient) = lower($2)
                                         or not $5 and strpos(lower(m.recipient), lower($2)) > 0)
           order by m.queued_at desc, m.id desc limit $3"#,
        before,
        to,
        limit,
        Deliver::NAME,
        whole,
    )
    .fetch_all(db)
    .await
}

/// One mail.
///
/// # Errors
/// Whatever the database says.
pub async fn mail(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<MailText>> {
    sqlx::query_as!(
        MailText,
        r#"select m.id, m.recipient, m.subject, m.body, m.queued_at, m.sent_at,
                  (select j.last_error from platform.jobs j
                   where j.handler = $2 and j.payload = to_jsonb(m.id) and j.done_at is null
                   order by j.due_at desc limit 1) as error
           from platform.mails m where m.id = $1"#,
        id,
        Deliver::NAME,
    )
    .fetch_optional(db)
    .await
}

/// Sends a mail once more; `None` when there is none. Answers its recipient.
///
/// # Errors
/// Whatever the database says.
pub async fn resend(db: &mut PgConnection, cx: &Cx, id: Uuid) -> sqlx::Result<Option<String>> {
    let recipient = sqlx::query_scalar!(
        "update platform.mails set sent_at = null where id = $1 returning recipient",
        id
    )
    .fetch_optional(&mut *db)
    .await?;
    if recipient.is_some() {
        let once = format!("{id}:{}", cx.new_id());
        jobs::enqueue(db, cx, Deliver::NAME, &once, &id).await?;
    }
    Ok(recipient)
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_masked_address_tells_its_first_letter_and_its_domain() {
        assert_eq!(masked("minh.le@vidu.vn"), "m•••@vidu.vn");
        assert_eq!((masked("đạt"), masked("")), ("đ•••".into(), "•••".into()));
    }
}
