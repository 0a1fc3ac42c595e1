//! Guessing is slow: failed attempts are counted by the account that was named, whether it exists
//! or not, and by the address they came from. What anybody may have done to others, as mail that is
//! sent to any address, is counted in the same way.

use super::{AccountError, queries_sessions as queries};
use crate::{config, kernel::Cx};
use chrono::TimeDelta;
use sqlx::{PgConnection, PgPool};
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

/// What is counted by [`may_again`] is counted a day.
const DAY: TimeDelta = TimeDelta::days(1);

/// Counts one more of something for each of these names; `false`: one of them has had as many within a day.
///
/// Runs in the caller's transaction, which is undone when it may not be.
///
/// # Errors
/// Whatever the database says.
pub async fn may_again(
    db: &mut PgConnection,
    cx: &Cx,
    counted: &[(String, i64)],
) -> sqlx::Result<bool> {
    for (subject, most) in counted {
        let noted = queries::note_attempt(db, subject, *most, cx.now - DAY, cx.now).await?;
        if noted.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What was counted for a name is forgotten.
///
/// # Errors
/// Whatever the database says.
pub async fn count_anew(db: &mut PgConnection, subject: &str) -> sqlx::Result<()> {
    queries::forget_attempts(db, &[], subject).await
}

/// Whose network an address is in: the neighbours of an IPv6 address in the same /64 are one subscriber.
#[must_use]
pub fn subscriber(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_subscriber_has_many_addresses_of_ipv6() {
        let whose = |address: &str| subscriber(address.parse().unwrap());
        assert_eq!(whose("2001:db8:1:2::3"), whose("2001:db8:1:2:ffff::9"));
        assert_ne!(whose("2001:db8:1:2::3"), whose("2001:db8:1:3::3"));
        assert_eq!(whose("::ffff:203.0.113.7"), whose("203.0.113.7"));
    }
}
