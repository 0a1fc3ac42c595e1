//! What this slice needs and where it answers.

use super::{
    contracts::Office,
    pages::{contracts, label, pauses, rates},
    push,
};
use crate::places::Places;
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef},
    routing::{get, post},
};
use sqlx::PgPool;

/// What the slice may touch.
#[derive(Clone)]
pub struct Deps {
    pub office: Office,
}

impl FromRef<Deps> for Office {
    fn from_ref(deps: &Deps) -> Self {
        deps.office.clone()
    }
}

impl FromRef<Deps> for PgPool {
    fn from_ref(deps: &Deps) -> Self {
        deps.office.db.clone()
    }
}

impl FromRef<Deps> for Places {
    fn from_ref(deps: &Deps) -> Self {
        deps.office.places.clone()
    }
}

/// Largest message of a carrier.
const MESSAGE: usize = 64 << 10;

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/ban-hang/giao-hang", get(rates::show).post(rates::change))
        .route("/ban-hang/giao-hang/vung", get(rates::new_zone).post(rates::create_zone))
        .route("/ban-hang/giao-hang/vung/{id}", get(rates::edit_zone).post(rates::change_zone))
        .route("/ban-hang/giao-hang/vung/{id}/bo", post(rates::remove_zone))
        .route("/ban-hang/giao-hang/hang", get(contracts::show).post(contracts::save))
        .route("/ban-hang/giao-hang/hang/phi", post(contracts::choose_fee))
        .route("/ban-hang/giao-hang/hang/{carrier}/thu", post(contracts::test))
        .route("/ban-hang/giao-hang/hang/{carrier}/bo", post(contracts::end))
        .route("/ban-hang/kien/{kien}/nhan", get(label::show))
        .route("/ban-hang/kien/{kien}/nhan-hang", get(label::carriers))
        .route(
            "/giao-hang/{carrier}/tin/{path}",
            post(push::receive).layer(DefaultBodyLimit::max(MESSAGE)),
        )
        .route("/van-hanh/tam-dung-giao", get(pauses::show).post(pauses::begin))
        .route("/van-hanh/tam-dung-giao/{id}/het", post(pauses::end))
        .with_state(deps)
}
