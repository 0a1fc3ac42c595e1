//! What this slice needs and where it answers.

use super::pages::{buyer, export, firm, lookup, papers, parcels, pay, seller};
use crate::payments::Gateways;
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
    pub gateways: Gateways,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/don-hang", get(lookup::mine))
        .route("/to-chuc/don-hang", get(firm::list))
        .route("/tra-cuu", get(lookup::form).post(lookup::look_up))
        .route("/don-hang/{code}", get(buyer::show).post(buyer::act_on))
        .route("/don-hang/{code}/thanh-toan", post(pay::go_and_pay))
        .route("/thanh-toan/ve/{attempt}", get(pay::back))
        .route("/don-hang/{code}/qr.svg", get(papers::qr))
        .route("/don-hang/{code}/hop-dong", get(papers::contract))
        .route("/ban-hang/don-hang", get(seller::list))
        .route("/ban-hang/don-hang/xuat.csv", get(export::csv))
        .route("/ban-hang/don-hang/xuat.xlsx", get(export::xlsx))
        .route("/ban-hang/don-hang/{code}", get(seller::show).post(seller::act_on))
        .route("/ban-hang/don-hang/{code}/hoan-tien", post(pay::refund))
        .route("/ban-hang/don-hang/{code}/phieu", get(papers::slip))
        .route("/ban-hang/don-hang/{code}/kien", get(parcels::new).post(parcels::make))
        .route("/ban-hang/don-hang/{code}/kien/{kien}", get(parcels::show).post(parcels::act_on))
        .with_state(deps)
}
