//! Who belongs to an organisation, and in which roles.

use super::{error::OrgError, model::OrgRole, queries, queries_people};
use crate::{
    kernel::{Cx, OrgId, PersonId},
    platform::audit,
};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

/// A member with his roles.
#[derive(Debug, Clone)]
pub struct Member {
    pub person: PersonId,
    pub roles: Vec<OrgRole>,
    pub added_at: DateTime<Utc>,
}

/// All members of an organisation, the oldest first.
///
/// # Errors
/// Whatever the database says.
pub async fn members(db: &mut PgConnection, org: OrgId) -> sqlx::Result<Vec<Member>> {
    queries_people::members(db, org).await
}

/// Whether this is the only administrator. The organisation is held still, so that two cannot leave at once.
async fn is_last(db: &mut PgConnection, org: OrgId, person: PersonId) -> Result<bool, OrgError> {
    queries::lock(db, org).await?.ok_or(OrgError::NotFound)?;
    Ok(queries::members_with(db, org, OrgRole::Administrator).await? == [person])
}

/// Gives a member these roles.
///
/// # Errors
/// [`OrgError::LastAdministrator`], [`OrgError::NotFound`].
pub(super) async fn set_roles(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    person: PersonId,
    roles: &[OrgRole],
) -> Result<(), OrgError> {
    let last = is_last(db, org, person).await?;
    if last && !roles.contains(&OrgRole::Administrator) {
        return Err(OrgError::LastAdministrator);
    }
    if !queries_people::set_roles(db, org, person, roles).await? {
        return Err(OrgError::NotFound);
    }
    let roles: Vec<&str> = roles.iter().map(|role| role.code()).collect();
    let detail = json!({ "person": person, "roles": roles });
    audit::record(db, cx, "organisations.set_roles", &format!("organisation:{org}"), detail)
        .await?;
    Ok(())
}

/// Takes a member off.
///
/// # Errors
/// [`OrgError::LastAdministrator`], [`OrgError::NotFound`].
pub(super) async fn remove(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    person: PersonId,
) -> Result<(), OrgError> {
    if is_last(db, org, person).await? {
        return Err(OrgError::LastAdministrator);
    }
    if !queries_people::remove(db, org, person).await? {
        return Err(OrgError::NotFound);
    }
    let detail = json!({ "person": person });
    audit::record(db, cx, "organisations.remove_member", &format!("organisation:{org}"), detail)
        .await?;
    Ok(())
}
