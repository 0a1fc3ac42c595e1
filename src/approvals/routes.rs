//! What this slice needs and where it answers.

use super::pages::{list, rules, show, stand_ins};
use crate::catalogue::Categories;
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
    pub categories: Categories,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/to-chuc/duyet", get(list::show))
        .route("/to-chuc/duyet/{id}", get(show::show).post(show::answer))
        .route("/to-chuc/quy-tac", get(rules::show).post(rules::add))
        .route("/to-chuc/quy-tac/{id}/go", post(rules::end))
        .route("/to-chuc/nguoi-thay", get(stand_ins::show).post(stand_ins::add))
        .route("/to-chuc/nguoi-thay/{id}/go", post(stand_ins::end))
        .with_state(deps)
}
