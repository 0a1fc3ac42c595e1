//! Papers: the contract, the packing slip, the picture of the QR code.

use super::super::{
    read::{self, Asker, Order},
    routes::Deps,
};
use super::buyer::{Key, find};
use crate::{
    enterprises::{self, SellerFacts, SellerScope},
    kernel::normalise,
    payments,
    web::{Html, Page, PageError, Query},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "orders/contract.html")]
struct ContractPage {
    page: Page,
    order: Order,
    facts: Option<SellerFacts>,
    /// The link's key; empty when he is signed in.
    k: String,
}

impl ContractPage {
    fn download(&self) -> String {
        let code = &self.order.head.code;
        match self.k.as_str() {
            "" => format!("/don-hang/{code}/hop-dong?tai=1"),
            key => format!("/don-hang/{code}/hop-dong?k={key}&tai=1"),
        }
    }
}

/// `GET /don-hang/{code}/hop-dong`: the contract to read, print or keep as a file.
pub(in super::super) async fn contract(
    State(deps): State<Deps>,
    page: Page,
    Path(code): Path<String>,
    Query(key): Query<Key>,
) -> Result<Response, PageError> {
    let order = find(&deps, page.viewer.as_ref(), &code, &key.k).await?;
    let mut db = deps.db.acquire().await?;
    let facts = enterprises::facts(&mut db, &[order.head.seller]).await?.remove(&order.head.seller);
    let name = format!("attachment; filename=\"hop-dong-{}.html\"", order.head.code);
    let as_file = key.tai == "1";
    let mut answer = Html(ContractPage { page, order, facts, k: key.k }).into_response();
    if as_file && let Ok(name) = HeaderValue::from_str(&name) {
        answer.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(answer)
}

/// `GET /don-hang/{code}/qr.svg`: what a bank's app reads. Its amount is what is due now, so it is not kept.
pub(in super::super) async fn qr(
    State(deps): State<Deps>,
    page: Page,
    Path(code): Path<String>,
    Query(key): Query<Key>,
) -> Result<Response, PageError> {
    let order = find(&deps, page.viewer.as_ref(), &code, &key.k).await?;
    let payment = order.payment.ok_or_else(PageError::not_found)?;
    let payload = payment.payload_now()?.ok_or_else(PageError::not_found)?;
    let kind =
        [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "private, no-cache")];
    Ok((kind, payments::qr_svg(&payload)?).into_response())
}

#[derive(Template)]
#[template(path = "orders/slip.html")]
struct SlipPage {
    page: Page,
    order: Order,
}

impl SlipPage {
    fn cash(&self) -> bool {
        self.order.head.payment_method == payments::PaymentMethod::Cod
    }
}

/// `GET /ban-hang/don-hang/{code}/phieu`: what lies in the parcel and is stuck on it.
pub(in super::super) async fn slip(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Path(code): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let order = read::find(&mut db, &normalise(&code), Asker::Seller(scope.seller)).await?;
    let order = order.ok_or_else(PageError::not_found)?;
    Ok(Html(SlipPage { page, order }))
}
