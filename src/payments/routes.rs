//! What this slice needs and where it answers.

use super::{pages, transfers};
use axum::{Router, extract::FromRef, routing::get};
use sqlx::PgPool;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/ban-hang/thanh-toan", get(pages::show).post(pages::save))
        .merge(transfers::router())
        .with_state(deps)
}
