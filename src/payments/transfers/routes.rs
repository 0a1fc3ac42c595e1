//! Where bank feeds and statements come in.

use super::{pages_feeds, pages_statement, webhook};
use crate::payments::routes::Deps;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

/// A statement of five megabytes, and the form around it.
const MOST_UPLOAD: usize = 6 << 20;

pub(in crate::payments) fn router() -> Router<Deps> {
    Router::new()
        .route("/webhook/ngan-hang/{address}", post(webhook::receive))
        .route("/ban-hang/doi-soat/nguon", get(pages_feeds::list).post(pages_feeds::open))
        .route("/ban-hang/doi-soat/nguon/{id}/dong", post(pages_feeds::close))
        .route(
            "/ban-hang/doi-soat/sao-ke",
            get(pages_statement::form)
                .post(pages_statement::upload)
                .layer(DefaultBodyLimit::max(MOST_UPLOAD)),
        )
        .route(
            "/ban-hang/doi-soat/sao-ke/{id}",
            get(pages_statement::columns).post(pages_statement::import),
        )
}
