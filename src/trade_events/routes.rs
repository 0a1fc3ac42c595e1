//! What this slice needs and where it answers.

use super::pages::{buyer, department, host, public, seller};
use crate::{config::Site, places::Places};
use axum::{
    Router,
    extract::FromRef,
    routing::{get, post},
};
use sqlx::PgPool;
use std::sync::Arc;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
    pub places: Places,
    pub site: Arc<Site>,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/su-kien", get(public::list))
        .route("/su-kien/{slug}", get(public::show))
        .route("/su-kien/{slug}/hen", get(buyer::wish).post(buyer::ask))
        .route("/tai-khoan/lich-hen", get(buyer::mine))
        .route("/tai-khoan/lich-hen/{id}/huy", post(buyer::cancel))
        .route("/ban-hang/su-kien", get(seller::list))
        .route("/ban-hang/su-kien/tham-gia", get(seller::show).post(seller::sign_up))
        .route("/ban-hang/su-kien/hen/{id}", get(seller::meeting).post(seller::answer))
        .route("/so-cong-thuong/su-kien", get(department::list))
        .route("/so-cong-thuong/su-kien/moi", get(department::new).post(department::make))
        .route("/so-cong-thuong/su-kien/{id}", get(department::show).post(department::change))
        .route("/so-cong-thuong/su-kien/{id}/buoc", post(department::step))
        .route("/so-cong-thuong/su-kien/{id}/gian-hang", post(department::decide))
        .route("/so-cong-thuong/su-kien/{id}/ket-qua.csv", get(department::results))
        .route("/to-chuc/su-kien", get(host::list))
        .route("/to-chuc/su-kien/moi", get(host::new).post(host::make))
        .route("/to-chuc/su-kien/{id}", get(host::show).post(host::change))
        .route("/to-chuc/su-kien/{id}/buoc", post(host::step))
        .route("/to-chuc/su-kien/{id}/gian-hang", post(host::decide))
        .route("/to-chuc/su-kien/{id}/ket-qua.csv", get(host::results))
        .with_state(deps)
}
