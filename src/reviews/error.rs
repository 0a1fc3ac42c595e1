//! Why a review is not written, changed or ruled upon.

use crate::web::{AsProblem, Problem};

#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// There is none, or it is somebody else's.
    #[error("no such review or purchase")]
    NotFound,
    /// The order is not completed, or too long ago.
    #[error("this purchase cannot be reviewed now")]
    NotNow,
    /// The line has a review.
    #[error("this line has been reviewed")]
    Already,
    /// Members of a shop do not judge its goods.
    #[error("a shop's member cannot review its goods")]
    OwnShop,
    /// The time in which it may be changed is over, or it is hidden.
    #[error("the review can no longer be changed")]
    Fixed,
    /// Somebody else has ruled in between, or the second appeal.
    #[error("the review stands elsewhere")]
    Stale,
    #[error("too many pictures")]
    TooManyPictures,
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl AsProblem for ReviewError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::NotNow => Problem::conflict(
                "reviews/not-now",
                "Chỉ đánh giá được sau khi đơn hàng hoàn thành và trong thời hạn.",
                "You can review once the order is completed, and within the time given.",
            ),
            Self::Already => Problem::conflict(
                "reviews/already",
                "Mặt hàng này của đơn đã được đánh giá.",
                "This line of the order has been reviewed.",
            ),
            Self::OwnShop => Problem::conflict(
                "reviews/own-shop",
                "Thành viên của gian hàng không đánh giá hàng của chính gian hàng mình.",
                "Members of a shop do not review its own goods.",
            ),
            Self::Fixed => Problem::conflict(
                "reviews/fixed",
                "Đánh giá này không còn sửa được.",
                "This review can no longer be changed.",
            ),
            Self::Stale => Problem::conflict(
                "reviews/stale",
                "Đánh giá này vừa được xử lý; xin tải lại trang.",
                "This review has just been dealt with; please reload the page.",
            ),
            Self::TooManyPictures => Problem::conflict(
                "reviews/pictures",
                "Mỗi đánh giá có nhiều nhất 5 ảnh.",
                "A review has at most 5 pictures.",
            ),
            Self::Db(error) => error.problem(),
        }
    }
}
