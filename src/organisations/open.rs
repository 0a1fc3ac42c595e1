//! A firm opens its organisation, and people come in.

use super::{
    error::OrgError,
    model::{NewOrganisation, OrgRole},
    queries,
};
use crate::{
    kernel::{Cx, OrgId, PersonId},
    platform::audit,
};
use serde_json::json;
use sqlx::PgConnection;

/// Organisations of one person who opens another: every page of his names them.
const MOST: usize = 20;

/// Opens an organisation; who opens it has all roles in it. It is unverified.
///
/// # Errors
/// [`OrgError::Taken`] when a verified one has the tax code, [`OrgError::TooMany`].
pub async fn open(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    new: &NewOrganisation,
) -> Result<OrgId, OrgError> {
    if queries::memberships(db, person).await?.len() >= MOST {
        return Err(OrgError::TooMany);
    }
    let id = OrgId(cx.new_id());
    if !queries::insert(db, cx, id, new).await? {
        return Err(OrgError::Taken);
    }
    add_member(db, cx, id, person, &OrgRole::ALL).await?;
    let detail = json!({ "tax_code": new.tax_code, "person": person });
    audit::record(db, cx, "organisations.open", &format!("organisation:{id}"), detail).await?;
    Ok(id)
}

/// Makes a person a member with these roles, or gives a member these roles.
///
/// # Errors
/// Whatever the database says.
pub async fn add_member(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    person: PersonId,
    roles: &[OrgRole],
) -> Result<(), OrgError> {
    queries::put_member(db, cx, org, person, roles).await?;
    Ok(())
}
