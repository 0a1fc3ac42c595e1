//! Why something about an enquiry is refused, and how that is shown.

use crate::web::{AsProblem, Problem};

/// Why something cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("no such sheet or enquiry, or not yours")]
    NotFound,
    #[error("changed in between, lapsed, or no longer possible")]
    Stale,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl AsProblem for ExportError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Stale => Problem::conflict(
                "exports/stale",
                "Chào giá đã hết hạn hoặc vừa có thay đổi. Xin mở lại trang để xem trạng thái mới.",
                "The offer has lapsed or something has just changed. Please reload the page.",
            ),
            Self::Database(error) => error.problem(),
        }
    }
}
