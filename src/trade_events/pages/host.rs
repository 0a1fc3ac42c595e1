//! An organisation runs events: it makes and proposes them, takes shops in, and sees what came of it.

use super::{
    desk::{self, Desk},
    desk_acts::{self, StepForm},
    results,
};
use crate::{
    kernel::Cx,
    organisations::{OrgRole, OrgScope, OrgState},
    trade_events::{
        forms::EventForm,
        queries::{self, Event},
        routes::Deps,
    },
    web::{Form, Html, Page, PageError, SignedIn},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};

#[derive(Template)]
#[template(path = "trade_events/host_list.html")]
struct ListPage {
    page: Page,
    scope: OrgScope,
    events: Vec<Event>,
    /// Whether the reader may make one.
    may: bool,
    verified: bool,
}

/// `GET /to-chuc/su-kien`
pub(in crate::trade_events) async fn list(
    State(deps): State<Deps>,
    page: Page,
    scope: OrgScope,
) -> Result<Html<impl Template>, PageError> {
    let events = queries::of_host(&deps.db, scope.org).await?;
    let verified = scope.state == OrgState::Verified;
    let may = verified && scope.has(OrgRole::Administrator);
    Ok(Html(ListPage { page: page.in_section("org-events"), scope, events, may, verified }))
}

/// `GET /to-chuc/su-kien/moi`
pub(in crate::trade_events) async fn new(
    page: Page,
    scope: OrgScope,
) -> Result<Response, PageError> {
    Ok(desk::new(Desk::of_host(scope)?, page))
}

/// `POST /to-chuc/su-kien/moi`
pub(in crate::trade_events) async fn make(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    SignedIn(viewer): SignedIn,
    scope: OrgScope,
    Form { data: form, raw }: Form<EventForm>,
) -> Result<Response, PageError> {
    desk_acts::make(&deps, (&cx, page, &viewer), Desk::of_host(scope)?, form, raw.as_ref()).await
}

/// `GET /to-chuc/su-kien/{id}`
pub(in crate::trade_events) async fn show(
    State(deps): State<Deps>,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    desk::show(&deps, Desk::of_host(scope)?, page, &id).await
}

/// `POST /to-chuc/su-kien/{id}`
pub(in crate::trade_events) async fn change(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<EventForm>,
) -> Result<Response, PageError> {
    desk_acts::change(&deps, (&cx, page), Desk::of_host(scope)?, &id, form).await
}

/// `POST /to-chuc/su-kien/{id}/buoc`
pub(in crate::trade_events) async fn step(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<StepForm>,
) -> Result<Response, PageError> {
    desk_acts::step(&deps, (&cx, page), Desk::of_host(scope)?, &id, form).await
}

/// `POST /to-chuc/su-kien/{id}/gian-hang`
pub(in crate::trade_events) async fn decide(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<StepForm>,
) -> Result<Response, PageError> {
    desk_acts::decide(&deps, (&cx, page), Desk::of_host(scope)?, &id, form).await
}

/// `GET /to-chuc/su-kien/{id}/ket-qua.csv`
pub(in crate::trade_events) async fn results(
    State(deps): State<Deps>,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    results::sheet(&page, &desk::existing(&deps, &Desk::of_host(scope)?, &id).await?, false)
}
