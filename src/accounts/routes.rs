//! What this slice needs and where it answers.

use super::{
    letters::Letters,
    pages::{account, addresses, confirm, own, reset, second_factor, sign_in, sign_up},
    throttle::Throttle,
};
use crate::{
    config::{Limits, Site},
    places::Places,
};
use axum::{
    Router,
    extract::FromRef,
    routing::{get, post},
};
use sqlx::PgPool;
use std::sync::Arc;

/// What the slice may touch.
#[derive(Clone, FromRef)]
pub struct Deps {
    pub db: PgPool,
    pub places: Places,
    pub letters: Letters,
    pub throttle: Throttle,
}

impl Deps {
    /// With the configured site and limits.
    #[must_use]
    pub fn new(db: PgPool, places: Places, site: &Site, limits: &Limits) -> Self {
        let letters = Letters(Arc::new(site.clone()));
        Self { db, places, letters, throttle: Throttle::new(limits) }
    }
}

/// The slice's pages.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/dang-ky", get(sign_up::show).post(sign_up::create))
        .route("/dang-ky/da-gui", get(sign_up::sent))
        .route("/dang-nhap", get(sign_in::show).post(sign_in::create))
        .route("/dang-xuat", post(sign_in::delete))
        .route("/tai-khoan/vao", get(sign_in::enter))
        .route("/xac-nhan-email/{token}", get(confirm::show).post(confirm::create))
        .route("/quen-mat-khau", get(reset::forgot).post(reset::ask))
        .route("/dat-lai-mat-khau/{token}", get(reset::show).post(reset::create))
        .route("/tai-khoan", get(account::show).post(account::update))
        .route("/tai-khoan/email", post(account::change_email))
        .route("/tai-khoan/so-dien-thoai", post(account::change_phone))
        .route("/tai-khoan/mat-khau", get(account::password).post(account::change_password))
        .route("/tai-khoan/dong", get(account::close).post(account::delete))
        .route("/tai-khoan/phien", get(own::sessions))
        .route("/tai-khoan/phien/khac", post(own::revoke_others))
        .route("/tai-khoan/phien/{id}/ket-thuc", post(own::revoke))
        .route("/tai-khoan/dong-y", get(own::consents).post(own::change_consent))
        .route("/tai-khoan/dia-chi", get(addresses::list).post(addresses::create))
        .route("/tai-khoan/dia-chi/moi", get(addresses::new))
        .route("/tai-khoan/dia-chi/{id}", get(addresses::edit).post(addresses::update))
        .route("/tai-khoan/dia-chi/{id}/xoa", post(addresses::delete))
        .route("/tai-khoan/dia-chi/{id}/mac-dinh", post(addresses::choose))
        .route("/tai-khoan/hai-lop", get(second_factor::show))
        .route("/tai-khoan/hai-lop/ma", post(second_factor::verify))
        .route("/tai-khoan/hai-lop/bat", post(second_factor::switch_on))
        .route("/tai-khoan/hai-lop/tat", post(second_factor::switch_off))
        .route("/tai-khoan/hai-lop/ma-du-phong", post(second_factor::renew_codes))
        .with_state(deps)
}
