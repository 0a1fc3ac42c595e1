//! What was ordered for a firm, for its members.

use super::super::{
    lists::{self, Sheet},
    routes::Deps,
};
use crate::{
    kernel::Cursor,
    organisations::OrgScope,
    web::{Html, Page, PageError, Query},
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

/// Orders on a page.
const SIZE: i64 = 20;

/// Where a page of the list begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Asked {
    sau: String,
    truoc: String,
}

#[derive(Template)]
#[template(path = "orders/firm.html")]
struct FirmPage {
    page: Page,
    scope: OrgScope,
    sheet: Sheet,
    older: String,
    newer: String,
}

/// `GET /to-chuc/don-hang`
pub(in super::super) async fn list(
    State(deps): State<Deps>,
    page: Page,
    scope: OrgScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let wanted = lists::Page { from: Cursor::read(&asked.sau, &asked.truoc), size: SIZE };
    let sheet = lists::of_org(&deps.db, scope.org, &wanted).await?;
    let link = |name: &str, cursor: &Option<String>| {
        cursor.as_ref().map(|c| format!("/to-chuc/don-hang?{name}={c}")).unwrap_or_default()
    };
    let (older, newer) = (link("sau", &sheet.older), link("truoc", &sheet.newer));
    let page = page.in_section("org-orders");
    Ok(Html(FirmPage { page, scope, sheet, older, newer }).into_response())
}
