//! What this slice needs and where it answers.

use super::pages::{
    audit, jobs, mails, roles, rules,
    search::{self, stop_words, synonym, synonyms},
    status, trust,
};
use crate::search::Search;
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
    pub search: Search,
}

/// The slice's pages: people of the operator only.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/van-hanh", get(status::show))
        .route("/van-hanh/cong-viec", get(jobs::show))
        .route("/van-hanh/cong-viec/{id}/chay-lai", post(jobs::replay))
        .route("/van-hanh/thu", get(mails::show))
        .route("/van-hanh/thu/{id}", get(mails::read))
        .route("/van-hanh/thu/{id}/gui-lai", post(mails::resend))
        .route("/van-hanh/vai-tro", get(roles::show).post(roles::grant))
        .route("/van-hanh/vai-tro/thu-hoi", post(roles::revoke))
        .route("/van-hanh/quy-tac", get(rules::show).post(rules::set))
        .route("/van-hanh/nhat-ky", get(audit::show))
        .route("/van-hanh/nhat-ky/kiem-tra", post(audit::verify))
        .route("/van-hanh/tim-kiem", get(search::show))
        .route("/van-hanh/tim-kiem/csv", get(search::csv))
        .route("/van-hanh/tim-kiem/dung-lai", post(search::rebuild))
        .route("/van-hanh/tim-kiem/tu-dong-nghia", get(synonyms::show))
        .route("/van-hanh/tim-kiem/tu-dong-nghia/moi", get(synonym::new).post(synonym::add))
        .route("/van-hanh/tim-kiem/tu-dong-nghia/{id}", get(synonym::show).post(synonym::change))
        .route("/van-hanh/tim-kiem/tu-dong-nghia/{id}/{deed}", post(synonym::act))
        .route("/van-hanh/tim-kiem/tu-dung", get(stop_words::show).post(stop_words::add))
        .route("/van-hanh/tim-kiem/tu-dung/{deed}", post(stop_words::change))
        .route("/van-hanh/chung-thu", get(trust::show))
        .route("/van-hanh/chung-thu/ngung", post(trust::withdraw))
        .with_state(deps)
}
