//! What can go wrong, and how it is told.

use crate::{
    kernel::{Text, VariantId},
    web::{AsProblem, Problem},
};
use axum::http::StatusCode;

/// Why stock stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum StockError {
    /// Fewer than wanted are for sale; nothing of the order is reserved.
    #[error("only {available} of {variant} are for sale")]
    Short { variant: VariantId, available: i64 },
    /// The new number would not cover what buyers have been promised.
    #[error("{reserved} are promised to buyers")]
    Promised { reserved: i64 },
    /// A number below one, or beyond any warehouse.
    #[error("not a quantity")]
    BadQuantity,
    /// There is none, or it is somebody else's.
    #[error("no such variant")]
    NotFound,
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl AsProblem for StockError {
    fn problem(&self) -> Problem {
        let (status, code, title) = match self {
            Self::NotFound => return Problem::not_found(),
            Self::Db(error) => return error.problem(),
            Self::Short { available, .. } => (
                StatusCode::CONFLICT,
                "stock/short",
                Text::new(
                    format!("Chỉ còn {available} sản phẩm có thể bán."),
                    format!("Only {available} are left for sale."),
                ),
            ),
            Self::Promised { reserved } => (
                StatusCode::CONFLICT,
                "stock/promised",
                Text::new(
                    format!("Khách đã đặt {reserved}; số tồn không thể nhỏ hơn số đã đặt."),
                    format!(
                        "Buyers have ordered {reserved}; the number on hand cannot be lower than that."
                    ),
                ),
            ),
            Self::BadQuantity => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "stock/quantity",
                Text::new("Số lượng chưa đúng.", "This is not a valid quantity."),
            ),
        };
        Problem { status, code, title }
    }
}
