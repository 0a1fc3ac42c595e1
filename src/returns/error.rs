//! What can go wrong with a return, and how it is shown.

use super::machine::State;
use crate::{
    kernel::{Lang, Text},
    orders::OrderError,
    payments::PaymentError,
    web::{AsProblem, Problem},
};
use axum::http::StatusCode;

/// Why a return was not opened or not moved.
#[derive(Debug, thiserror::Error)]
pub enum ReturnError {
    /// There is none, or it is somebody else's.
    #[error("return not found")]
    NotFound,
    /// It stands elsewhere by now, and from there this cannot happen.
    #[error("the return is {0:?} now")]
    Moved(State),
    /// The order is not delivered, or the time for this kind of return is over.
    #[error("too late, or too early, for a return")]
    Window,
    /// More than was delivered and not yet returned.
    #[error("more than is left of line {0}")]
    TooMany(i32),
    /// Nothing was chosen.
    #[error("nothing to return")]
    Empty,
    /// The act needs words.
    #[error("a reason or reference is missing")]
    Note,
    /// An amount that is not between nothing and everything.
    #[error("the amount does not fit")]
    Amount,
    /// The law lets the buyer withdraw: the seller cannot refuse.
    #[error("a withdrawal by law cannot be refused")]
    Legal,
    /// The order cannot be changed any more, or not like this.
    #[error("the order cannot be changed so")]
    Edit,
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error(transparent)]
    Payment(#[from] PaymentError),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl AsProblem for ReturnError {
    fn problem(&self) -> Problem {
        let (status, code, vi, en) = match self {
            Self::NotFound => return Problem::not_found(),
            Self::Moved(state) => {
                return Problem {
                    status: StatusCode::CONFLICT,
                    code: "returns/moved",
                    title: Text::new(
                        format!("Yêu cầu trả hàng lúc này: {}.", state.label().get(Lang::Vi)),
                        format!("The return is now: {}.", state.label().get(Lang::En)),
                    ),
                };
            }
            Self::Window => (
                StatusCode::CONFLICT,
                "returns/window",
                "Đơn chưa giao xong hoặc đã quá hạn trả hàng.",
                "The order is not delivered, or the time for returns is over.",
            ),
            Self::TooMany(_) => (
                StatusCode::CONFLICT,
                "returns/too-many",
                "Số lượng trả nhiều hơn số đã giao còn lại.",
                "More than what was delivered and not yet returned.",
            ),
            Self::Empty => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "returns/empty",
                "Chọn ít nhất một món để trả.",
                "Choose at least one thing to return.",
            ),
            Self::Note => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "returns/note",
                "Xin ghi rõ lý do, mã giao dịch hoặc cách gửi.",
                "Please write the reason, the reference or how it was sent.",
            ),
            Self::Amount => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "returns/amount",
                "Số tiền hoàn một phần phải lớn hơn 0 và nhỏ hơn toàn bộ.",
                "A partial refund is more than nothing and less than everything.",
            ),
            Self::Legal => (
                StatusCode::CONFLICT,
                "returns/legal",
                "Người mua chấm dứt hợp đồng theo luật trong thời hạn nên không từ chối được.",
                "The buyer ends the contract by law in time: it cannot be refused.",
            ),
            Self::Edit => (
                StatusCode::CONFLICT,
                "returns/edit",
                "Đơn không đổi được nữa, hoặc không đổi được như vậy.",
                "The order cannot be changed any more, or not like this.",
            ),
            Self::Order(error) => return error.problem(),
            Self::Payment(error) => return error.problem(),
            Self::Db(error) => return error.problem(),
        };
        Problem::new(status, code, vi, en)
    }
}
