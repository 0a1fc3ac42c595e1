//! What the household takes home.

use super::since;
use crate::{
    assisted::{
        clerk::Clerk,
        model::{ListedFor, listing_consent},
        queries_listing,
        routes::Deps,
    },
    kernel::Cx,
    web::{Html, Page, PageError},
};
use askama::Template;
use axum::extract::{Path, State};

#[derive(Template)]
#[template(path = "assisted/listing_paper.html")]
struct PaperPage {
    page: Page,
    listed: ListedFor,
    clerk: String,
    consent: String,
}

/// `GET /diem-ho-tro/dang-ho/{id}/giay`: what the household takes home; `id` is the product's.
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    clerk: Clerk,
    Path(id): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let since = since(&mut db, &cx).await?;
    let mut made = queries_listing::listings(&mut db, Some(clerk.person), None, since).await?;
    made.retain(|listed| listed.product.to_string() == id);
    let listed = made.pop().ok_or_else(PageError::not_found)?;
    let clerk = page.viewer.as_ref().map(|v| v.name.clone()).unwrap_or_default();
    let consent = listing_consent().get(page.lang).to_owned();
    Ok(Html(PaperPage { page, listed, clerk, consent }))
}
