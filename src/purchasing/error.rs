//! Why something about a purchase order is refused, and how that is shown.

use super::model::PoState;
use crate::{
    kernel::{Lang, Text, Vnd},
    payments::PaymentError,
    stock::StockError,
    web::{AsProblem, Problem},
};
use axum::http::StatusCode;

/// Why something cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum PurchasingError {
    /// There is none, or it is somebody else's: the asker cannot tell which.
    #[error("no such purchase order")]
    NotFound,
    /// Somebody was faster, or it cannot happen in this state.
    #[error("the purchase order is {0:?}")]
    Moved(PoState),
    /// A purchase order has been issued on this quote.
    #[error("the quote has its purchase order")]
    Again,
    /// The seller is not admitted, or is suspended.
    #[error("the seller is not selling")]
    NotSelling,
    /// No lines, a quantity that is none, shares above the whole, sums beyond all measure.
    #[error("not an order: {0}")]
    Invalid(&'static str),
    /// A reason is needed.
    #[error("a reason is needed")]
    Note,
    /// The customer has no credit for so much; so much is left.
    #[error("credit left: {0}")]
    Credit(Vnd),
    /// The seller has no bank account to be paid on.
    #[error("the seller has no bank account")]
    NoAccount,
    /// More than is left to deliver, or nothing.
    #[error("not a delivery of what is open")]
    Delivery,
    /// So much of this line is no whole number of pieces.
    #[error("no whole pieces of {0}")]
    Pieces(String),
    /// What was handed in is no signature of either side on this contract; why.
    #[error("not a signature of this contract: {0}")]
    Signature(Text),
    #[error(transparent)]
    Stock(#[from] StockError),
    #[error(transparent)]
    Payment(#[from] PaymentError),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

fn moved(state: PoState) -> Problem {
    let label = state.label();
    let title = Text::new(
        format!("Đơn mua đã đổi: nay là “{}”.", label.get(Lang::Vi)),
        format!("The purchase order has changed: now “{}”.", label.get(Lang::En)),
    );
    Problem { status: StatusCode::CONFLICT, code: "purchasing/moved", title }
}

impl AsProblem for PurchasingError {
    fn problem(&self) -> Problem {
        let (code, vi, en) = match self {
            Self::NotFound => return Problem::not_found(),
            Self::Stock(error) => return error.problem(),
            Self::Payment(error) => return error.problem(),
            Self::Db(error) => return error.problem(),
            Self::Moved(state) => return moved(*state),
            Self::Credit(left) => {
                let title = Text::new(
                    format!(
                        "Hạn mức công nợ của khách chỉ còn {left}. Hãy nâng hạn mức trước khi xác nhận."
                    ),
                    format!(
                        "The customer's credit has only {left} left. Raise it before confirming."
                    ),
                );
                return Problem { status: StatusCode::CONFLICT, code: "purchasing/credit", title };
            }
            Self::Pieces(name) => {
                let title = Text::new(
                    format!("{name}: số lượng giao phải tròn sản phẩm trong kho."),
                    format!("{name}: deliver whole pieces of the stock."),
                );
                return Problem { status: StatusCode::CONFLICT, code: "purchasing/pieces", title };
            }
            Self::Signature(title) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return Problem { status, code: "purchasing/signature", title: title.clone() };
            }
            Self::Again => (
                "purchasing/again",
                "Báo giá này đã có đơn mua.",
                "A purchase order has been issued on this quote.",
            ),
            Self::NotSelling => (
                "purchasing/not-selling",
                "Gian hàng này hiện không bán hàng trên sàn.",
                "This shop does not sell on the floor now.",
            ),
            Self::Invalid(_) => (
                "purchasing/invalid",
                "Đơn mua chưa hợp lệ: xin xem lại dòng hàng, số lượng và điều khoản.",
                "This is not a valid purchase order: please look at lines, quantities and terms.",
            ),
            Self::Note => ("purchasing/note", "Xin ghi lý do.", "Please give a reason."),
            Self::NoAccount => (
                "purchasing/no-account",
                "Gian hàng chưa có tài khoản ngân hàng để nhận tiền. Hãy khai báo trước khi xác nhận.",
                "The shop has no bank account to be paid on. Enter one before confirming.",
            ),
            Self::Delivery => (
                "purchasing/delivery",
                "Số lượng giao phải lớn hơn 0 và không quá số còn phải giao.",
                "Deliver more than nothing and no more than is open.",
            ),
        };
        Problem::new(StatusCode::CONFLICT, code, vi, en)
    }
}
