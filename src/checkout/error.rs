//! What can go wrong on the way from the basket to the orders.

use crate::{
    assisted::AssistedError,
    orders::OrderError,
    web::{AsProblem, Problem},
    wholesale::WholesaleError,
};
use axum::http::StatusCode;

/// Why a basket or a checkout did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum CheckoutError {
    #[error("no such goods")]
    NotFound,
    #[error("these goods are no longer sold")]
    Gone,
    #[error("the basket holds as many different things as it can")]
    Full,
    #[error("not sold in this unit, or not in such a quantity of it")]
    NoUnit,
    #[error("somebody of the firm has had the sample")]
    SampleTaken,
    #[error(transparent)]
    Wholesale(WholesaleError),
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error(transparent)]
    Assisted(AssistedError),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl From<AssistedError> for CheckoutError {
    fn from(error: AssistedError) -> Self {
        match error {
            AssistedError::Db(error) => Self::Db(error),
            other => Self::Assisted(other),
        }
    }
}

impl From<WholesaleError> for CheckoutError {
    fn from(error: WholesaleError) -> Self {
        match error {
            WholesaleError::Db(error) => Self::Db(error),
            other => Self::Wholesale(other),
        }
    }
}

impl AsProblem for CheckoutError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Gone => Problem::new(
                StatusCode::CONFLICT,
                "checkout/gone",
                "Món này hiện không còn bán.",
                "This is no longer sold.",
            ),
            Self::Full => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "checkout/full",
                "Giỏ hàng chứa tối đa 100 món khác nhau.",
                "The basket holds at most 100 different things.",
            ),
            Self::NoUnit => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "checkout/no-unit",
                "Món này không bán theo đơn vị hoặc số lượng đó.",
                "This is not sold in that unit or quantity.",
            ),
            Self::SampleTaken => Problem::conflict(
                "checkout/sample-taken",
                "Đơn vị của bạn đã mua mẫu của món này rồi.",
                "Your firm has had the sample of this already.",
            ),
            Self::Wholesale(error) => error.problem(),
            Self::Order(error) => error.problem(),
            Self::Assisted(error) => error.problem(),
            Self::Db(error) => error.problem(),
        }
    }
}
