//! What this slice needs and where it answers.

use super::pages;
use axum::{
    Router,
    extract::FromRef,
    routing::{get, post},
};
use sqlx::PgPool;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/ban-hang/khuyen-mai", get(pages::list))
        .route("/ban-hang/khuyen-mai/moi", get(pages::new).post(pages::create))
        .route("/ban-hang/khuyen-mai/{id}", get(pages::show).post(pages::change))
        .route("/ban-hang/khuyen-mai/{id}/dung", post(pages::stop))
        .with_state(deps)
}
