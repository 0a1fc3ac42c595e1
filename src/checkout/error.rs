//! What can go wrong on the way from the basket to the orders.

use crate::{
    assisted::AssistedError,
    orders::OrderError,
    web::{AsProblem, Problem},
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
            Self::Order(error) => error.problem(),
            Self::Assisted(error) => error.problem(),
            Self::Db(error) => error.problem(),
        }
    }
}
