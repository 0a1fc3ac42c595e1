//! What this slice needs and where it answers.

use super::pages::{figures, firm, list, register, targets};
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

/// The slice's pages: officers of the Department only.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/so-cong-thuong/chi-tieu", get(figures::show))
        .route("/so-cong-thuong/chi-tieu.csv", get(figures::csv))
        .route("/so-cong-thuong/chi-tieu/danh-sach", get(list::show))
        .route("/so-cong-thuong/chi-tieu/danh-sach.csv", get(list::csv))
        .route("/so-cong-thuong/chi-tieu/muc-tieu", get(targets::show).post(targets::set))
        .route("/so-cong-thuong/doanh-nghiep", get(register::show))
        .route("/so-cong-thuong/doanh-nghiep/{tax_code}", get(firm::show))
        .route("/so-cong-thuong/doanh-nghiep/{tax_code}/xem", post(firm::look_at))
        .with_state(deps)
}
