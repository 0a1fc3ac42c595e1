//! What this slice needs and where it answers.

use super::{overview, reconcile, remittance, second_look};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    routing::{get, post},
};
use sqlx::PgPool;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
}

/// A carrier's list of five megabytes, and the form around it.
const MOST_UPLOAD: usize = 6 << 20;

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/ban-hang", get(overview::overview))
        .route("/ban-hang/doi-soat", get(reconcile::list))
        .route("/ban-hang/doi-soat/{id}", get(reconcile::show).post(reconcile::decide))
        .route("/ban-hang/doi-soat/{id}/lai", post(second_look::undo))
        .route("/ban-hang/doi-soat/khong-doc-duoc", post(second_look::seen))
        .route("/ban-hang/doi-soat/hoan-chua-ro", post(second_look::doubt))
        .route(
            "/ban-hang/doi-soat/hoan/{code}",
            get(reconcile::refund_form).post(reconcile::refund),
        )
        .route(
            "/ban-hang/doi-soat/thu-ho",
            get(remittance::show)
                .post(remittance::import)
                .layer(DefaultBodyLimit::max(MOST_UPLOAD)),
        )
        .route("/ban-hang/doi-soat/thu-ho/{id}", post(remittance::settle))
        .with_state(deps)
}
