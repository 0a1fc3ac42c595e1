//! The audit chain as the operator reads it.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// One act.
#[derive(Debug, Clone)]
pub struct Act {
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub actor: Option<Uuid>,
    pub action: String,
    pub subject: String,
    pub detail: serde_json::Value,
}

/// The newest acts before `before`; on subjects that begin with `subject`, by `actor`, where these are given.
///
/// # Errors
/// Whatever the database says.
pub async fn acts(
    db: &mut PgConnection,
    before: i64,
    subject: &str,
    actor: Option<Uuid>,
    limit: i64,
) -> sqlx::Result<Vec<Act>> {
    sqlx::query_as!(
        Act,
        "select seq, at, actor, action, subject, detail from platform.audit
         where seq < $1 and ($2 = '' or starts_with(subject, $2)) and ($3::uuid is null or actor = $3)
         order by seq desc limit $4",
        before,
        subject,
        actor,
        limit,
    )
    .fetch_all(db)
    .await
}
