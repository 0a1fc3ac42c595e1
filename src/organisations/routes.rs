//! What this slice needs and where it answers.

use super::pages::{facts, invitation, members, officer, open, overview, sites};
use crate::places::Places;
use axum::{
    Router,
    extract::FromRef,
    routing::{get, post},
};
use sqlx::PgPool;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
    pub places: Places,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/to-chuc", get(overview::show))
        .route("/to-chuc/mo", get(open::show).post(open::create))
        .route("/to-chuc/chon", post(overview::choose))
        .route("/to-chuc/thong-tin", get(facts::show).post(facts::save))
        .route("/to-chuc/thanh-vien", get(members::list).post(members::invite))
        .route("/to-chuc/thanh-vien/thu-hoi", post(members::withdraw))
        .route("/to-chuc/thanh-vien/{person}", post(members::set_roles))
        .route("/to-chuc/thanh-vien/{person}/go", post(members::remove))
        .route("/to-chuc/loi-moi/{token}", get(invitation::read).post(invitation::accept))
        .route("/to-chuc/dia-diem", get(sites::list).post(sites::create))
        .route("/to-chuc/dia-diem/moi", get(sites::new))
        .route("/to-chuc/dia-diem/{id}", get(sites::edit).post(sites::update))
        .route("/to-chuc/dia-diem/{id}/go", post(sites::remove))
        .route("/so-cong-thuong/don-vi-mua", get(officer::list))
        .route("/so-cong-thuong/don-vi-mua/{id}", get(officer::show).post(officer::decide))
        .with_state(deps)
}
