//! What the desk needs and where it answers.

use super::{overview, seller, sellers};
use crate::places::Places;
use axum::{
    Router,
    extract::FromRef,
    routing::{get, post},
};
use sqlx::PgPool;

/// What the desk may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
    pub places: Places,
}

/// The desk's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/so-cong-thuong", get(overview::overview))
        .route("/so-cong-thuong/gian-hang", get(sellers::list))
        .route("/so-cong-thuong/gian-hang/{id}", get(seller::read).post(seller::decide))
        .route("/so-cong-thuong/gian-hang/{id}/giay-to/{paper}", post(seller::judge_paper))
        .with_state(deps)
}
