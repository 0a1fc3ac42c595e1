//! `/so-cong-thuong/tra-hang` and `/van-hanh/tra-hang`: officers and the operator mediate what is disputed. Each look
//! at a case and each act is on the audit chain.

use super::{
    super::{
        machine::Actor,
        model::Case,
        queries_read::{self, Scope},
        routes::Deps,
    },
    ActForm, Pressed, Shown, id_of, picture, press,
};
use crate::{
    kernel::{Cx, Errors, date_time},
    platform::audit,
    web::{Denied, Form, Html, Officer, Operator, Page, PageError},
};
use askama::Template;
use axum::{
    extract::{FromRequestParts, Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// An officer at the Department's desk, or somebody of the operator at his own.
pub(in super::super) struct Mediator {
    operator: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Mediator {
    type Rejection = Denied;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Denied> {
        let operator = parts.uri.path().starts_with("/van-hanh/");
        if operator {
            Operator::from_request_parts(parts, state).await?;
        } else {
            Officer::from_request_parts(parts, state).await?;
        }
        Ok(Self { operator })
    }
}

impl Mediator {
    const fn base(&self) -> &'static str {
        if self.operator { "/van-hanh/tra-hang" } else { "/so-cong-thuong/tra-hang" }
    }

    const fn section(&self) -> &'static str {
        if self.operator { "operator-returns" } else { "department-returns" }
    }
}

#[derive(Template)]
#[template(path = "returns/department_list.html")]
struct DepartmentList {
    page: Page,
    cases: Vec<Row>,
}

#[derive(Template)]
#[template(path = "returns/operator_list.html")]
struct OperatorList {
    page: Page,
    cases: Vec<Row>,
}

struct Row {
    href: String,
    code: String,
    order: String,
    kind: String,
    state: String,
    tone: &'static str,
    amount: String,
    due: String,
}

/// `GET /so-cong-thuong/tra-hang`
pub(in super::super) async fn list(
    State(deps): State<Deps>,
    page: Page,
    mediator: Mediator,
) -> Result<Response, PageError> {
    let cases = queries_read::disputed(&mut *deps.db.acquire().await?).await?;
    let row = |case: Case| Row {
        href: format!("{}/{}", mediator.base(), case.id),
        kind: case.kind.label().get(page.lang).to_owned(),
        state: case.state.label().get(page.lang).to_owned(),
        tone: case.state.tone(),
        amount: case.full().to_string(),
        due: case.due_at.map(date_time).unwrap_or_default(),
        code: case.code,
        order: case.order_code,
    };
    let cases = cases.into_iter().map(row).collect();
    let page = page.in_section(mediator.section());
    Ok(if mediator.operator {
        Html(OperatorList { page, cases }).into_response()
    } else {
        Html(DepartmentList { page, cases }).into_response()
    })
}

#[derive(Template)]
#[template(path = "returns/department_show.html")]
struct DepartmentCase {
    page: Page,
    errors: Errors,
    shown: Shown,
}

#[derive(Template)]
#[template(path = "returns/operator_show.html")]
struct OperatorCase {
    page: Page,
    errors: Errors,
    shown: Shown,
}

async fn shown(
    deps: &Deps,
    (cx, page): (&Cx, Page),
    mediator: &Mediator,
    id: &str,
    errors: Errors,
) -> Result<Response, PageError> {
    let id = id_of(id)?;
    let mut tx = deps.db.begin().await?;
    let found = queries_read::find(&mut tx, id, Scope::Mediator).await?;
    let found = found.ok_or_else(PageError::not_found)?;
    let subject = format!("return:{id}");
    let detail = json!({ "order": found.case.order_code, "state": found.case.state.code() });
    audit::record(&mut tx, cx, "returns.read", &subject, detail).await?;
    tx.commit().await?;
    let action = format!("{}/{id}", mediator.base());
    let shown = Shown::of(&found, Actor::Mediator, page.lang, action, "");
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page.in_section(mediator.section());
    Ok(if mediator.operator {
        (status, Html(OperatorCase { page, errors, shown })).into_response()
    } else {
        (status, Html(DepartmentCase { page, errors, shown })).into_response()
    })
}

/// `GET /so-cong-thuong/tra-hang/{id}`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    mediator: Mediator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    shown(&deps, (&cx, page), &mediator, &id, errors).await
}

/// `POST /so-cong-thuong/tra-hang/{id}`
pub(in super::super) async fn act_on(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    mediator: Mediator,
    Path(typed): Path<String>,
    form: Form<ActForm>,
) -> Result<Response, PageError> {
    let id = id_of(&typed)?;
    let found = queries_read::find(&mut *deps.db.acquire().await?, id, Scope::Mediator).await?;
    found.ok_or_else(PageError::not_found)?;
    let back = format!("{}/{id}", mediator.base());
    match press(&deps.db, (&cx, &page), id, Actor::Mediator, &form, &back).await? {
        Pressed::Moved(mut tx, response) => {
            let detail = json!({ "act": form.data.act, "reason": form.data.note });
            audit::record(&mut tx, &cx, "returns.mediate", &format!("return:{id}"), detail).await?;
            tx.commit().await?;
            Ok(response)
        }
        Pressed::Already(response) => Ok(response),
        Pressed::Wrong(errors) => shown(&deps, (&cx, page), &mediator, &typed, errors).await,
    }
}

/// `GET /so-cong-thuong/tra-hang/{id}/anh/{picture}`
pub(in super::super) async fn show_picture(
    State(deps): State<Deps>,
    _mediator: Mediator,
    Path((id, wanted)): Path<(String, String)>,
) -> Result<Response, PageError> {
    picture(&deps.db, &deps.files, (&id, &wanted), Scope::Mediator).await
}
