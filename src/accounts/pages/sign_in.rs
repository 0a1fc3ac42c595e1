//! `/dang-nhap`, `/dang-xuat`, and where people go once they are in.

use super::{
    ENTER, Onward, SECOND_FACTOR, again, sign_up::wrong_login, told, too_many, with_onward,
};
use crate::{
    accounts::{
        AccountError, Contact, device::Device, middleware::Pending, queries_sessions, sessions,
        sign_in, throttle::Throttle,
    },
    kernel::{Cx, Errors, Lang},
    web::{Form, Html, Page, PageError, Query, SignedIn, Viewer, cookies, go, local_path},
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgPool;

/// The sign-in as typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::accounts) struct SignInForm {
    login: String,
    password: String,
    tiep: String,
}

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage {
    page: Page,
    form: SignInForm,
    errors: Errors,
    sign_up: String,
}

impl SignInPage {
    fn new(page: Page, form: SignInForm, errors: Errors) -> Self {
        let sign_up = with_onward("/dang-ky", &form.tiep);
        Self { page, form, errors, sign_up }
    }
}

/// `GET /dang-nhap?tiep=`
pub(in crate::accounts) async fn show(
    page: Page,
    viewer: Option<Viewer>,
    pending: Option<Pending>,
    Query(query): Query<Onward>,
) -> Response {
    if viewer.is_some() {
        return go(&with_onward(ENTER, &query.tiep));
    }
    if pending.is_some() {
        return go(&with_onward(SECOND_FACTOR, &query.tiep));
    }
    let errors = Errors::new(page.lang);
    let form = SignInForm { tiep: query.tiep, ..SignInForm::default() };
    Html(SignInPage::new(page, form, errors)).into_response()
}

/// `POST /dang-nhap`
pub(in crate::accounts) async fn create(
    State(db): State<PgPool>,
    State(throttle): State<Throttle>,
    cx: Cx,
    page: Page,
    device: Device,
    form: Form<SignInForm>,
) -> Result<Response, PageError> {
    let form = form.data;
    let mut errors = Errors::new(page.lang);
    let contact = errors.take("login", Contact::parse(&form.login));
    errors.check(!form.password.is_empty(), "password", "Nhập mật khẩu.", "Enter the password.");
    let Some(contact) = contact.filter(|_| errors.is_empty()) else {
        return Ok(again(SignInPage::new(page, form, errors)));
    };
    let address = device.address;
    let found = match sign_in::check(&db, &cx, &throttle, address, &contact, &form.password).await {
        Err(error @ AccountError::TooMany) => {
            told(&mut errors, "login", &error);
            return Ok(too_many(SignInPage::new(page, form, errors)));
        }
        other => other?,
    };
    let Some(row) = found else {
        errors.add("login", wrong_login());
        return Ok(again(SignInPage::new(page, form, errors)));
    };
    let mut tx = db.begin().await?;
    let token = sessions::open(&mut tx, &cx, row.id, &device, false).await?;
    tx.commit().await?;
    let next = if row.totp_confirmed_at.is_some() { SECOND_FACTOR } else { ENTER };
    let mut response = go(&with_onward(next, &form.tiep));
    response.headers_mut().extend(sessions::cookie(token, device.https));
    if !device.chose_language && Lang::of(&row.lang) != page.lang {
        let cookie = cookies::lasting(cookies::LANG, Lang::of(&row.lang).code(), device.https);
        for (name, value) in &sessions::header_of(&cookie) {
            response.headers_mut().append(name, value.clone());
        }
    }
    Ok(response)
}

/// `POST /dang-xuat`
pub(in crate::accounts) async fn delete(
    State(db): State<PgPool>,
    device: Device,
) -> Result<Response, PageError> {
    if let Some(token) = &device.token {
        let hash = sessions::token_hash(token);
        queries_sessions::close(&mut *db.acquire().await?, &hash).await?;
    }
    let mut response = go("/");
    response.headers_mut().extend(sessions::no_cookie(device.https));
    Ok(response)
}

/// `GET /tai-khoan/vao?tiep=`: from signing in to where one works. Who must have a second factor
/// and has none sets it up first.
pub(in crate::accounts) async fn enter(
    SignedIn(viewer): SignedIn,
    Query(query): Query<Onward>,
) -> Response {
    if (viewer.is_officer || viewer.is_operator) && !viewer.second_factor {
        return go(&with_onward(SECOND_FACTOR, &query.tiep));
    }
    let desk = match &viewer {
        Viewer { is_officer: true, .. } => "/so-cong-thuong",
        Viewer { is_operator: true, .. } => "/van-hanh",
        Viewer { has_shop: true, .. } => "/ban-hang",
        _ => "/",
    };
    // Not back to a page that only guests need.
    let useful = |path: &&str| !path.starts_with("/dang-") && !path.starts_with(ENTER);
    go(local_path(&query.tiep).filter(useful).unwrap_or(desk))
}
