//! The demo's pages; in a real deployment they do not exist.

use super::pages;
use axum::{Router, extract::FromRef, routing::get};
use sqlx::PgPool;

/// What the demo's pages may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
}

/// The pages of the demo; the composition root merges them only where `site.demo` is set.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/demo", get(pages::people))
        .route("/demo/sms", get(pages::texts))
        .route("/demo/thu", get(pages::mails))
        .route("/demo/thu/{id}", get(pages::mail))
        .with_state(deps)
}
