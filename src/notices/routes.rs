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
        .route("/thong-bao", get(pages::index))
        .route("/thong-bao/da-doc", post(pages::read_all))
        .route("/thong-bao/tuy-chon", get(pages::choices).post(pages::choose))
        .route("/thong-bao/{id}", get(pages::open))
        .route("/don-hang/{code}/thoi-hoi", get(pages::ask_no_more).post(pages::refuse))
        .with_state(deps)
}
