//! `/to-chuc/mo`: somebody opens his firm's organisation by its tax code.

use super::facts::FactsForm;
use crate::{
    accounts,
    enterprises::registered,
    kernel::{Cx, Errors, TaxCode, Text},
    organisations::{
        error::OrgError,
        model::{Membership, OrgState},
        open::open,
        queries,
        routes::Deps,
    },
    platform::idempotency,
    web::{
        AsProblem, Begun, Form, Html, Page, PageError, Query, SignedIn, Viewer, begin_once, go_with,
    },
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::organisations) struct Asked {
    mst: String,
}

#[derive(Template)]
#[template(path = "organisations/open.html")]
struct StartPage {
    page: Page,
    tax_code: String,
    errors: Errors,
    orgs: Vec<Membership>,
}

#[derive(Template)]
#[template(path = "organisations/open_facts.html")]
struct OpenPage {
    page: Page,
    form: FactsForm,
    errors: Errors,
    found: Vec<(String, String, String)>,
    /// In the province's register.
    known: bool,
}

async fn start(
    deps: &Deps,
    page: Page,
    viewer: &Viewer,
    typed: &str,
    wrong: Option<(Text, StatusCode)>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    let mut status = StatusCode::OK;
    if let Some((text, code)) = wrong {
        errors.add("mst", text);
        status = code;
    }
    let orgs = queries::memberships(&mut *deps.db.acquire().await?, viewer.id).await?;
    let tax_code = typed.chars().take(20).collect();
    Ok((status, Html(StartPage { page, tax_code, errors, orgs })).into_response())
}

fn details(
    deps: &Deps,
    page: Page,
    form: FactsForm,
    known: bool,
    errors: Option<Errors>,
) -> Response {
    let status = if errors.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let found = deps.places.options(&form.xa, &form.xa_q, page.lang);
    let errors = errors.unwrap_or_else(|| Errors::new(page.lang));
    (status, Html(OpenPage { page, form, errors, found, known })).into_response()
}

/// `GET /to-chuc/mo?mst=…`: asks for the tax code, then for the facts, filled in from the register.
pub(in crate::organisations) async fn show(
    State(deps): State<Deps>,
    page: Page,
    SignedIn(viewer): SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    if asked.mst.trim().is_empty() {
        return start(&deps, page, &viewer, "", None).await;
    }
    let code = match TaxCode::parse(&asked.mst) {
        Ok(code) => code,
        Err(text) => {
            let wrong = Some((text, StatusCode::UNPROCESSABLE_ENTITY));
            return start(&deps, page, &viewer, &asked.mst, wrong).await;
        }
    };
    let mut db = deps.db.acquire().await?;
    let there = queries::of_tax_code(&mut db, &code.to_string()).await?;
    if there.iter().any(|org| org.state == OrgState::Verified) {
        drop(db);
        let wrong = Some((OrgError::Taken.problem().title, StatusCode::CONFLICT));
        return start(&deps, page, &viewer, &asked.mst, wrong).await;
    }
    let entry = registered(&mut db, &code).await?;
    drop(db);
    let known = entry.is_some();
    let mut form = FactsForm {
        key: page.new_key(),
        mst: code.to_string(),
        email: viewer.email.clone().unwrap_or_default(),
        ..FactsForm::default()
    };
    if let Some(entry) = entry {
        form.ten = entry.name;
        form.dia_chi = entry.address;
        form.xa = entry.commune_code.unwrap_or_default();
        form.xa_q = if form.xa.is_empty() { String::new() } else { deps.places.shown(&form.xa) };
    }
    Ok(details(&deps, page, form, known, None))
}

/// `POST /to-chuc/mo`
pub(in crate::organisations) async fn create(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    SignedIn(viewer): SignedIn,
    Form { data: form, raw }: Form<FactsForm>,
) -> Result<Response, PageError> {
    if form.act == "commune" {
        let asked = FactsForm { xa: String::new(), ..form };
        return Ok(details(&deps, page, asked, false, None));
    }
    let code = match TaxCode::parse(&form.mst) {
        Ok(code) => code.to_string(),
        Err(text) => {
            let wrong = Some((text, StatusCode::UNPROCESSABLE_ENTITY));
            return start(&deps, page, &viewer, &form.mst, wrong).await;
        }
    };
    let new = match form.check(&deps.places, page.lang, code) {
        Ok(new) => new,
        Err(errors) => return Ok(details(&deps, page, form, false, Some(errors))),
    };
    let mut tx = deps.db.begin().await?;
    let asked = ("POST /to-chuc/mo", raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, viewer.id, &form.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => return Ok(details(&deps, page, form, false, Some(errors))),
    };
    idempotency::settle(&mut tx, &once, "/to-chuc").await?;
    let org = match open(&mut tx, &cx, viewer.id, &new).await {
        Ok(org) => org,
        Err(error @ OrgError::Taken) => {
            drop(tx);
            let wrong = Some((error.problem().title, StatusCode::CONFLICT));
            return start(&deps, page, &viewer, &form.mst, wrong).await;
        }
        Err(error) => return Err(error.into()),
    };
    accounts::buy_for(&mut tx, viewer.session, Some(org)).await?;
    tx.commit().await?;
    let line = page.t(
        "Đã mở đơn vị mua hàng. Bạn đang mua cho đơn vị này.",
        "The buying organisation is open. You are now buying for it.",
    );
    Ok(go_with(&page, "/to-chuc", line))
}
