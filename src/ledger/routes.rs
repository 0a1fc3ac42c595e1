//! What this slice needs and where it answers.

use super::{pages, pages_fees, pages_rules, pages_tax, pages_taxes};
use crate::catalogue::Categories;
use axum::{Router, extract::FromRef, routing::get};
use sqlx::PgPool;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
    pub categories: Categories,
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/ban-hang/so-cai", get(pages::show))
        .route("/ban-hang/so-cai/xuat.pdf", get(pages::paper))
        .route("/ban-hang/so-cai/xuat.xlsx", get(pages::export))
        .route("/ban-hang/thue", get(pages_tax::show))
        .route("/ban-hang/thue/xuat.pdf", get(pages_tax::paper))
        .route("/ban-hang/thue/xuat.xlsx", get(pages_tax::export))
        .route("/van-hanh/thue", get(pages_taxes::show))
        .route("/van-hanh/thue/xuat.xlsx", get(pages_taxes::export))
        .route("/van-hanh/phi/thang", get(pages_fees::list))
        .route("/van-hanh/phi/thang/xuat.xlsx", get(pages_fees::export))
        .route("/van-hanh/phi/gian-hang", get(pages_fees::show).post(pages_fees::settle))
        .route("/van-hanh/phi", get(pages_rules::show).post(pages_rules::set))
        .with_state(deps)
}
