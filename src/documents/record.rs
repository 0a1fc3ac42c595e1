//! The seller records an invoice that his provider has issued.

use super::{error::DocumentError, invoice::Entry, queries_invoices as queries};
use crate::{
    kernel::{Cx, Day, OrderId, SellerId},
    orders::{Order, OrderState},
    platform::audit,
};
use serde_json::json;
use sqlx::PgConnection;

/// An invoice with its file, if there is one.
#[derive(Debug, Clone)]
pub struct NewInvoice {
    pub symbol: String,
    pub number: String,
    pub issued_on: Day,
    /// Empty where the tax authority gives none.
    pub authority_code: String,
    /// Key and type of the kept file.
    pub file: Option<(String, &'static str)>,
}

impl NewInvoice {
    pub(super) fn of(entry: Entry, file: Option<(String, &'static str)>) -> Self {
        let Entry { symbol, number, issued_on, authority_code } = entry;
        Self { symbol, number, issued_on, authority_code, file }
    }
}

/// Whether an invoice can belong to this order: somebody has promised to deliver it.
pub(super) fn may_have(order: &Order) -> bool {
    !matches!(
        order.head.state,
        OrderState::AwaitingPayment | OrderState::Placed | OrderState::Cancelled
    )
}

/// Records the invoice of an order; an earlier entry is replaced and stays in the history.
///
/// # Errors
/// [`DocumentError::Taken`] when the seller has recorded this invoice for another order. The transaction
/// must then be rolled back.
pub async fn record(
    db: &mut PgConnection,
    cx: &Cx,
    sale: (OrderId, SellerId),
    new: &NewInvoice,
) -> Result<(), DocumentError> {
    keep(db, cx, sale, new).await?;
    Ok(note(db, cx, sale.0, new).await?)
}

/// The same without the line in the audit log, which [`note`] writes at the transaction's end.
pub(super) async fn keep(
    db: &mut PgConnection,
    cx: &Cx,
    (order, seller): (OrderId, SellerId),
    new: &NewInvoice,
) -> Result<(), DocumentError> {
    // Two entries at once: the later one replaces the earlier.
    queries::queue_for(db, order).await?;
    // A correction without a file keeps the one that is there.
    let before = queries::replace(db, order, cx.now).await?;
    let kept = before.and_then(|invoice| Some((invoice.file_key?, invoice.file_type?)));
    let given = new.file.clone().map(|(key, kind)| (key, kind.to_owned()));
    queries::insert(db, cx, (order, seller), new, given.or(kept)).await.map_err(|error| match error
    {
        sqlx::Error::Database(e) if e.constraint() == Some("invoices_number") => {
            DocumentError::Taken
        }
        other => other.into(),
    })
}

/// The line in the audit log.
pub(super) async fn note(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    new: &NewInvoice,
) -> sqlx::Result<()> {
    let detail = json!({ "symbol": new.symbol, "number": new.number, "issued_on": new.issued_on });
    audit::record(db, cx, "documents.record_invoice", &format!("order:{order}"), detail).await
}
