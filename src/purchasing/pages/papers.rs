//! The papers of a purchase order as files, and the QR code of an instalment.

use super::{
    super::{
        contract, delivery_note,
        read::{Scope, Whole},
        routes::Deps,
        ubl,
    },
    found,
};
use crate::{
    enterprises::SellerScope,
    kernel::Cx,
    organisations::OrgScope,
    payments,
    web::{Page, PageError, press},
};
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};

async fn whole(deps: &Deps, number: &str, scope: Scope) -> Result<Whole, PageError> {
    found(&mut *deps.db.acquire().await?, number, scope).await
}

/// `GET /to-chuc/don-mua/{number}/qr/{nth}`: what a bank's app reads.
pub(in super::super) async fn qr(
    State(deps): State<Deps>,
    scope: OrgScope,
    Path((number, nth)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let whole = whole(&deps, &number, Scope::Buyer(scope.org)).await?;
    let nth = nth.parse().map_err(|_| PageError::not_found())?;
    let part = whole.instalment(nth).and_then(|i| i.intent.as_ref());
    let intent = part.ok_or_else(PageError::not_found)?;
    let payload = intent.payload_now()?.ok_or_else(PageError::not_found)?;
    let kind =
        [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "private, no-cache")];
    Ok((kind, payments::qr_svg(&payload)?).into_response())
}

/// `GET /to-chuc/don-mua/{number}/hop-dong.pdf`
pub(in super::super) async fn contract_of_buyer(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let whole = whole(&deps, &number, Scope::Buyer(scope.org)).await?;
    contract(&deps, &cx, &page, &whole).await
}

/// `GET /ban-hang/don-mua/{number}/hop-dong.pdf`
pub(in super::super) async fn contract_of_seller(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let whole = whole(&deps, &number, Scope::Seller(scope.seller)).await?;
    contract(&deps, &cx, &page, &whole).await
}

async fn contract(deps: &Deps, cx: &Cx, page: &Page, whole: &Whole) -> Result<Response, PageError> {
    let bytes = contract::kept(deps, cx, page, whole).await?;
    Ok(press::answer(bytes, &format!("hop-dong-{}.pdf", whole.head.number)))
}

/// `GET /to-chuc/don-mua/{number}/giao-hang/{nth}`
pub(in super::super) async fn delivery_of_buyer(
    State(deps): State<Deps>,
    page: Page,
    scope: OrgScope,
    Path((number, nth)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let whole = whole(&deps, &number, Scope::Buyer(scope.org)).await?;
    delivery(&page, &whole, &nth).await
}

/// `GET /ban-hang/don-mua/{number}/giao-hang/{nth}`
pub(in super::super) async fn delivery_of_seller(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path((number, nth)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let whole = whole(&deps, &number, Scope::Seller(scope.seller)).await?;
    delivery(&page, &whole, &nth).await
}

async fn delivery(page: &Page, whole: &Whole, nth: &str) -> Result<Response, PageError> {
    let nth: i32 = nth.parse().map_err(|_| PageError::not_found())?;
    let found = whole.deliveries.iter().find(|d| d.nth == nth).ok_or_else(PageError::not_found)?;
    let paper = delivery_note::note(&whole.head, found, page.lang, &page.site_name);
    let bytes = press::print(paper).await?;
    Ok(press::answer(bytes, &format!("giao-hang-{}-{nth}.pdf", whole.head.number)))
}

/// `GET /to-chuc/don-mua/{number}/nghiem-thu.pdf`
pub(in super::super) async fn acceptance_of_buyer(
    State(deps): State<Deps>,
    page: Page,
    scope: OrgScope,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let whole = whole(&deps, &number, Scope::Buyer(scope.org)).await?;
    acceptance(&page, &whole).await
}

/// `GET /ban-hang/don-mua/{number}/nghiem-thu.pdf`
pub(in super::super) async fn acceptance_of_seller(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let whole = whole(&deps, &number, Scope::Seller(scope.seller)).await?;
    acceptance(&page, &whole).await
}

async fn acceptance(page: &Page, whole: &Whole) -> Result<Response, PageError> {
    let at = whole.head.accepted_at.ok_or_else(PageError::not_found)?;
    let paper = delivery_note::acceptance(whole, at, page.lang, &page.site_name);
    let bytes = press::print(paper).await?;
    Ok(press::answer(bytes, &format!("nghiem-thu-{}.pdf", whole.head.number)))
}

/// `GET /to-chuc/don-mua/{number}/ubl.xml`
pub(in super::super) async fn ubl_of_buyer(
    State(deps): State<Deps>,
    scope: OrgScope,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let whole = whole(&deps, &number, Scope::Buyer(scope.org)).await?;
    Ok(xml(&whole.head.number, ubl::order(&whole)))
}

/// `GET /ban-hang/don-mua/{number}/ubl.xml`
pub(in super::super) async fn ubl_of_seller(
    State(deps): State<Deps>,
    scope: SellerScope,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    let whole = whole(&deps, &number, Scope::Seller(scope.seller)).await?;
    Ok(xml(&whole.head.number, ubl::order(&whole)))
}

/// `GET /to-chuc/don-mua/{number}/tra-loi.xml`
pub(in super::super) async fn response_of_buyer(
    State(deps): State<Deps>,
    scope: OrgScope,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    response(&whole(&deps, &number, Scope::Buyer(scope.org)).await?)
}

/// `GET /ban-hang/don-mua/{number}/tra-loi.xml`
pub(in super::super) async fn response_of_seller(
    State(deps): State<Deps>,
    scope: SellerScope,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    response(&whole(&deps, &number, Scope::Seller(scope.seller)).await?)
}

fn response(whole: &Whole) -> Result<Response, PageError> {
    let text = ubl::response(whole).ok_or_else(PageError::not_found)?;
    Ok(xml(&format!("tra-loi-{}", whole.head.number), text))
}

/// `GET /to-chuc/don-mua/{number}/giao-hang/{nth}/ubl.xml`
pub(in super::super) async fn despatch_of_buyer(
    State(deps): State<Deps>,
    scope: OrgScope,
    Path((number, nth)): Path<(String, String)>,
) -> Result<Response, PageError> {
    despatch(&whole(&deps, &number, Scope::Buyer(scope.org)).await?, &nth)
}

/// `GET /ban-hang/don-mua/{number}/giao-hang/{nth}/ubl.xml`
pub(in super::super) async fn despatch_of_seller(
    State(deps): State<Deps>,
    scope: SellerScope,
    Path((number, nth)): Path<(String, String)>,
) -> Result<Response, PageError> {
    despatch(&whole(&deps, &number, Scope::Seller(scope.seller)).await?, &nth)
}

fn despatch(whole: &Whole, nth: &str) -> Result<Response, PageError> {
    let nth: i32 = nth.parse().map_err(|_| PageError::not_found())?;
    let found = whole.deliveries.iter().find(|d| d.nth == nth).ok_or_else(PageError::not_found)?;
    Ok(xml(&format!("giao-hang-{}-{nth}", whole.head.number), ubl::despatch(whole, found)))
}

fn xml(name: &str, text: String) -> Response {
    let name = format!("attachment; filename=\"{name}.xml\"");
    let headers = [
        (header::CONTENT_TYPE, "application/xml; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, text).into_response()
}
