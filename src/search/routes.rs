//! What this slice needs and where it answers.

use super::{Search, api};
use axum::{Router, extract::FromRef, routing::get};

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub search: Search,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new().route("/api/v1/search", get(api::search)).with_state(deps)
}
