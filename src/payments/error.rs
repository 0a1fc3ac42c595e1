//! What can go wrong with a payment, and how it is shown.

use super::model::IntentState;
use crate::{
    kernel::Text,
    web::{AsProblem, Problem},
};
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
    /// The money is somewhere else already.
    #[error("a payment that is {0:?} cannot do that")]
    State(IntentState),
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
            Self::State(state) => Problem {
                status: StatusCode::CONFLICT,
                code: "payments/state",
                title: Text::new(
                    format!(
                        "Khoản tiền này đang ở tình trạng “{}”.",
                        state.label().get(crate::kernel::Lang::Vi)
                    ),
                    format!(
                        "This payment is “{}” now.",
                        state.label().get(crate::kernel::Lang::En)
                    ),
                ),
            },
            Self::Db(error) => error.problem(),
        }
    }
}
