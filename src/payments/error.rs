//! What can go wrong with a payment, and how it is shown.

use crate::web::{AsProblem, Problem};
use axum::http::StatusCode;

/// Why money was not noted.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    /// There is no payment of this order.
    #[error("no payment of this order")]
    NotFound,
    /// A transfer without an account, or with one that no QR code can carry.
    #[error("no account that can be paid by VietQR")]
    Account,
    /// Nothing, or less than nothing.
    #[error("an amount that cannot be")]
    Amount,
    /// The seller's contract with a gateway cannot be used.
    #[error(transparent)]
    Contract(#[from] super::gateways::OpenError),
    /// Somebody was faster, or it cannot be that.
    #[error("decided already")]
    Decided,
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl AsProblem for PaymentError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Account => Problem::new(
                StatusCode::CONFLICT,
                "payments/account",
                "Người bán chưa có tài khoản ngân hàng để nhận chuyển khoản.",
                "The seller has no bank account for transfers.",
            ),
            Self::Amount => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "payments/amount",
                "Số tiền không hợp lệ.",
                "This amount cannot be.",
            ),
            Self::Contract(_) => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "payments/contract",
                "Cổng thanh toán này tạm thời không dùng được.",
                "This payment gateway cannot be used for now.",
            ),
            Self::Decided => Problem::new(
                StatusCode::CONFLICT,
                "payments/decided",
                "Khoản này đã được xử lý rồi.",
                "This has been decided already.",
            ),
            Self::Db(error) => error.problem(),
        }
    }
}
