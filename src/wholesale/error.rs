//! Why something about wholesale is refused, and how that is shown.

use crate::{
    catalogue::CatalogueError,
    kernel::Text,
    web::{AsProblem, Problem},
};

/// Why something stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum WholesaleError {
    #[error("there is none, or it is somebody else's")]
    NotFound,
    #[error("not possible as things stand between the two")]
    NotNow,
    #[error("somebody else has changed it in between")]
    Stale,
    #[error("the name is taken")]
    Taken,
    #[error("as many as there may be")]
    Full,
    /// What a person can put right.
    #[error("{0}")]
    Refused(Text),
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl AsProblem for WholesaleError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::NotNow => Problem::conflict(
                "wholesale/not-now",
                "Việc này không làm được với tình trạng hiện nay của khách hàng. Xin tải lại trang.",
                "This cannot be done as things stand with this customer. Please reload the page.",
            ),
            Self::Stale => Problem::conflict(
                "wholesale/stale",
                "Người khác vừa sửa mục này. Xin tải lại trang rồi sửa lần nữa.",
                "Somebody else has just changed this. Please reload the page and try again.",
            ),
            Self::Taken => Problem::conflict(
                "wholesale/taken",
                "Tên này đã có. Xin chọn tên khác.",
                "This name is taken. Please choose another.",
            ),
            Self::Full => Problem::conflict(
                "wholesale/full",
                "Đã có nhiều nhất có thể. Hãy bỏ bớt trước khi thêm.",
                "There are as many as there may be. Take some off before adding.",
            ),
            Self::Refused(text) => Problem { title: text.clone(), ..Self::NotNow.problem() },
            Self::Catalogue(error) => error.problem(),
            Self::Db(error) => error.problem(),
        }
    }
}
