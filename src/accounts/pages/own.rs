//! `/tai-khoan/phien` and `/tai-khoan/dong-y`: what a person can look at and take back.

use crate::{
    accounts::{
        AccountError, Consenting, Purpose, consents, queries_own, queries_sessions,
        record_consents, sessions,
    },
    kernel::{Cx, date_time},
    web::{Form, Html, Page, PageError, SignedIn, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgPool;

const SESSIONS: &str = "/tai-khoan/phien";
const CONSENTS: &str = "/tai-khoan/dong-y";

#[derive(Template)]
#[template(path = "accounts/sessions.html")]
struct SessionsPage {
    page: Page,
    sessions: Vec<sessions::Shown>,
}

/// `GET /tai-khoan/phien`
pub(in crate::accounts) async fn sessions(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    let mut db = db.acquire().await?;
    let sessions = sessions::list(&mut db, &cx, viewer.id, viewer.session, page.lang).await?;
    Ok(Html(SessionsPage { page: page.in_section("account-sessions"), sessions }).into_response())
}

/// `POST /tai-khoan/phien/{id}/ket-thuc`
pub(in crate::accounts) async fn revoke(
    State(db): State<PgPool>,
    Path(id): Path<String>,
    page: Page,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    let id = id.parse().map_err(|_| PageError::not_found())?;
    if !queries_sessions::revoke(&mut *db.acquire().await?, viewer.id, id).await? {
        return Err(PageError::not_found());
    }
    Ok(go_with(&page, SESSIONS, page.t("Đã đăng xuất thiết bị đó.", "That device is signed out.")))
}

/// `POST /tai-khoan/phien/khac`: all but this one.
pub(in crate::accounts) async fn revoke_others(
    State(db): State<PgPool>,
    page: Page,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    let mut db = db.acquire().await?;
    queries_sessions::revoke_others(&mut db, viewer.id, Some(viewer.session)).await?;
    let line = page.t("Đã đăng xuất các thiết bị khác.", "All other devices are signed out.");
    Ok(go_with(&page, SESSIONS, line))
}

/// One consent on record.
struct Line {
    purpose: &'static str,
    text: String,
    version: String,
    given: String,
    withdrawn: String,
    /// Can be taken back here.
    optional: bool,
}

#[derive(Template)]
#[template(path = "accounts/consents.html")]
struct ConsentsPage {
    page: Page,
    lines: Vec<Line>,
    marketing: String,
    has_marketing: bool,
}

/// `GET /tai-khoan/dong-y`
pub(in crate::accounts) async fn consents(
    State(db): State<PgPool>,
    page: Page,
    SignedIn(viewer): SignedIn,
) -> Result<Response, PageError> {
    let rows = queries_own::consents(&mut *db.acquire().await?, viewer.id).await?;
    let lines: Vec<Line> = rows
        .into_iter()
        .filter_map(|row| {
            let purpose = Purpose::of(&row.purpose)?;
            Some(Line {
                purpose: purpose.as_str(),
                text: purpose.text().get(page.lang).to_owned(),
                version: row.policy_version,
                given: date_time(row.given_at),
                withdrawn: row.withdrawn_at.map(date_time).unwrap_or_default(),
                optional: !purpose.required(),
            })
        })
        .collect();
    let living = |l: &Line| l.purpose == Purpose::Marketing.as_str() && l.withdrawn.is_empty();
    let has_marketing = lines.iter().any(living);
    let marketing = Purpose::Marketing.text().get(page.lang).to_owned();
    let page = page.in_section("account-consents");
    Ok(Html(ConsentsPage { page, lines, marketing, has_marketing }).into_response())
}

/// Gives or takes back one consent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::accounts) struct ConsentForm {
    purpose: String,
    act: String,
}

/// `POST /tai-khoan/dong-y`
pub(in crate::accounts) async fn change_consent(
    State(db): State<PgPool>,
    cx: Cx,
    page: Page,
    SignedIn(viewer): SignedIn,
    form: Form<ConsentForm>,
) -> Result<Response, PageError> {
    let purpose = Purpose::of(&form.data.purpose).ok_or(AccountError::NotFound)?;
    let mut tx = db.begin().await?;
    // Given once more, the consent of before is ended: one of a purpose is alive.
    consents::withdraw(&mut tx, &cx, viewer.id, purpose).await?;
    let line = if form.data.act == "give" {
        let who = Consenting::Person(viewer.id);
        record_consents(&mut tx, &cx, who, &[purpose], page.lang, CONSENTS).await?;
        page.t("Đã ghi nhận đồng ý.", "Your consent is noted.")
    } else {
        page.t("Đã rút lại đồng ý.", "Your consent is withdrawn.")
    };
    tx.commit().await?;
    Ok(go_with(&page, CONSENTS, line))
}
