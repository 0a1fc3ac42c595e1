//! What this slice needs and where it answers.

use super::pages::{author, list, moderate, picture, report, seller};
use crate::platform::kept_pictures::Pictures;
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    routing::{get, post},
};
use sqlx::PgPool;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
    pub pictures: Pictures,
}

/// Five pictures of ten megabytes, and what stands around them.
const PICTURES: usize = 51 << 20;

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/san-pham/{slug}/danh-gia", get(list::of_product))
        .route("/don-hang/{code}/danh-gia", get(author::lines))
        .route(
            "/don-hang/{code}/danh-gia/{line}",
            get(author::form).post(author::save).layer(DefaultBodyLimit::max(PICTURES)),
        )
        .route("/danh-gia/anh/{file}", get(picture::show))
        .route("/danh-gia/{id}/bao-cao", get(report::form).post(report::send))
        .route("/ban-hang/danh-gia", get(seller::index))
        .route("/ban-hang/danh-gia/{id}/tra-loi", post(seller::save))
        .merge(moderator("/so-cong-thuong/danh-gia"))
        .merge(moderator("/van-hanh/danh-gia"))
        .with_state(deps)
}

fn moderator(base: &str) -> Router<Deps> {
    Router::new()
        .route(base, get(moderate::index))
        .route(&format!("{base}/{{id}}"), get(moderate::look).post(moderate::judge))
}
