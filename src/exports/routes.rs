//! What this slice needs and where it answers.

use super::pages::{buyer, public, seller};
use crate::{catalogue::Categories, config::Site, places::Places};
use axum::{Router, extract::FromRef, routing::get};
use sqlx::PgPool;
use std::sync::Arc;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
    pub places: Places,
    pub categories: Categories,
    pub site: Arc<Site>,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/xuat-khau", get(public::list))
        .route("/san-pham/{slug}/xuat-khau", get(public::show).post(public::ask))
        .route("/san-pham/{slug}/xuat-khau.pdf", get(public::pdf))
        .route("/hoi-hang/{token}", get(buyer::show).post(buyer::answer))
        .route("/ban-hang/xuat-khau", get(seller::list))
        .route("/ban-hang/xuat-khau/{id}", get(seller::enquiry).post(seller::send))
        .route("/ban-hang/xuat-khau/san-pham/{id}", get(seller::sheet).post(seller::save))
        .with_state(deps)
}
