//! What this slice needs and where it answers.

use super::{
    api,
    pages::{buyer, buyer_quote, choose, file, lists, new, offer, seller, sheet, ubl},
};
use crate::{catalogue::Categories, places::Places, platform::files::Files, purchasing};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    routing::{get, post},
};
use sqlx::PgPool;

/// Files of one form, with the form around them.
const MOST_BYTES: usize = 62 << 20;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
    pub files: Files,
    pub places: Places,
    pub categories: Categories,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/to-chuc/bao-gia", get(lists::buyer))
        .route(
            "/to-chuc/bao-gia/moi",
            get(new::show).post(new::send).layer(DefaultBodyLimit::max(MOST_BYTES)),
        )
        .route(
            "/to-chuc/bao-gia/moi/ubl",
            post(ubl::fill).layer(DefaultBodyLimit::max(purchasing::MOST_UBL_BYTES + (64 << 10))),
        )
        .route("/to-chuc/bao-gia/{id}", get(buyer::show).post(buyer::act))
        .route("/to-chuc/bao-gia/{id}/chon", post(choose::choose))
        .route("/to-chuc/bao-gia/{id}/so-sanh.xlsx", get(sheet::sheet))
        .route(
            "/to-chuc/bao-gia/{id}/chao-gia/{quote}",
            get(buyer_quote::quote).post(buyer_quote::act_on_quote),
        )
        .route("/to-chuc/bao-gia/{id}/tep/{file}", get(file::buyer))
        .route("/ban-hang/bao-gia", get(lists::seller))
        .route("/ban-hang/bao-gia/han-muc", get(seller::limit).post(seller::set_limit_form))
        .route(
            "/ban-hang/bao-gia/{id}",
            get(seller::show).post(offer::send).layer(DefaultBodyLimit::max(MOST_BYTES)),
        )
        .route("/ban-hang/bao-gia/{id}/viec", post(seller::act))
        .route("/ban-hang/bao-gia/{id}/tep/{file}", get(file::seller))
        .route("/api/v1/quote-requests", get(api::requests))
        .route("/api/v1/quote-requests/{id}", get(api::request))
        .route("/api/v1/quotes", get(api::quotes))
        .route("/api/v1/quotes/{id}", get(api::quote))
        .with_state(deps)
}
