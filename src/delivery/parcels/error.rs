//! What can go wrong with a parcel, and how it is shown.

use super::machine::ParcelState;
use crate::{
    kernel::{Lang, Text},
    web::{AsProblem, Problem},
};
use axum::http::StatusCode;

/// Why a parcel was not made or not moved.
#[derive(Debug, thiserror::Error)]
pub enum ParcelError {
    /// There is none, or it is somebody else's.
    #[error("parcel not found")]
    NotFound,
    /// More than was ordered, or than is left to pack.
    #[error("more than was ordered")]
    TooMany,
    /// Nothing in it, or amounts that cannot be counted.
    #[error("not a parcel")]
    Amounts,
    /// It stands elsewhere by now.
    #[error("the parcel is {0:?} now")]
    Moved(ParcelState),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl ParcelError {
    /// Tells the check of the database from other errors.
    pub(super) fn of_packing(error: sqlx::Error) -> Self {
        let name = error.as_database_error().and_then(sqlx::error::DatabaseError::constraint);
        match name {
            Some(
                "packed_at_most_ordered" | "parcel_lines_came_back" | "parcel_lines_delivered",
            ) => Self::TooMany,
            _ => Self::Db(error),
        }
    }
}

impl AsProblem for ParcelError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::TooMany => Problem::new(
                StatusCode::CONFLICT,
                "delivery/too-many",
                "Nhiều hơn số còn lại để đóng kiện; xin mở lại trang đơn hàng.",
                "More than is left to pack; please reload the order's page.",
            ),
            Self::Amounts => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "delivery/parcel",
                "Kiện phải có ít nhất một món, cân nặng và số tiền hợp lệ.",
                "A parcel holds at least one thing, with a weight and amounts that can be counted.",
            ),
            Self::Moved(state) => Problem {
                status: StatusCode::CONFLICT,
                code: "delivery/moved",
                title: Text::new(
                    format!("Kiện lúc này: {}.", state.label().get(Lang::Vi)),
                    format!("The parcel is now: {}.", state.label().get(Lang::En)),
                ),
            },
            Self::Db(error) => error.problem(),
        }
    }
}
