//! What the operator's desk and the demo's page ask of accounts.

use super::{Role, queries_for_desks as queries, second_factor};
use crate::kernel::{Cx, PersonId};
use sqlx::PgConnection;
use std::collections::HashMap;

/// Takes a role away; `false` when the person did not have it. The caller writes the audit chain.
///
/// # Errors
/// Whatever the database says.
pub async fn revoke_role(
    db: &mut PgConnection,
    person: PersonId,
    role: Role,
) -> sqlx::Result<bool> {
    queries::revoke(db, person, role).await
}

/// The names of people, in one statement.
///
/// # Errors
/// Whatever the database says.
pub async fn names(
    db: &mut PgConnection,
    people: &[uuid::Uuid],
) -> sqlx::Result<HashMap<uuid::Uuid, String>> {
    Ok(queries::names(db, people).await?.into_iter().collect())
}

/// Somebody of the demo, with what is needed to sign in as him.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub password: String,
    pub is_officer: bool,
    pub is_operator: bool,
    /// `owner` or `staff`, and the shop's name.
    pub shop: Option<(String, String)>,
    /// The second factor's code at this moment.
    pub code: Option<String>,
}

/// The demo's people, officers and operators first. Real people have no password to be shown.
///
/// # Errors
/// Whatever the database says.
pub async fn demo_people(db: &mut PgConnection, cx: &Cx) -> sqlx::Result<Vec<DemoPerson>> {
    let rows = queries::demo_people(db).await?;
    let people = rows.into_iter().map(|row| DemoPerson {
        code: row.totp_secret.and_then(|secret| second_factor::current_code(&secret, cx.now)),
        shop: row.shop_role.zip(row.shop_name),
        name: row.name,
        email: row.email,
        phone: row.phone,
        password: row.password,
        is_officer: row.is_officer,
        is_operator: row.is_operator,
    });
    Ok(people.collect())
}
