//! What the seller's desk asks of a person's account.

use super::queries_for_shops as queries;
use crate::kernel::{PersonId, SellerId};
use sqlx::PgConnection;
use uuid::Uuid;

/// Whether the person has shown that his e-mail address is his.
///
/// # Errors
/// Whatever the database says.
pub async fn email_confirmed(db: &mut PgConnection, person: PersonId) -> sqlx::Result<bool> {
    queries::email_confirmed(db, person).await
}

/// Chooses the shop that a session acts for. The caller has seen that its person is a member.
///
/// # Errors
/// Whatever the database says.
pub async fn act_for(db: &mut PgConnection, session: Uuid, seller: SellerId) -> sqlx::Result<()> {
    queries::act_for(db, session, seller).await
}
