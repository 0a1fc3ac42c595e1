//! `/su-kien`: what takes place, and who takes part.

use crate::{
    kernel::{Cx, day_of, safe_html},
    trade_events::{
        model::EventState,
        queries::{self, Event},
        queries_sign_ups::{self, Taking},
        routes::Deps,
    },
    web::{Html, Page, PageError, Query},
};
use askama::Template;
use axum::extract::{Path, State};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "trade_events/list.html")]
struct ListPage {
    page: Page,
    coming: Vec<Event>,
    past: Vec<Event>,
    older: Option<i64>,
}

/// Which page of what is over.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::trade_events) struct Asked {
    trang: String,
}

const ON_A_PAGE: i64 = 30;

/// `GET /su-kien?trang=`
pub(in crate::trade_events) async fn list(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    let n = asked.trang.parse::<i64>().unwrap_or(1).clamp(1, 10_000);
    let mut found = queries::all(&deps.db, false, (ON_A_PAGE + 1, (n - 1) * ON_A_PAGE)).await?;
    let more = found.len() > usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    found.truncate(usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX));
    let today = day_of(cx.now);
    let (mut coming, past): (Vec<Event>, Vec<Event>) =
        found.into_iter().partition(|e| e.ends_on >= today && e.state == EventState::Published);
    coming.sort_by_key(|e| e.starts_on);
    let older = more.then_some(n + 1);
    Ok(Html(ListPage { page: page.in_section("events"), coming, past, older }))
}

#[derive(Template)]
#[template(path = "trade_events/event.html")]
struct EventPage {
    page: Page,
    event: Event,
    body: String,
    shops: Vec<(Taking, String)>,
    is_on: bool,
    can_sign_up: bool,
}

/// `GET /su-kien/{slug}`
pub(in crate::trade_events) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Path(slug): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let event = queries::by_slug(&deps.db, &slug).await?.ok_or_else(PageError::not_found)?;
    let shops = queries_sign_ups::taking_part(&deps.db, event.id, false).await?;
    let place = |t: Taking| {
        let place =
            deps.places.commune(&t.commune).map_or_else(String::new, |c| c.full_name.clone());
        (t, place)
    };
    let is_on = event.state == EventState::Published && day_of(cx.now) <= event.ends_on;
    Ok(Html(EventPage {
        body: safe_html(&event.body),
        can_sign_up: is_on && day_of(cx.now) <= event.sign_up_until,
        is_on,
        shops: shops.into_iter().map(place).collect(),
        event,
        page: page.in_section("events"),
    }))
}
