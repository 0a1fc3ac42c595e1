//! A form or an API write acts once, however often it is sent.
//!
//! The key's row is inserted in the transaction of the work itself. A second request with the
//! same key waits at the unique index until the first one commits, and then gets its answer; when
//! the first rolls back, the second does the work. So there is no in-flight state to clean up.

use crate::kernel::{Cx, Errors, Lang, Text};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

/// A key, and what it was used for.
#[derive(Debug, Clone)]
pub struct Once {
    principal: String,
    key: Uuid,
    fingerprint: Vec<u8>,
}

/// What the key says.
#[derive(Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nobody has used it: do the work, then [`settle`].
    First,
    /// The work is done; send the reader on to where the first request was sent.
    Again(String),
    /// The same key came with other contents.
    Misused,
}

impl Once {
    /// `principal` is who may use the key (a person, a guest's basket); `key` what the form carried;
    /// `route` and `body` what it asks for.
    ///
    /// # Errors
    /// A text for the form's head when the key is missing or is not a UUID.
    pub fn new(
        principal: impl ToString,
        key: &str,
        route: &str,
        body: &[u8],
    ) -> Result<Self, Text> {
        let key = key.trim().parse().map_err(|_| {
            Text::new(
                "Biểu mẫu thiếu khóa chống gửi trùng; xin mở lại trang và gửi lần nữa.",
                "The form lacks its once-only key; please reload the page and send it again.",
            )
        })?;
        let mut hash = Sha256::new();
        hash.update(route.as_bytes());
        hash.update([0]);
        hash.update(body);
        Ok(Self { principal: principal.to_string(), key, fingerprint: hash.finalize().to_vec() })
    }

    /// The key, for rows that are made once by themselves and keep it.
    #[must_use]
    pub const fn key(&self) -> Uuid {
        self.key
    }

    /// What it was used for: SHA-256 of route and contents.
    #[must_use]
    pub fn fingerprint(&self) -> &[u8] {
        &self.fingerprint
    }

    /// Whether a row that keeps `key` and `fingerprint` was made by this key for other contents.
    #[must_use]
    pub fn was_misused(&self, key: Option<Uuid>, fingerprint: Option<&[u8]>) -> bool {
        key == Some(self.key) && fingerprint != Some(self.fingerprint.as_slice())
    }

    /// A field error, for forms that collect them.
    #[must_use]
    pub fn misused(lang: Lang) -> Errors {
        let mut errors = Errors::new(lang);
        errors.add(
            "key",
            Text::new(
                "Biểu mẫu này đã được gửi với nội dung khác; xin mở lại trang.",
                "This form was already sent with other contents; please reload the page.",
            ),
        );
        errors
    }
}

/// Claims the key in the caller's transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn claim(db: &mut PgConnection, cx: &Cx, once: &Once) -> sqlx::Result<Claim> {
    insert(db, cx, once, None).await
}

/// Claims and settles the key in one when the work is done, in the caller's transaction: for work that a lock
/// keeps to one request at a time. Unless the answer is [`Claim::First`], the transaction must be rolled back.
///
/// # Errors
/// Whatever the database says.
pub async fn claim_done(
    db: &mut PgConnection,
    cx: &Cx,
    once: &Once,
    answer: &str,
) -> sqlx::Result<Claim> {
    insert(db, cx, once, Some(answer)).await
}

async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    once: &Once,
    answer: Option<&str>,
) -> sqlx::Result<Claim> {
    let fresh = sqlx::query!(
        "insert into platform.idempotency (principal, key, fingerprint, answer, made_at) values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        once.principal,
        once.key,
        once.fingerprint,
        answer,
        cx.now,
    )
    .execute(&mut *db)
    .await?
    .rows_affected();
    match fresh {
        1 => Ok(Claim::First),
        _ => Ok(used(db, once).await?.unwrap_or(Claim::Misused)),
    }
}

/// What became of an earlier request with this key, if there was one.
///
/// # Errors
/// Whatever the database says.
pub async fn used(db: &mut PgConnection, once: &Once) -> sqlx::Result<Option<Claim>> {
    let row = sqlx::query!(
        "select fingerprint, answer from platform.idempotency where principal = $1 and key = $2",
        once.principal,
        once.key,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| match row.answer {
        Some(answer) if row.fingerprint == once.fingerprint => Claim::Again(answer),
        _ => Claim::Misused,
    }))
}

/// Notes where the reader was sent on to, in the same transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn settle(db: &mut PgConnection, once: &Once, answer: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update platform.idempotency set answer = $3 where principal = $1 and key = $2",
        once.principal,
        once.key,
        answer,
    )
    .execute(db)
    .await?;
    Ok(())
}
