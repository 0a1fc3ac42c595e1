//! What this slice needs and where it answers.

use super::{
    connect::pages as connect, estimates, gateways::Gateways, model::PaymentMethod, pages,
    pages_contract, pages_notice, transfers,
};
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, FromRef},
    routing::{get, post},
};
use sqlx::PgPool;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
    pub gateways: Gateways,
}

/// No notice of a provider is larger.
const NOTICE: usize = 256 << 10;

/// The slice's pages, and the addresses at which providers tell us.
pub fn router(deps: Deps) -> Router {
    let notices = Router::new()
        .route("/thanh-toan/stripe/ipn", post(pages_notice::stripe))
        .route(
            "/thanh-toan/{provider}/ipn/{merchant}",
            get(pages_notice::by_query).post(pages_notice::by_body),
        )
        .layer(DefaultBodyLimit::max(NOTICE));
    let contracts = PaymentMethod::ONLINE.into_iter().fold(Router::new(), |router, method| {
        let page = get(pages_contract::show).post(pages_contract::save);
        let path = format!("/ban-hang/thanh-toan/{}", method.code());
        router.route(&path, page.layer(Extension(method)))
    });
    let stripe = Router::new()
        .route("/ban-hang/thanh-toan/stripe/ket-noi", post(connect::begin))
        .route("/ban-hang/thanh-toan/stripe/hoi-lai", post(connect::back))
        .route("/ban-hang/thanh-toan/stripe/ve", get(connect::back))
        .route("/ban-hang/thanh-toan/stripe/tiep", get(connect::lapsed));
    Router::new()
        .route("/ban-hang/thanh-toan", get(pages::show).post(pages::save))
        .merge(stripe)
        .merge(estimates::router())
        .merge(contracts)
        .merge(notices)
        .merge(transfers::router())
        .with_state(deps)
}
