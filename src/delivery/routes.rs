//! What this slice needs and where it answers.

use super::pages;
use crate::places::Places;
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
    pub places: Places,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/ban-hang/giao-hang", get(pages::show).post(pages::change))
        .route("/ban-hang/giao-hang/vung", get(pages::new_zone).post(pages::create_zone))
        .route("/ban-hang/giao-hang/vung/{id}", get(pages::edit_zone).post(pages::change_zone))
        .route("/ban-hang/giao-hang/vung/{id}/bo", post(pages::remove_zone))
        .with_state(deps)
}
