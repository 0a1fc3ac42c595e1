//! What this slice needs and where it answers.

use super::pages::{asked, entry, exports, list, papers};
use crate::platform::files::Files;
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
    pub files: Files,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    const UPLOAD: usize = 11 << 20;
    Router::new()
        .route("/don-hang/{code}/hop-dong.pdf", get(papers::contract))
        .route("/don-hang/{code}/hoa-don", get(asked::show).post(asked::ask))
        .route("/don-hang/{code}/hoa-don/tep", get(asked::file))
        .route("/ban-hang/don-hang/{code}/hop-dong.pdf", get(papers::contract_of_seller))
        .route("/ban-hang/don-hang/{code}/phieu.pdf", get(papers::slip))
        .route("/ban-hang/don-hang/{code}/giao-hang.pdf", get(papers::delivery_note))
        .route("/ban-hang/hoa-don", get(list::show))
        .route("/ban-hang/hoa-don/xuat.csv", get(exports::csv))
        .route("/ban-hang/hoa-don/xuat.xml", get(exports::xml))
        .route("/ban-hang/hoa-don/mau.csv", get(exports::form))
        .route("/ban-hang/hoa-don/nhap", post(list::import).layer(DefaultBodyLimit::max(UPLOAD)))
        .route(
            "/ban-hang/hoa-don/{code}",
            get(entry::show).post(entry::save).layer(DefaultBodyLimit::max(UPLOAD)),
        )
        .route("/ban-hang/hoa-don/{code}/tep", get(entry::file))
        .with_state(deps)
}
