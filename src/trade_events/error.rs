//! Why something at an event is refused, and how that is shown.

use crate::web::{AsProblem, Problem};
use axum::http::StatusCode;

/// Why something cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum TradeError {
    #[error("no such event, sign-up or meeting, or not yours")]
    NotFound,
    #[error("changed by somebody else in between, or no longer possible")]
    Stale,
    #[error("shops can no longer sign up")]
    TooLate,
    #[error("another meeting of the shop is at this time")]
    SlotTaken,
    #[error("there is a living wish to meet already")]
    AskedAlready,
    #[error("the shop asked is one's own")]
    OwnShop,
    #[error("nobody has seen who this organisation is")]
    Unverified,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl AsProblem for TradeError {
    fn problem(&self) -> Problem {
        let conflict = |code, vi, en| Problem::new(StatusCode::CONFLICT, code, vi, en);
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Stale => conflict(
                "trade-events/stale",
                "Vừa có thay đổi, hoặc việc này không còn làm được. Xin mở lại trang để xem trạng thái mới.",
                "Something has just changed, or this is no longer possible. Please reload the page.",
            ),
            Self::TooLate => conflict(
                "trade-events/too-late",
                "Đã hết hạn đăng ký tham gia sự kiện này.",
                "Shops can no longer sign up for this event.",
            ),
            Self::SlotTaken => conflict(
                "trade-events/slot-taken",
                "Gian hàng đã có cuộc gặp khác vào đúng giờ này.",
                "The shop has another meeting at this very time.",
            ),
            Self::AskedAlready => conflict(
                "trade-events/asked-already",
                "Bạn đã hẹn gian hàng này rồi; xem ở “Lịch hẹn của tôi”.",
                "You have asked this shop already; see “My meetings”.",
            ),
            Self::OwnShop => conflict(
                "trade-events/own-shop",
                "Đây là gian hàng của chính bạn.",
                "This is your own shop.",
            ),
            Self::Unverified => conflict(
                "trade-events/unverified",
                "Tổ chức cần được Sở Công Thương xác minh trước khi đứng ra tổ chức sự kiện.",
                "The Department must have verified the organisation before it runs events.",
            ),
            Self::Database(error) => error.problem(),
        }
    }
}
