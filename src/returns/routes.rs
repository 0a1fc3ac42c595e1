//! What this slice needs and where it answers.

use super::pages::{buyer, edits, mediator, seller};
use crate::platform::files::Files;
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    routing::{get, post},
};
use sqlx::PgPool;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Pictures of one request, with the form around them.
const MOST_BYTES: usize = 42 << 20;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
    pub files: Files,
    pub(super) decoders: Arc<Semaphore>,
}

impl Deps {
    /// Over these parts of the program. Two pictures are decoded at a time.
    #[must_use]
    pub fn new(db: PgPool, files: Files) -> Self {
        Self { db, files, decoders: Arc::new(Semaphore::new(2)) }
    }
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    let mut routes = Router::new()
        .route(
            "/don-hang/{code}/tra-hang",
            get(buyer::show).post(buyer::create).layer(DefaultBodyLimit::max(MOST_BYTES)),
        )
        .route("/don-hang/{code}/tra-hang/{id}", post(buyer::act_on))
        .route("/don-hang/{code}/tra-hang/{id}/anh/{picture}", get(buyer::show_picture))
        .route("/don-hang/{code}/doi-don", get(edits::buyer_show).post(edits::buyer_act))
        .route("/ban-hang/tra-hang", get(seller::list))
        .route("/ban-hang/tra-hang/{id}", get(seller::show).post(seller::act_on))
        .route("/ban-hang/tra-hang/{id}/anh/{picture}", get(seller::show_picture))
        .route(
            "/ban-hang/don-hang/{code}/doi-don",
            get(edits::seller_show).post(edits::seller_act),
        );
    for base in ["/so-cong-thuong/tra-hang", "/van-hanh/tra-hang"] {
        routes = routes
            .route(base, get(mediator::list))
            .route(&format!("{base}/{{id}}"), get(mediator::show).post(mediator::act_on))
            .route(&format!("{base}/{{id}}/anh/{{picture}}"), get(mediator::show_picture));
    }
    routes.with_state(deps)
}
