//! What this slice needs and where it answers.

use super::pages::{desk, listing, listing_paper, operator, purchase, seller};
use crate::{catalogue::Categories, places::Places};
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
    pub categories: Categories,
}

/// The slice's pages: the clerk's, and the operator's list of clerks.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/diem-ho-tro", get(desk::show).post(desk::begin))
        .route("/diem-ho-tro/tiep", post(desk::go_on))
        .route("/diem-ho-tro/ket-thuc", post(desk::end))
        .route("/diem-ho-tro/lan-dat/{code}", get(purchase::show))
        .route("/diem-ho-tro/lan-dat/{code}/giay", get(purchase::paper))
        .route("/diem-ho-tro/dang-ho", get(listing::show).post(listing::agree))
        .route("/diem-ho-tro/dang-ho/{id}", get(listing::form).post(listing::create))
        .route("/diem-ho-tro/dang-ho/{id}/ket-thuc", post(listing::end))
        .route("/diem-ho-tro/dang-ho/{id}/giay", get(listing_paper::show))
        .route("/ban-hang/dang-ho", get(seller::show))
        .route("/ban-hang/dang-ho/{id}/thu-hoi", post(seller::take_back))
        .route("/van-hanh/diem-ho-tro", get(operator::show).post(operator::grant))
        .route("/van-hanh/diem-ho-tro/thu-hoi", post(operator::revoke))
        .with_state(deps)
}
