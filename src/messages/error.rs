//! Why a message is not sent.

use crate::web::{AsProblem, Problem};
use axum::http::StatusCode;

#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// There is none, or it is somebody else's.
    #[error("no such thread")]
    NotFound,
    /// A ruling has closed the thread.
    #[error("the thread is closed")]
    Closed,
    #[error("too many messages")]
    TooMany,
    /// A member writes to his own shop.
    #[error("a shop's member cannot write to it")]
    OwnShop,
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl AsProblem for MessageError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Closed => Problem::conflict(
                "messages/closed",
                "Cuộc trò chuyện này đã bị đơn vị vận hành đóng.",
                "The operator has closed this conversation.",
            ),
            Self::TooMany => Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "messages/too-many",
                "Bạn gửi quá nhiều tin; xin thử lại sau.",
                "You have sent too many messages; please try again later.",
            ),
            Self::OwnShop => Problem::conflict(
                "messages/own-shop",
                "Đây là gian hàng của chính bạn.",
                "This is your own shop.",
            ),
            Self::Db(error) => error.problem(),
        }
    }
}
