//! Where goods can be collected.

use super::queries;
use sqlx::PgConnection;
use uuid::Uuid;

/// A post office, commune culture point or other place of collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    pub id: Uuid,
    pub name: String,
    /// `post`.
    pub kind: String,
    pub commune_code: String,
    pub address: String,
}

/// The open points of a province, or of one commune in it, by name.
///
/// # Errors
/// Whatever the database says.
pub async fn points_in(
    db: &mut PgConnection,
    province: &str,
    commune: Option<&str>,
) -> sqlx::Result<Vec<Point>> {
    queries::points(db, province, commune).await
}

/// One open point.
///
/// # Errors
/// Whatever the database says.
pub async fn point(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Point>> {
    queries::point(db, id).await
}
