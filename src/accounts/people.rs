//! Making and finding people.

use super::{AccountError, NewPerson, Person, Role, RoleHolder, queries};
use crate::kernel::{Cx, PersonId};
use sqlx::PgConnection;

/// Makes an account.
///
/// # Errors
/// [`AccountError::Taken`] when the address or number has one.
pub async fn create_person(
    db: &mut PgConnection,
    cx: &Cx,
    new: &NewPerson,
) -> Result<PersonId, AccountError> {
    let id = PersonId(cx.new_id());
    queries::insert(db, id, new, cx.now).await?.ok_or(AccountError::Taken)
}

/// Gives a role; giving it twice changes nothing. The caller writes the audit chain.
///
/// # Errors
/// Whatever the database says.
pub async fn grant_role(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    role: Role,
) -> sqlx::Result<()> {
    queries::grant(db, person, role, cx.now).await
}

/// Who somebody is; `None` when there is nobody or the account is closed.
///
/// # Errors
/// Whatever the database says.
pub async fn person(db: &mut PgConnection, id: PersonId) -> sqlx::Result<Option<Person>> {
    Ok(queries::person(db, id).await?.map(Person::from))
}

/// Who these are, in any order; whose account is closed is left out.
///
/// # Errors
/// Whatever the database says.
pub async fn people(db: &mut PgConnection, ids: &[PersonId]) -> sqlx::Result<Vec<Person>> {
    Ok(queries::people(db, ids).await?.into_iter().map(Person::from).collect())
}

/// Whose e-mail address it is, in any case of letters.
///
/// # Errors
/// Whatever the database says.
pub async fn person_by_email(db: &mut PgConnection, email: &str) -> sqlx::Result<Option<Person>> {
    let email = email.trim().to_lowercase();
    Ok(queries::by_contact(db, &email).await?.map(Person::from))
}

/// Notes a demo person's password in the clear, for the demo's own page. Never for real people.
///
/// # Errors
/// Whatever the database says.
pub async fn set_demo_password(
    db: &mut PgConnection,
    id: PersonId,
    password: &str,
) -> sqlx::Result<()> {
    queries::set_demo_password(db, id, password).await
}

/// Officers and operators, by role and name.
///
/// # Errors
/// Whatever the database says.
pub async fn roles(db: &mut PgConnection) -> sqlx::Result<Vec<RoleHolder>> {
    queries::holders(db).await
}
