//! `/ban-hang/dang-ho`: who lists for one's shop at a point, and taking that back.

use crate::{
    accounts,
    assisted::{
        list_for::{self, Ending},
        model::{ListedFor, Mandate},
        queries_listing,
        routes::Deps,
    },
    enterprises::SellerScope,
    kernel::Cx,
    web::{Html, Page, PageError, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use chrono::TimeDelta;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "assisted/seller.html")]
struct SellerPage {
    page: Page,
    scope: SellerScope,
    /// Each with the clerk's name.
    mandates: Vec<(Mandate, String)>,
    listed: Vec<ListedFor>,
}

/// `GET /ban-hang/dang-ho`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let found =
        queries_listing::mandates(&mut db, (None, Some(scope.seller)), None, cx.now).await?;
    let year = cx.now - TimeDelta::days(366);
    let listed = queries_listing::listings(&mut db, (None, Some(scope.seller)), None, year).await?;
    let clerks: Vec<Uuid> = found.iter().map(|mandate| mandate.clerk.0).collect();
    let names = accounts::names(&mut db, &clerks).await?;
    let named = |mandate: Mandate| {
        let name = names.get(&mandate.clerk.0).cloned().unwrap_or_default();
        (mandate, name)
    };
    let mandates = found.into_iter().map(named).collect();
    Ok(Html(SellerPage { page: page.in_section("seller-members"), scope, mandates, listed }))
}

/// `POST /ban-hang/dang-ho/{id}/thu-hoi`: taking it back twice changes nothing, so the form needs no key.
pub(in super::super) async fn take_back(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let mut tx = deps.db.begin().await?;
    if !list_for::end(&mut tx, &cx, id, Ending::Seller(scope.seller)).await? {
        return Err(PageError::not_found());
    }
    tx.commit().await?;
    let line = page.t(
        "Đã thu hồi: nhân viên không đăng hộ được nữa.",
        "Taken back: nothing more is listed for you.",
    );
    Ok(go_with(&page, "/ban-hang/dang-ho", line))
}
