//! The machine as the operator sees it: how large the database is, and which reference files are loaded.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// Bytes that the database takes.
///
/// # Errors
/// Whatever the database says.
pub async fn database_size(db: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select pg_database_size(current_database()) as "bytes!""#)
        .fetch_one(db)
        .await
}

/// Each shipped reference file: its name, the beginning of its digest, when it was loaded.
///
/// # Errors
/// Whatever the database says.
pub async fn references(
    db: &mut PgConnection,
) -> sqlx::Result<Vec<(String, String, DateTime<Utc>)>> {
    let rows = sqlx::query!(
        r#"select name, left(encode(digest, 'hex'), 12) as "digest!", loaded_at
           from platform.reference_loads order by name"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.name, row.digest, row.loaded_at)).collect())
}
