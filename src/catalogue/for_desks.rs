//! What the desks ask of the catalogue.

use super::queries::list;
use sqlx::PgConnection;

/// How many listings wait for a reviewer.
///
/// # Errors
/// Whatever the database says.
pub async fn waiting_for_review(db: &mut PgConnection) -> sqlx::Result<i64> {
    list::waiting(db).await
}
