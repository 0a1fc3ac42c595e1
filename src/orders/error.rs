//! What can go wrong with an order, and how it is shown.

use super::machine::OrderState;
use crate::{
    delivery::ParcelError,
    kernel::{Lang, Text, VariantId},
    payments::PaymentError,
    promotions::Refusal,
    stock::StockError,
    web::{AsProblem, Problem},
};
use axum::http::StatusCode;

/// Why an order was not placed or not moved.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// There is none, or it is somebody else's: the asker cannot tell which.
    #[error("order not found")]
    NotFound,
    /// Less is there than was asked for.
    #[error("only {available} of {variant} left")]
    Short {
        variant: VariantId,
        /// As the buyer knows it.
        name: String,
        available: i64,
    },
    /// The amounts do not fit: empty, negative, or beyond what can be counted.
    #[error("amounts out of range")]
    Amounts,
    /// A transfer to a seller without an account.
    #[error("the seller has no bank account")]
    NoAccount,
    /// It stands elsewhere by now, and from there this cannot happen.
    #[error("the order is {0:?} now")]
    Moved(OrderState),
    /// It cannot be changed so: nothing left, nothing less, or more than before.
    #[error("not a change that can be made")]
    Change,
    /// Some of it lies in a parcel already.
    #[error("some of it lies in a parcel")]
    InParcels,
    /// The act needs a reason.
    #[error("a reason is missing")]
    Reason,
    /// The voucher counts no longer.
    #[error("voucher {code}: {refusal:?}")]
    Voucher { code: String, refusal: Refusal },
    #[error(transparent)]
    Payment(PaymentError),
    #[error(transparent)]
    Parcel(ParcelError),
    #[error(transparent)]
    Stock(StockError),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl From<PaymentError> for OrderError {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::Account => Self::NoAccount,
            PaymentError::Db(error) => Self::Db(error),
            other => Self::Payment(other),
        }
    }
}

impl From<ParcelError> for OrderError {
    fn from(error: ParcelError) -> Self {
        match error {
            ParcelError::NotFound => Self::NotFound,
            ParcelError::Db(error) => Self::Db(error),
            other => Self::Parcel(other),
        }
    }
}

impl From<StockError> for OrderError {
    fn from(error: StockError) -> Self {
        match error {
            StockError::Short { variant, available } => {
                Self::Short { variant, name: String::new(), available }
            }
            StockError::Db(error) => Self::Db(error),
            other => Self::Stock(other),
        }
    }
}

impl AsProblem for OrderError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Short { name, available, .. } => Problem {
                status: StatusCode::CONFLICT,
                code: "orders/short",
                title: Text::new(
                    format!("“{name}” chỉ còn {available}."),
                    format!("Only {available} of “{name}” left."),
                ),
            },
            Self::Amounts => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "orders/amounts",
                "Số tiền của đơn hàng không hợp lệ.",
                "The amounts of this order are not valid.",
            ),
            Self::NoAccount => Problem::new(
                StatusCode::CONFLICT,
                "orders/no-account",
                "Người bán chưa có tài khoản ngân hàng để nhận chuyển khoản.",
                "The seller has no bank account for transfers.",
            ),
            Self::Moved(state) => Problem {
                status: StatusCode::CONFLICT,
                code: "orders/moved",
                title: Text::new(
                    format!("Đơn hàng lúc này: {}.", state.label().get(Lang::Vi)),
                    format!("The order is now: {}.", state.label().get(Lang::En)),
                ),
            },
            Self::Change => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "orders/change",
                "Chỉ được bớt số lượng hoặc bỏ dòng hàng, và phải còn ít nhất một món.",
                "Quantities can only go down or lines out, and something must be left.",
            ),
            Self::InParcels => Problem::new(
                StatusCode::CONFLICT,
                "orders/in-parcels",
                "Một phần hàng đã vào kiện; người bán hủy kiện trước rồi hai bên mới đổi đơn được.",
                "Some of it lies in a parcel; the seller cancels the parcel first, then it can be changed.",
            ),
            Self::Reason => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "orders/reason",
                "Xin ghi lý do để người mua biết.",
                "Please give a reason for the buyer.",
            ),
            Self::Voucher { code, refusal } => Problem {
                status: StatusCode::CONFLICT,
                code: "orders/voucher",
                title: refusal.text(code),
            },
            Self::Payment(error) => error.problem(),
            Self::Parcel(error) => error.problem(),
            Self::Stock(error) => error.problem(),
            Self::Db(error) => error.problem(),
        }
    }
}
