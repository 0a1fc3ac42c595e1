//! Why a decision is refused, and how that is shown.

use crate::web::{AsProblem, Problem};
use axum::http::StatusCode;

/// Why something cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum ApprovalError {
    #[error("no such request, or not this firm's")]
    NotFound,
    #[error("it has been decided, or is void")]
    Stale,
    #[error("somebody else has to agree to this")]
    NotYours,
    #[error("there are as many as can be")]
    Full,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl AsProblem for ApprovalError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Stale => Problem::conflict(
                "approvals/stale",
                "Đề nghị này đã được quyết định, hoặc người mua đã thay đổi và gửi lại.",
                "This request has been decided, or was changed and asked anew.",
            ),
            Self::NotYours => Problem::new(
                StatusCode::FORBIDDEN,
                "approvals/not-yours",
                "Đề nghị này do người khác duyệt. Không ai tự duyệt đề nghị của mình.",
                "Somebody else decides on this. Nobody decides on what he asks for himself.",
            ),
            Self::Full => Problem::conflict(
                "approvals/full",
                "Đã có nhiều nhất có thể (100). Hãy bỏ bớt trước khi thêm.",
                "There are as many as can be (100). End some before adding.",
            ),
            Self::Database(error) => error.problem(),
        }
    }
}
