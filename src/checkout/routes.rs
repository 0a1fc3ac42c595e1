//! What this slice needs and where it answers.

use super::pages::{address, basket, delivery, done, invoice, review};
use crate::{delivery::Office, places::Places};
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
    pub office: Office,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/gio-hang", get(basket::show))
        .route("/gio-hang/them", post(basket::add))
        .route("/gio-hang/sua", post(basket::change))
        .route("/gio-hang/bo", post(basket::remove))
        .route("/dat-hang", get(address::show).post(address::save))
        .route("/dat-hang/giao-hang", get(delivery::show).post(delivery::save))
        .route("/dat-hang/hoa-don", get(invoice::show).post(invoice::save))
        .route("/dat-hang/xem-lai", get(review::show).post(review::place))
        .route("/dat-hang/xong/{code}", get(done::show))
        .with_state(deps)
}
