//! Departments and places of a firm to which goods go.

use super::{error::OrgError, queries, queries_sites};
use crate::{
    kernel::{Cx, OrgId},
    platform::audit,
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// As many as a firm keeps.
const MOST: usize = 200;

/// A place to which goods go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub id: Uuid,
    /// `Bếp trung tâm`
    pub name: String,
    pub recipient: String,
    /// E.164.
    pub phone: String,
    pub commune_code: String,
    /// House number, street, village.
    pub line: String,
    /// Where goods usually go.
    pub is_default: bool,
}

/// One as told, checked.
#[derive(Debug, Clone)]
pub struct NewSite {
    pub name: String,
    pub recipient: String,
    /// E.164.
    pub phone: String,
    pub commune_code: String,
    pub line: String,
    pub is_default: bool,
}

/// All of an organisation, the usual one first.
///
/// # Errors
/// Whatever the database says.
pub async fn sites(db: &mut PgConnection, org: OrgId) -> sqlx::Result<Vec<Site>> {
    queries_sites::all(db, org).await
}

/// Writes a new one, or the one of this id; the first is the usual one.
///
/// # Errors
/// [`OrgError::NotFound`] when the id is another organisation's, [`OrgError::Full`].
pub async fn save(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    id: Option<Uuid>,
    new: &NewSite,
) -> Result<Uuid, OrgError> {
    // Held still, so that one is the usual one whoever else writes.
    queries::lock(db, org).await?.ok_or(OrgError::NotFound)?;
    let there = queries_sites::all(db, org).await?;
    if id.is_some_and(|id| !there.iter().any(|site| site.id == id)) {
        return Err(OrgError::NotFound);
    }
    if id.is_none() && there.len() >= MOST {
        return Err(OrgError::Full);
    }
    let id = id.unwrap_or_else(|| cx.new_id());
    let another_is_usual = there.iter().any(|site| site.is_default && site.id != id);
    let new = NewSite { is_default: new.is_default || !another_is_usual, ..new.clone() };
    if new.is_default {
        queries_sites::unset_default(db, org, id).await?;
    }
    if !queries_sites::put(db, cx, org, id, &new).await? {
        return Err(OrgError::NotFound);
    }
    Ok(id)
}

/// Takes one off.
///
/// # Errors
/// [`OrgError::NotFound`].
pub(super) async fn remove(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    id: Uuid,
) -> Result<(), OrgError> {
    if !queries_sites::remove(db, cx, org, id).await? {
        return Err(OrgError::NotFound);
    }
    let detail = json!({ "site": id });
    audit::record(db, cx, "organisations.remove_site", &format!("organisation:{org}"), detail)
        .await?;
    Ok(())
}
