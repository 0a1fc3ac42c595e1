//! What the desks of sellers and of buying firms ask of a person's account.

use super::queries_for_shops as queries;
use crate::{
    kernel::{OrgId, PersonId, SellerId},
    web::FOR_HIMSELF,
};
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

/// Chooses the organisation that a session buys for, or nobody but its person. The caller has seen that he is a member.
///
/// # Errors
/// Whatever the database says.
pub async fn buy_for(db: &mut PgConnection, session: Uuid, org: Option<OrgId>) -> sqlx::Result<()> {
    queries::buy_for(db, session, org.map_or(FOR_HIMSELF, |org| org.0)).await
}
