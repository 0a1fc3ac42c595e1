//! What this slice needs and where it answers.

use super::pages::{buyer, file, operator, quick, seller};
use crate::platform::{files::Files, kept_pictures::Pictures};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    routing::{MethodRouter, get, post},
};
use sqlx::PgPool;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
    pub files: Files,
    pub pictures: Pictures,
}

impl Deps {
    /// Over the store of uploaded files.
    #[must_use]
    pub fn new(db: PgPool, files: Files, pictures: Pictures) -> Self {
        Self { db, files, pictures }
    }
}

/// Four files of ten megabytes, and what stands around them.
const FILES: usize = 41 << 20;

fn sends(route: MethodRouter<Deps>) -> MethodRouter<Deps> {
    route.layer(DefaultBodyLimit::max(FILES))
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/tin-nhan", get(buyer::index))
        .route("/tin-nhan/moi", sends(get(buyer::ask).post(buyer::begin)))
        .route("/tin-nhan/{id}", sends(get(buyer::show).post(buyer::reply)))
        .route("/tin-nhan/{id}/bao-cao", post(buyer::report))
        .route("/tin-nhan/tep/{id}", get(file::show))
        .route("/don-hang/{code}/tin-nhan", sends(get(buyer::of_order).post(buyer::begin_order)))
        .route("/ban-hang/tin-nhan", get(seller::index))
        .route("/ban-hang/tin-nhan/mau", get(quick::form).post(quick::save))
        .route("/ban-hang/tin-nhan/{id}", sends(get(seller::show).post(seller::reply)))
        .route("/ban-hang/tin-nhan/{id}/bao-cao", post(seller::report))
        .route(
            "/ban-hang/don-hang/{code}/tin-nhan",
            sends(get(seller::of_order).post(seller::begin)),
        )
        .route("/van-hanh/tin-nhan", get(operator::index))
        .route("/van-hanh/tin-nhan/{id}", get(operator::look).post(operator::act))
        .with_state(deps)
}
