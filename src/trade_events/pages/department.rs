//! The Department makes events, publishes its own and those of others, takes shops in, and sees what came of it.

use super::{
    desk::{self, Desk},
    desk_acts::{self, StepForm},
    results,
};
use crate::{
    kernel::Cx,
    trade_events::{
        forms::EventForm,
        queries::{self, Event},
        routes::Deps,
    },
    web::{Form, Html, Officer, Page, PageError},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};

#[derive(Template)]
#[template(path = "trade_events/department_list.html")]
struct ListPage {
    page: Page,
    events: Vec<Event>,
}

/// `GET /so-cong-thuong/su-kien`
pub(in crate::trade_events) async fn list(
    State(deps): State<Deps>,
    page: Page,
    _: Officer,
) -> Result<Html<impl Template>, PageError> {
    let events = queries::all(&deps.db, true, (200, 0)).await?;
    Ok(Html(ListPage { page: page.in_section("department-events"), events }))
}

/// `GET /so-cong-thuong/su-kien/moi`
pub(in crate::trade_events) async fn new(
    page: Page,
    Officer(officer): Officer,
) -> Result<Response, PageError> {
    Ok(desk::new(Desk::Department(officer), page))
}

/// `POST /so-cong-thuong/su-kien/moi`
pub(in crate::trade_events) async fn make(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(officer): Officer,
    Form { data: form, raw }: Form<EventForm>,
) -> Result<Response, PageError> {
    let desk = Desk::Department(officer.clone());
    desk_acts::make(&deps, (&cx, page, &officer), desk, form, raw.as_ref()).await
}

/// `GET /so-cong-thuong/su-kien/{id}`
pub(in crate::trade_events) async fn show(
    State(deps): State<Deps>,
    page: Page,
    Officer(officer): Officer,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    desk::show(&deps, Desk::Department(officer), page, &id).await
}

/// `POST /so-cong-thuong/su-kien/{id}`
pub(in crate::trade_events) async fn change(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(officer): Officer,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<EventForm>,
) -> Result<Response, PageError> {
    desk_acts::change(&deps, (&cx, page), Desk::Department(officer), &id, form).await
}

/// `POST /so-cong-thuong/su-kien/{id}/buoc`
pub(in crate::trade_events) async fn step(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(officer): Officer,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<StepForm>,
) -> Result<Response, PageError> {
    desk_acts::step(&deps, (&cx, page), Desk::Department(officer), &id, form).await
}

/// `POST /so-cong-thuong/su-kien/{id}/gian-hang`
pub(in crate::trade_events) async fn decide(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Officer(officer): Officer,
    Path(id): Path<String>,
    Form { data: form, .. }: Form<StepForm>,
) -> Result<Response, PageError> {
    desk_acts::decide(&deps, (&cx, page), Desk::Department(officer), &id, form).await
}

/// `GET /so-cong-thuong/su-kien/{id}/ket-qua.csv`
pub(in crate::trade_events) async fn results(
    State(deps): State<Deps>,
    page: Page,
    Officer(officer): Officer,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    results::sheet(&page, &desk::existing(&deps, &Desk::Department(officer), &id).await?, true)
}
