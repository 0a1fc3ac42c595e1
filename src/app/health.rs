//! Whether this process can serve.

use crate::web::PageError;
use axum::extract::State;
use sqlx::PgPool;

/// `GET /healthz`: 200 when the database answers, 503 when it does not.
pub(super) async fn healthz(State(db): State<PgPool>) -> Result<&'static str, PageError> {
    sqlx::query("select 1").execute(&db).await?;
    Ok("ok\n")
}
