//! What this slice needs and where it answers.

use super::pages::{customer, customers, goods, groups, lists, prices, quick, suppliers};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    routing::{get, post},
};
use sqlx::PgPool;

/// Bytes of an uploaded table.
const MOST: usize = 2 << 20;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/ban-hang/khach-si", get(customers::index))
        .route("/ban-hang/khach-si/cai-dat", post(customers::settle))
        .route("/ban-hang/khach-si/them", post(customers::take_in))
        .route("/ban-hang/khach-si/nhom", get(groups::index).post(groups::create))
        .route("/ban-hang/khach-si/nhom/{nhom}/bo", post(groups::remove))
        .route("/ban-hang/khach-si/gia", get(prices::index).post(prices::create))
        .route("/ban-hang/khach-si/gia/{gia}/bo", post(prices::remove))
        .route("/ban-hang/khach-si/hang", get(goods::index))
        .route("/ban-hang/khach-si/hang/{variant}", get(goods::edit).post(goods::save))
        .route("/ban-hang/khach-si/{org}", get(customer::index).post(customer::act))
        .route("/ban-hang/khach-si/{org}/mau", post(customer::give_again))
        .route("/to-chuc/nha-cung-cap", get(suppliers::index))
        .route("/to-chuc/nha-cung-cap/hoi", get(suppliers::ask_form).post(suppliers::ask))
        .route(
            "/to-chuc/dat-nhanh",
            get(quick::index).post(quick::read).layer(DefaultBodyLimit::max(MOST)),
        )
        .route("/to-chuc/danh-sach-mua", get(lists::index).post(lists::create))
        .route("/to-chuc/danh-sach-mua/{list}", get(lists::show).post(lists::save))
        .route("/to-chuc/danh-sach-mua/{list}/xoa", post(lists::remove))
        .with_state(deps)
}
