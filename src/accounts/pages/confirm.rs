//! `/xac-nhan-email/{token}`: the link proves the mailbox, the password proves who signed up.

use super::{ENTER, Onward, SECOND_FACTOR, again, text, told, too_many, with_onward};
use crate::{
    accounts::{
        AccountError, confirm, device::Device, passwords, queries, sessions, throttle::Throttle,
    },
    kernel::{Cx, Errors},
    web::{Form, Html, Page, PageError, Query, go},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgPool;

/// The password chosen at sign-up.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::accounts) struct ConfirmForm {
    password: String,
    tiep: String,
}

#[derive(Template)]
#[template(path = "accounts/confirm.html")]
struct ConfirmPage {
    page: Page,
    errors: Errors,
    action: String,
    email: String,
    tiep: String,
}

/// `GET /xac-nhan-email/{token}`: changes nothing, because mail scanners open links too.
pub(in crate::accounts) async fn show(
    State(db): State<PgPool>,
    Path(token): Path<String>,
    cx: Cx,
    page: Page,
    Query(query): Query<Onward>,
) -> Result<Response, PageError> {
    let found = sessions::link(&mut *db.acquire().await?, &cx, &token, confirm::PURPOSE).await?;
    let errors = Errors::new(page.lang);
    let action = format!("/xac-nhan-email/{token}");
    let shown = ConfirmPage { page, errors, action, email: found.contact, tiep: query.tiep };
    Ok(Html(shown).into_response())
}

/// `POST /xac-nhan-email/{token}`: confirms and signs in.
pub(in crate::accounts) async fn create(
    State(db): State<PgPool>,
    State(throttle): State<Throttle>,
    Path(token): Path<String>,
    cx: Cx,
    page: Page,
    device: Device,
    form: Form<ConfirmForm>,
) -> Result<Response, PageError> {
    let found = sessions::link(&mut *db.acquire().await?, &cx, &token, confirm::PURPOSE).await?;
    let person = queries::person(&mut *db.acquire().await?, found.person).await?;
    let person = person.ok_or(AccountError::LinkGone)?;
    let mut errors = Errors::new(page.lang);
    let action = format!("/xac-nhan-email/{token}");
    let account = person.email.as_deref().or(person.phone.as_deref()).unwrap_or_default();
    let attempt = match throttle.enter(&db, &cx, account, device.address).await {
        Err(error @ AccountError::TooMany) => {
            told(&mut errors, "password", &error);
            let (email, tiep) = (found.contact, form.data.tiep);
            return Ok(too_many(ConfirmPage { page, errors, action, email, tiep }));
        }
        other => other?,
    };
    if !passwords::verify(&form.data.password, person.password_hash).await? {
        errors.add(
            "password",
            text(
                "Mật khẩu chưa đúng. Nếu quên, hãy dùng trang quên mật khẩu.",
                "The password is wrong. If you forgot it, use the page for forgotten passwords.",
            ),
        );
        let (email, tiep) = (found.contact, form.data.tiep);
        return Ok(again(ConfirmPage { page, errors, action, email, tiep }));
    }
    throttle.passed(&db, &attempt).await?;
    let mut tx = db.begin().await?;
    confirm::confirm(&mut tx, &cx, &token).await?;
    let session = sessions::open(&mut tx, &cx, person.id, &device, false).await?;
    tx.commit().await?;
    let next = if person.totp_confirmed_at.is_some() { SECOND_FACTOR } else { ENTER };
    let mut response = go(&with_onward(next, &form.data.tiep));
    response.headers_mut().extend(sessions::cookie(session, device.https));
    Ok(response)
}
