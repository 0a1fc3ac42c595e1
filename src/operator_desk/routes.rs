//! What this slice needs and where it answers.

use super::pages::{audit, jobs, mails, roles, rules, status};
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
        .with_state(deps)
}
