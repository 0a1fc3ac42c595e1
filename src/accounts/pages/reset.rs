//! `/quen-mat-khau` and `/dat-lai-mat-khau/{token}`

use super::{again, text};
use crate::{
    accounts::{Contact, SendReset, letters::Letters, model, passwords, reset, sessions},
    kernel::{Cx, Errors},
    platform::jobs::{self, Handler},
    web::{Form, Html, Page, PageError, go, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgPool;

/// Whose password is forgotten.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::accounts) struct ForgotForm {
    login: String,
}

#[derive(Template)]
#[template(path = "accounts/forgot.html")]
struct ForgotPage {
    page: Page,
    form: ForgotForm,
    errors: Errors,
}

/// `GET /quen-mat-khau`
pub(in crate::accounts) async fn forgot(page: Page) -> Response {
    let errors = Errors::new(page.lang);
    Html(ForgotPage { page, form: ForgotForm::default(), errors }).into_response()
}

/// `POST /quen-mat-khau`: the same work and answer for every name; a job looks whose it is.
pub(in crate::accounts) async fn ask(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    form: Form<ForgotForm>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    let Some(contact) = errors.take("login", Contact::parse(&form.data.login)) else {
        return Ok(again(ForgotPage { page, form: form.data, errors }));
    };
    let mut tx = db.begin().await?;
    let cause = cx.new_id().to_string();
    jobs::enqueue(&mut tx, &cx, SendReset::NAME, &cause, &contact.as_str()).await?;
    tx.commit().await?;
    Ok(go("/dang-ky/da-gui"))
}

/// The new password.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::accounts) struct ResetForm {
    password: String,
}

#[derive(Template)]
#[template(path = "accounts/reset.html")]
struct ResetPage {
    page: Page,
    errors: Errors,
    action: String,
    email: String,
}

/// `GET /dat-lai-mat-khau/{token}`
pub(in crate::accounts) async fn show(
    State(db): State<PgPool>,
    Path(token): Path<String>,
    cx: Cx,
    page: Page,
) -> Result<Response, PageError> {
    let found = sessions::link(&mut *db.acquire().await?, &cx, &token, reset::PURPOSE).await?;
    let errors = Errors::new(page.lang);
    let action = format!("/dat-lai-mat-khau/{token}");
    Ok(Html(ResetPage { page, errors, action, email: found.contact }).into_response())
}

/// `POST /dat-lai-mat-khau/{token}`
pub(in crate::accounts) async fn create(
    State(db): State<PgPool>,
    State(letters): State<Letters>,
    Path(token): Path<String>,
    cx: Cx,
    page: Page,
    form: Form<ResetForm>,
) -> Result<Response, PageError> {
    let found = sessions::link(&mut *db.acquire().await?, &cx, &token, reset::PURPOSE).await?;
    let mut errors = Errors::new(page.lang);
    errors.take("password", model::password(&form.data.password, &found.contact));
    if !errors.is_empty() {
        let action = format!("/dat-lai-mat-khau/{token}");
        return Ok(again(ResetPage { page, errors, action, email: found.contact }));
    }
    let hash = passwords::hash_password(&form.data.password).await?;
    let mut tx = db.begin().await?;
    reset::reset(&mut tx, &cx, &letters, &token, &hash).await?;
    tx.commit().await?;
    let line =
        text("Đã đặt mật khẩu mới. Hãy đăng nhập.", "The new password is set. Please sign in.");
    Ok(go_with(&page, "/dang-nhap", line.get(page.lang)))
}
