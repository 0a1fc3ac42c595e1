//! Closing an account.

use super::{AccountError, queries, queries_own, queries_sessions};
use crate::kernel::{Cx, PersonId};
use sqlx::PgConnection;

/// Closes an account: name, address, number, password and second factor are wiped, sessions end,
/// consents are withdrawn but stay on record. Orders keep what their contract needs.
///
/// # Errors
/// [`AccountError::OwnsShop`] while the person owns a living shop, [`AccountError::KeepsFirm`] while nobody else
/// administers a firm that has other members.
pub(super) async fn close_account(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
) -> Result<(), AccountError> {
    if queries::owns_shop(db, person).await? {
        return Err(AccountError::OwnsShop);
    }
    if queries::keeps_firm(db, person).await? {
        return Err(AccountError::KeepsFirm);
    }
    queries::clear_totp(db, person).await?;
    queries::anonymise(db, person, cx.now).await?;
    queries_own::delete_addresses(db, person).await?;
    queries_own::withdraw_all(db, person, cx.now).await?;
    for purpose in ["confirm_email", "reset_password"] {
        queries_sessions::void_tokens(db, person, purpose, cx.now).await?;
    }
    Ok(queries_sessions::revoke_others(db, person, None).await?)
}
