//! What this slice needs and where it answers.

use super::pages::{buyer, credit, papers, seller, sign};
use crate::platform::{files::Files, sealed::Sealer};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    routing::{get, post},
};
use sqlx::PgPool;

/// Bytes of an uploaded file with its form around it.
const MOST: usize = 11 << 20;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
    pub files: Files,
    pub sealer: Sealer,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/to-chuc/don-mua", get(buyer::list))
        .route("/to-chuc/don-mua/{number}", get(buyer::show).post(buyer::act_on))
        .route("/to-chuc/don-mua/{number}/qr/{nth}", get(papers::qr))
        .route("/to-chuc/don-mua/{number}/hop-dong.pdf", get(papers::contract_of_buyer))
        .route("/to-chuc/don-mua/{number}/giao-hang/{nth}", get(papers::delivery_of_buyer))
        .route("/to-chuc/don-mua/{number}/nghiem-thu.pdf", get(papers::acceptance_of_buyer))
        .route("/to-chuc/don-mua/{number}/ubl.xml", get(papers::ubl_of_buyer))
        .route("/ban-hang/don-mua", get(seller::list))
        .route("/ban-hang/don-mua/cong-no", get(credit::show).post(credit::save))
        .route("/ban-hang/don-mua/{number}", get(seller::show).post(seller::act_on))
        .route("/ban-hang/don-mua/{number}/hop-dong.pdf", get(papers::contract_of_seller))
        .route("/ban-hang/don-mua/{number}/giao-hang/{nth}", get(papers::delivery_of_seller))
        .route("/ban-hang/don-mua/{number}/nghiem-thu.pdf", get(papers::acceptance_of_seller))
        .route("/ban-hang/don-mua/{number}/ubl.xml", get(papers::ubl_of_seller))
        .route(
            "/to-chuc/don-mua/{number}/chu-ky",
            post(sign::sign_of_buyer).layer(DefaultBodyLimit::max(MOST)),
        )
        .route("/to-chuc/don-mua/{number}/tra-loi.xml", get(papers::response_of_buyer))
        .route("/ban-hang/don-mua/{number}/tra-loi.xml", get(papers::response_of_seller))
        .route("/to-chuc/don-mua/{number}/giao-hang/{nth}/ubl.xml", get(papers::despatch_of_buyer))
        .route(
            "/ban-hang/don-mua/{number}/giao-hang/{nth}/ubl.xml",
            get(papers::despatch_of_seller),
        )
        .route("/to-chuc/don-mua/{number}/chu-ky/{id}", get(sign::file_of_buyer))
        .route(
            "/ban-hang/don-mua/{number}/chu-ky",
            post(sign::sign_of_seller).layer(DefaultBodyLimit::max(MOST)),
        )
        .route("/ban-hang/don-mua/{number}/chu-ky/{id}", get(sign::file_of_seller))
        .with_state(deps)
}
