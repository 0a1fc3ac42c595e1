//! What the household takes home.

use super::since;
use crate::{
    assisted::{clerk::Clerk, model::ListedFor, queries_listing, routes::Deps},
    kernel::Cx,
    web::{Html, Page, PageError},
};
use askama::Template;
use axum::extract::{Path, State};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "assisted/listing_paper.html")]
struct PaperPage {
    page: Page,
    listed: ListedFor,
    clerk: String,
}

/// `GET /diem-ho-tro/dang-ho/{id}/giay`: what the household takes home; `id` is the product's.
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    clerk: Clerk,
    Path(id): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let mut db = deps.db.acquire().await?;
    let since = since(&mut db, &cx).await?;
    let whose = (Some(clerk.person), None);
    let mut made = queries_listing::listings(&mut db, whose, Some(id), since).await?;
    let listed = made.pop().ok_or_else(PageError::not_found)?;
    let clerk = page.viewer.as_ref().map(|v| v.name.clone()).unwrap_or_default();
    Ok(Html(PaperPage { page, listed, clerk }))
}
