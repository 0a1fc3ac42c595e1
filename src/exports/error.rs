//! Why something about an enquiry is refused, and how that is shown.

use crate::web::{AsProblem, Problem};
use axum::http::StatusCode;

/// Said beside the form, too.
pub(super) const TOO_MANY: (&str, &str) = (
    "Hôm nay đã có nhiều lời hỏi chờ xác nhận từ địa chỉ này. Hãy mở thư đã nhận và bấm xác nhận, hoặc thử lại ngày mai.",
    "Many enquiries from this address wait to be confirmed today. Please open the mails you have and confirm them, or try again tomorrow.",
);

/// Why something cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("no such sheet or enquiry, or not yours")]
    NotFound,
    #[error("changed in between, lapsed, or no longer possible")]
    Stale,
    #[error("as many confirmations as a day bears were mailed")]
    TooMany,
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
            Self::TooMany => Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "exports/too-many",
                TOO_MANY.0,
                TOO_MANY.1,
            ),
            Self::Database(error) => error.problem(),
        }
    }
}
