//! What can go wrong with papers and invoices, and how it is shown.

use crate::web::{AsProblem, Problem};
use axum::http::StatusCode;

/// Why a paper or an entry was not made.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// There is none, or it is somebody else's: the asker cannot tell which.
    #[error("no such order or paper")]
    NotFound,
    /// Another order of the shop carries this invoice.
    #[error("the invoice is recorded for another order")]
    Taken,
    /// The invoice exists: whom it names cannot be changed here.
    #[error("the invoice has been issued")]
    Issued,
    /// Nobody has promised to deliver: the order is not confirmed, or cancelled.
    #[error("there is nothing to invoice")]
    TooEarly,
    /// What is kept cannot be read.
    #[error("a frozen contract cannot be read: {0}")]
    Content(#[from] serde_json::Error),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl AsProblem for DocumentError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Taken => Problem::new(
                StatusCode::CONFLICT,
                "documents/taken",
                "Hóa đơn này đã được ghi cho một đơn khác của gian hàng.",
                "This invoice is recorded for another order of the shop.",
            ),
            Self::Issued => Problem::new(
                StatusCode::CONFLICT,
                "documents/issued",
                "Hóa đơn của đơn này đã được lập. Cần sửa thì xin liên hệ người bán.",
                "The invoice of this order has been issued. Please ask the seller for corrections.",
            ),
            Self::TooEarly => Problem::new(
                StatusCode::CONFLICT,
                "documents/too-early",
                "Đơn chưa xác nhận hoặc đã hủy nên không có hóa đơn để ghi.",
                "The order is not confirmed, or is cancelled: there is no invoice to record.",
            ),
            Self::Content(_) => Problem::internal(),
            Self::Db(error) => error.problem(),
        }
    }
}
