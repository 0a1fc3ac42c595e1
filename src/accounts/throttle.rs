//! Guessing is slow: failed attempts are counted by the account that was named, whether it exists
//! or not, and by the address they came from.

use super::{AccountError, queries_sessions as queries};
use crate::{config, kernel::Cx};
use chrono::TimeDelta;
use sqlx::PgPool;
use std::net::IpAddr;

/// Failures count this long.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// How many failures are borne; zero switches a limit off.
#[derive(Debug, Clone, Copy)]
pub struct Throttle {
    per_account: i64,
    per_address: i64,
}

/// An attempt under way. It counts as failed until it is [`Throttle::passed`], so that attempts
/// made at once cannot slip through together.
pub(super) struct Attempt {
    account: String,
    ids: Vec<i64>,
}

impl Throttle {
    /// The configured limits.
    #[must_use]
    pub fn new(limits: &config::Limits) -> Self {
        let bound = |n: u32| if n == 0 { i64::MAX } else { i64::from(n) };
        Self {
            per_account: bound(limits.failures_per_account),
            per_address: bound(limits.failures_per_address),
        }
    }

    /// Begins an attempt on `account` (a contact, or another name of what is guessed at).
    ///
    /// # Errors
    /// [`AccountError::TooMany`] after too many failures.
    pub(super) async fn enter(
        &self,
        db: &PgPool,
        cx: &Cx,
        account: &str,
        address: IpAddr,
    ) -> Result<Attempt, AccountError> {
        let account = format!("account:{account}");
        let address = format!("address:{address}");
        let mut tx = db.begin().await?;
        let mut ids = Vec::new();
        for (subject, limit) in [(&account, self.per_account), (&address, self.per_address)] {
            let noted = queries::note_attempt(&mut tx, subject, limit, cx.now - WINDOW, cx.now);
            ids.push(noted.await?.ok_or(AccountError::TooMany)?);
        }
        tx.commit().await?;
        Ok(Attempt { account, ids })
    }

    /// The attempt was right: the account's failures are forgotten.
    pub(super) async fn passed(&self, db: &PgPool, attempt: &Attempt) -> sqlx::Result<()> {
        queries::forget_attempts(&mut *db.acquire().await?, &attempt.ids, &attempt.account).await
    }
}
