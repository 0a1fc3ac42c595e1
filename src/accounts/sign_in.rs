//! Signing in: the same answer for a wrong name, a wrong password and an unproved address.

use super::{AccountError, Contact, passwords, queries, throttle::Throttle};
use crate::kernel::Cx;
use sqlx::PgPool;
use std::net::IpAddr;

/// Whose name and password these are; `None` tells nothing about why not.
///
/// # Errors
/// [`AccountError::TooMany`] after too many failures.
pub(super) async fn check(
    db: &PgPool,
    cx: &Cx,
    throttle: &Throttle,
    address: IpAddr,
    contact: &Contact,
    password: &str,
) -> Result<Option<queries::Row>, AccountError> {
    let attempt = throttle.enter(db, cx, contact.as_str(), address).await?;
    // The connection goes back before the hash is made: two hashes must not hold the pool.
    let row = queries::by_contact(&mut *db.acquire().await?, contact.as_str()).await?;
    let stored = row.as_ref().and_then(|row| row.password_hash.clone());
    let fits = passwords::verify(password, stored).await?;
    let proved = |row: &queries::Row| {
        matches!(contact, Contact::Phone(_)) || row.email_confirmed_at.is_some()
    };
    let found = row.filter(|row| fits && proved(row));
    if found.is_some() {
        throttle.passed(db, &attempt).await?;
    }
    Ok(found)
}
