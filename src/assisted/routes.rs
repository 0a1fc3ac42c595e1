//! What this slice needs and where it answers.

use super::pages::{desk, operator, purchase};
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

/// The slice's pages: the clerk's, and the operator's list of clerks.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/diem-ho-tro", get(desk::show).post(desk::begin))
        .route("/diem-ho-tro/tiep", post(desk::go_on))
        .route("/diem-ho-tro/ket-thuc", post(desk::end))
        .route("/diem-ho-tro/lan-dat/{code}", get(purchase::show))
        .route("/diem-ho-tro/lan-dat/{code}/giay", get(purchase::paper))
        .route("/van-hanh/diem-ho-tro", get(operator::show).post(operator::grant))
        .route("/van-hanh/diem-ho-tro/thu-hoi", post(operator::revoke))
        .with_state(deps)
}
