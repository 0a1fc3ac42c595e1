//! The audit chain: what officers, operators and sellers' members did to others' data.
//!
//! Every row carries the SHA-256 of its contents and of the row before, so a row that was
//! changed or taken out afterwards is found by [`verify`], offline.

use crate::kernel::{Actor, Cx};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

/// Any number that only this chain uses for its advisory lock.
const CHAIN_LOCK: i64 = 0x5341_4e54_494e_4831;

/// Appends one act in the caller's transaction.
///
/// `action` is `slice.verb`, `subject` is `kind:id`. Writers queue for the end of the chain
/// until they commit, so call this last.
///
/// # Errors
/// Whatever the database says.
pub async fn record(
    db: &mut PgConnection,
    cx: &Cx,
    action: &str,
    subject: &str,
    detail: serde_json::Value,
) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock($1)", CHAIN_LOCK).execute(&mut *db).await?;
    let last = sqlx::query!("select seq, hash from platform.audit order by seq desc limit 1")
        .fetch_optional(&mut *db)
        .await?;
    let (seq, previous) = last.map_or((1, vec![0; 32]), |row| (row.seq + 1, row.hash));
    let actor = match cx.actor {
        Actor::Person(id) => Some(id.0),
        Actor::Guest | Actor::System => None,
    };
    let entry = Entry { seq, at: cx.now, actor, action, subject, detail: &detail };
    sqlx::query!(
        "insert into platform.audit (seq, at, actor, action, subject, detail, previous, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        seq,
        cx.now,
        actor,
        action,
        subject,
        detail,
        previous,
        entry.hash(&previous),
    )
    .execute(db)
    .await?;
    Ok(())
}

struct Entry<'a> {
    seq: i64,
    at: DateTime<Utc>,
    actor: Option<Uuid>,
    action: &'a str,
    subject: &'a str,
    detail: &'a serde_json::Value,
}

impl Entry<'_> {
    fn hash(&self, previous: &[u8]) -> Vec<u8> {
        let mut hash = Sha256::new();
        let actor = self.actor.map(|id| id.to_string()).unwrap_or_default();
        let at = self.at.timestamp_micros().to_string();
        hash.update(previous);
        for part in [
            &self.seq.to_string(),
            &at,
            &actor,
            self.action,
            self.subject,
            &self.detail.to_string(),
        ] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().to_vec()
    }
}

/// Recomputes the whole chain. `Ok(n)`: n rows, all whole; `Err(seq)`: the first row that is not.
///
/// # Errors
/// Outer: whatever the database says.
pub async fn verify(db: &mut PgConnection) -> sqlx::Result<Result<i64, i64>> {
    let (mut previous, mut expected) = (vec![0; 32], 1);
    loop {
        let rows = sqlx::query!(
            "select seq, at, actor, action, subject, detail, previous, hash from platform.audit
             where seq >= $1 order by seq limit 1000",
            expected
        )
        .fetch_all(&mut *db)
        .await?;
        if rows.is_empty() {
            return Ok(Ok(expected - 1));
        }
        for row in rows {
            let entry = Entry {
                seq: row.seq,
                at: row.at,
                actor: row.actor,
                action: &row.action,
                subject: &row.subject,
                detail: &row.detail,
            };
            if row.seq != expected || row.previous != previous || row.hash != entry.hash(&previous)
            {
                return Ok(Err(expected));
            }
            (previous, expected) = (row.hash, expected + 1);
        }
    }
}
