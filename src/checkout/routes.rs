//! What this slice needs and where it answers.

use super::{
    ground::Ground,
    pages::{address, basket, delivery, done, invoice, many, review},
};
use crate::{catalogue::Categories, delivery::Office, places::Places};
use axum::{
    Router,
    extract::FromRef,
    routing::{get, post},
};
use sqlx::PgPool;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    db: PgPool,
    places: Ground,
    office: Office,
}

impl Deps {
    /// Account numbers are opened with the key of the office.
    #[must_use]
    pub fn new(db: PgPool, (places, categories): (Places, Categories), office: Office) -> Self {
        Self { db, places: Ground::new(places, categories, office.sealer.clone()), office }
    }
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/gio-hang", get(basket::show))
        .route("/gio-hang/them", post(basket::add))
        .route("/gio-hang/them-nhieu", post(many::add))
        .route("/gio-hang/sua", post(basket::change))
        .route("/gio-hang/bo", post(basket::remove))
        .route("/dat-hang", get(address::show).post(address::save))
        .route("/dat-hang/giao-hang", get(delivery::show).post(delivery::save))
        .route("/dat-hang/hoa-don", get(invoice::show).post(invoice::save))
        .route("/dat-hang/xem-lai", get(review::show).post(review::place))
        .route("/dat-hang/xong/{code}", get(done::show))
        .with_state(deps)
}
