//! Purchase lists: what a firm buys again and again.

use super::{error::WholesaleError, queries_lists as queries};
use crate::kernel::{Cx, OrgId, VariantId};
use sqlx::PgConnection;
use uuid::Uuid;

/// As many as a basket holds.
pub(super) const MOST_LINES: usize = 100;
const MOST_LISTS: i64 = 200;

/// Begins a list.
///
/// # Errors
/// [`WholesaleError::Taken`] when the firm has one of this name; [`WholesaleError::Full`].
pub async fn add_list(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    name: &str,
    lines: &[(VariantId, i64)],
) -> Result<Uuid, WholesaleError> {
    if lines.len() > MOST_LINES || queries::count(db, org).await? >= MOST_LISTS {
        return Err(WholesaleError::Full);
    }
    let id = cx.new_id();
    if !queries::insert(db, cx, id, org, name).await? {
        return Err(WholesaleError::Taken);
    }
    queries::put_lines(db, id, lines).await?;
    Ok(id)
}

/// Replaces name and lines of a list that the firm has seen as of `version`.
///
/// # Errors
/// [`WholesaleError::Stale`] when somebody else has changed it; [`WholesaleError::Taken`], [`WholesaleError::Full`].
pub async fn save_list(
    db: &mut PgConnection,
    cx: &Cx,
    (org, id): (OrgId, Uuid),
    version: i32,
    name: &str,
    lines: &[(VariantId, i64)],
) -> Result<(), WholesaleError> {
    if lines.len() > MOST_LINES {
        return Err(WholesaleError::Full);
    }
    match queries::rename(db, cx, (org, id), version, name).await {
        Ok(true) => {}
        Ok(false) if queries::list(db, org, id).await?.is_none() => {
            return Err(WholesaleError::NotFound);
        }
        Ok(false) => return Err(WholesaleError::Stale),
        Err(error) if is_taken(&error) => return Err(WholesaleError::Taken),
        Err(error) => return Err(error.into()),
    }
    queries::put_lines(db, id, lines).await?;
    Ok(())
}

fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|e| e.constraint()) == Some("lists_name")
}
