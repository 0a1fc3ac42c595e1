//! What this slice needs and where it answers.

use super::pages;
use axum::{Router, extract::FromRef, routing::get};
use sqlx::PgPool;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new().route("/ban-hang", get(pages::overview)).with_state(deps)
}
