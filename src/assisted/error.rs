//! What can go wrong at a point, and how it is shown.

use crate::{
    catalogue::CatalogueError,
    web::{AsProblem, Problem},
};
use axum::http::StatusCode;

/// Why nothing was ordered for somebody.
#[derive(Debug, thiserror::Error)]
pub enum AssistedError {
    /// There is none, or it is somebody else's: the asker cannot tell which.
    #[error("no such visit")]
    NotFound,
    /// The visit has ended, or its time is over: the villager must agree anew.
    #[error("the visit has ended")]
    Ended,
    /// The household has taken its consent back, or its time is over.
    #[error("the household's consent has ended")]
    NoMandate,
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl AsProblem for AssistedError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Ended => Problem::new(
                StatusCode::CONFLICT,
                "assisted/ended",
                "Lần hỗ trợ này đã kết thúc. Về trang điểm hỗ trợ để bắt đầu lần mới; người dân cần đồng ý lại.",
                "This visit has ended. Begin a new one on the point's page; the villager has to agree again.",
            ),
            Self::NoMandate => Problem::new(
                StatusCode::CONFLICT,
                "assisted/no-mandate",
                "Sự đồng ý của hộ kinh doanh đã hết hạn hoặc đã rút lại, hoặc gian hàng đã ngừng bán; không đăng hộ được nữa.",
                "The household's consent is over or was taken back, or its shop does not sell any more; nothing can be listed for it.",
            ),
            Self::Catalogue(error) => error.problem(),
            Self::Db(error) => error.problem(),
        }
    }
}
