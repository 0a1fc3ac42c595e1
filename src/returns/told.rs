//! One move of a return, for whoever tells of it.

use super::{
    machine::Actor,
    queries_read::{self, Scope},
};
use crate::kernel::Text;
use sqlx::PgConnection;
use uuid::Uuid;

/// A move of a return.
#[derive(Debug, Clone)]
pub struct Told {
    /// What people read out.
    pub code: String,
    /// Where it stands after the move.
    pub state: Text,
    /// Who moved it.
    pub actor: Actor,
}

/// The move that made a return's `version`.
///
/// # Errors
/// Whatever the database says.
pub async fn told(db: &mut PgConnection, case: Uuid, version: i32) -> sqlx::Result<Option<Told>> {
    let Some(whole) = queries_read::find(db, case, Scope::Anywhere).await? else { return Ok(None) };
    let found = whole.history.iter().find(|happened| happened.version == version);
    Ok(found.map(|happened| Told {
        code: whole.case.code.clone(),
        state: happened.to.label(),
        actor: happened.actor,
    }))
}
