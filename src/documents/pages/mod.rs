//! Papers as files, the buyer's page of an invoice, the seller's desk of invoices.

pub(super) mod asked;
pub(super) mod entry;
pub(super) mod exports;
pub(super) mod list;
pub(super) mod papers;

use super::{invoice::Invoice, routes::Deps};
use crate::{
    enterprises::SellerScope,
    kernel::{SellerId, normalise},
    orders::{self, Asker, Order},
    web::{PageError, Viewer},
};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgConnection;

/// The key of a guest's link.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Key {
    k: String,
}

/// The order of this code, if the asker may see it.
async fn found(db: &mut PgConnection, code: &str, asker: Asker<'_>) -> Result<Order, PageError> {
    orders::find(db, &normalise(code), asker).await?.ok_or_else(PageError::not_found)
}

/// The buyer's order: by his account, or by the link that only he has.
async fn of_buyer(
    db: &mut PgConnection,
    viewer: Option<&Viewer>,
    code: &str,
    key: &str,
) -> Result<Order, PageError> {
    found(db, code, Asker::Buyer { secret: key, person: viewer.map(|v| v.id) }).await
}

/// The order of the shop that is acted for.
async fn of_seller(
    db: &mut PgConnection,
    scope: &SellerScope,
    code: &str,
) -> Result<Order, PageError> {
    found(db, code, Asker::Seller(scope.seller)).await
}

/// An order with its seller, as commands take it.
fn names(order: &Order) -> (crate::kernel::OrderId, SellerId) {
    (order.head.id, order.head.seller)
}

/// The kept file of an invoice: saved, not opened here, for it may carry scripts.
async fn invoice_file(
    deps: &Deps,
    invoice: Option<Invoice>,
    code: &str,
) -> Result<Response, PageError> {
    let invoice = invoice.ok_or_else(PageError::not_found)?;
    let (Some(key), Some(kind)) = (invoice.file_key, invoice.file_type) else {
        return Err(PageError::not_found());
    };
    let bytes = deps.files.read(&key).await.map_err(PageError::internal)?;
    let bytes = bytes.ok_or_else(PageError::not_found)?;
    let end = if kind == "application/pdf" { "pdf" } else { "xml" };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"hoa-don-{code}.{end}\"")),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".into()),
        (header::CACHE_CONTROL, "private, no-store".into()),
    ];
    Ok((headers, bytes).into_response())
}
