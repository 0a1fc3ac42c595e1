//! Where a person has goods sent.

use super::{AccountError, queries_own as queries};
use crate::kernel::{Cx, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

/// More are not kept.
const MOST: i64 = 20;

/// A saved address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub id: Uuid,
    pub recipient: String,
    /// E.164.
    pub phone: String,
    pub commune_code: String,
    pub line: String,
    pub is_default: bool,
}

/// An address to be saved, already checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAddress {
    pub recipient: String,
    /// E.164.
    pub phone: String,
    pub commune_code: String,
    pub line: String,
    /// The one that is filled in first from now on. A person's first address is in any case.
    pub is_default: bool,
}

/// The addresses of a person, the default first.
///
/// # Errors
/// Whatever the database says.
pub async fn addresses(db: &mut PgConnection, person: PersonId) -> sqlx::Result<Vec<Address>> {
    queries::addresses(db, person).await
}

/// Saves an address; one that is there already in the same words is not doubled.
///
/// # Errors
/// [`AccountError::Full`] when there are twenty.
pub async fn save_address(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    new: &NewAddress,
) -> Result<Uuid, AccountError> {
    queries::lock_person(db, person).await?;
    let saved = queries::addresses(db, person).await?;
    let same = |a: &&Address| {
        a.recipient == new.recipient
            && a.phone == new.phone
            && a.commune_code == new.commune_code
            && a.line == new.line
    };
    let id = match saved.iter().find(same) {
        Some(there) => there.id,
        None if i64::try_from(saved.len()).unwrap_or(MOST) >= MOST => {
            return Err(AccountError::Full);
        }
        None => queries::insert_address(db, cx.new_id(), person, new, cx.now).await?,
    };
    if new.is_default || saved.is_empty() {
        queries::make_default(db, person, id).await?;
    }
    Ok(id)
}

/// Changes a person's own address.
pub(super) async fn change_address(
    db: &mut PgConnection,
    person: PersonId,
    id: Uuid,
    new: &NewAddress,
) -> Result<(), AccountError> {
    queries::lock_person(db, person).await?;
    if !queries::update_address(db, person, id, new).await? {
        return Err(AccountError::NotFound);
    }
    if new.is_default {
        queries::make_default(db, person, id).await?;
    }
    Ok(())
}

/// Deletes a person's own address; the oldest of the others takes its place as the default.
pub(super) async fn delete_address(
    db: &mut PgConnection,
    person: PersonId,
    id: Uuid,
) -> Result<(), AccountError> {
    queries::lock_person(db, person).await?;
    let was_default = queries::delete_address(db, person, id).await?;
    match was_default.ok_or(AccountError::NotFound)? {
        false => Ok(()),
        true => {
            let left = queries::addresses(db, person).await?;
            if let Some(next) = left.first() {
                queries::make_default(db, person, next.id).await?;
            }
            Ok(())
        }
    }
}

/// Makes a person's own address the default.
pub(super) async fn choose_address(
    db: &mut PgConnection,
    person: PersonId,
    id: Uuid,
) -> Result<(), AccountError> {
    queries::lock_person(db, person).await?;
    let mine = queries::addresses(db, person).await?.iter().any(|a| a.id == id);
    if !mine {
        return Err(AccountError::NotFound);
    }
    Ok(queries::make_default(db, person, id).await?)
}
