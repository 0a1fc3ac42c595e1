//! What this slice needs and where it answers.

use super::{pages, pages_rules};
use crate::catalogue::Categories;
use axum::{Router, extract::FromRef, routing::get};
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
        .route("/ban-hang/so-cai", get(pages::show))
        .route("/ban-hang/so-cai/xuat.xlsx", get(pages::export))
        .route("/van-hanh/phi", get(pages_rules::show).post(pages_rules::set))
        .with_state(deps)
}
