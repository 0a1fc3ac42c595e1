//! `/so-cong-thuong`: what waits, the oldest first.

use super::{
    routes::Deps,
    sellers::{Row, rows},
};
use crate::{
    catalogue,
    enterprises::{self, State},
    kernel::Cx,
    web::{Html, Officer, Page, PageError},
};
use askama::Template;
use axum::{
    extract::State as Part,
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "department_desk/overview.html")]
struct OverviewPage {
    page: Page,
    waiting: i64,
    listings: i64,
    changes: i64,
    approved: i64,
    suspended: i64,
    rows: Vec<Row>,
}

/// `GET /so-cong-thuong`
pub(super) async fn overview(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    _: Officer,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let counts = enterprises::count_by_state(&mut db).await?;
    let of = |state| counts.get(&state).copied().unwrap_or(0);
    let oldest = enterprises::list_sellers(&mut db, Some(State::Submitted), "", (10, 0)).await?;
    let listings = catalogue::waiting_for_review(&mut db).await?;
    let shown = OverviewPage {
        waiting: of(State::Submitted),
        listings,
        changes: of(State::NeedChanges),
        approved: of(State::Approved),
        suspended: of(State::Suspended),
        rows: rows(oldest, &deps.places, page.lang, cx.now),
        page: page.in_section("department"),
    };
    Ok(Html(shown).into_response())
}
