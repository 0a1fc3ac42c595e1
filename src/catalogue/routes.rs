//! What this slice needs and where it answers.

use axum::{Router, extract::FromRef};
use sqlx::PgPool;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new().with_state(deps)
}
