//! What this slice needs and where it answers.

use super::pages::{bank, invitation, members, papers, profile, start};
use crate::{
    places::Places,
    platform::{files::Files, sealed::Sealer},
};
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
    pub places: Places,
    pub sealer: Sealer,
}

/// A paper of ten megabytes, and the form around it.
const MOST_UPLOAD: usize = 11 << 20;

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/mo-gian-hang", get(start::start).post(start::create))
        .route("/mo-gian-hang/thong-tin", get(start::details))
        .route("/ban-hang/chon", post(start::choose))
        .route("/ban-hang/ho-so", get(profile::profile).post(profile::save))
        .route("/ban-hang/ho-so/gui", post(profile::submit))
        .route("/ban-hang/ho-so/bo", post(profile::give_up))
        .route(
            "/ban-hang/giay-to",
            get(papers::list).post(papers::add).layer(DefaultBodyLimit::max(MOST_UPLOAD)),
        )
        .route("/ban-hang/giay-to/{id}/go", post(papers::remove))
        .route("/giay-to/{id}", get(papers::file))
        .route("/ban-hang/thanh-vien", get(members::list).post(members::invite))
        .route("/ban-hang/thanh-vien/{person}/go", post(members::remove))
        .route("/ban-hang/ngan-hang", get(bank::account).post(bank::save))
        .route("/loi-moi/{token}", get(invitation::read).post(invitation::accept))
        .with_state(deps)
}
