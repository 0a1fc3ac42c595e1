//! Why a firm's step is refused, and how that is shown.

use super::model::{State, Step};
use crate::web::{AsProblem, Problem};
use axum::http::StatusCode;

/// Why something about a seller cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum SellerError {
    #[error("no such seller, or not yours")]
    NotFound,
    #[error("another living shop has this tax code")]
    Taken,
    #[error("{step:?} cannot be taken in {state:?}")]
    WrongState { step: Step, state: State },
    #[error("changed by somebody else in between")]
    Stale,
    #[error("a reason is needed")]
    NoReason,
    #[error("the checklist is not whole")]
    NotComplete,
    #[error("an officer may not judge a shop that he is a member of")]
    OwnShop,
    #[error("only an owner may do this")]
    OwnersOnly,
    #[error("the last owner cannot leave")]
    LastOwner,
    #[error("the invitation does not hold")]
    BadInvitation,
    #[error("no bank of this number")]
    NoBank,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl AsProblem for SellerError {
    fn problem(&self) -> Problem {
        let conflict = |code, vi, en| Problem::new(StatusCode::CONFLICT, code, vi, en);
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Taken => conflict(
                "enterprises/taken",
                "Mã số thuế này đã có gian hàng trên sàn. Nếu đó là gian hàng của đơn vị bạn, hãy nhờ chủ gian hàng mời bạn vào; nếu không phải, xin báo cho đơn vị vận hành sàn.",
                "There is already a shop with this tax code. If it is your firm's, ask its owner to invite you; if not, please tell the operator.",
            ),
            Self::WrongState { .. } | Self::Stale => conflict(
                "enterprises/stale",
                "Hồ sơ vừa được người khác thay đổi. Xin mở lại trang để xem trạng thái mới.",
                "Somebody else has just changed this shop's file. Please reload the page to see its new state.",
            ),
            Self::NoReason => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "enterprises/no-reason",
                "Xin ghi lý do: gian hàng sẽ nhận được đúng lời này.",
                "Please write a reason: the shop will be sent these very words.",
            ),
            Self::NotComplete => conflict(
                "enterprises/not-complete",
                "Hồ sơ chưa đủ; xin xem những mục còn thiếu trong danh sách.",
                "The file is not complete yet; please see what is missing on the checklist.",
            ),
            Self::OwnShop => Problem::new(
                StatusCode::FORBIDDEN,
                "enterprises/own-shop",
                "Bạn là thành viên của gian hàng này nên không thể xét duyệt nó; xin nhờ cán bộ khác.",
                "You are a member of this shop and cannot judge it; please ask another officer.",
            ),
            Self::OwnersOnly => Problem::new(
                StatusCode::FORBIDDEN,
                "enterprises/owners-only",
                "Chỉ chủ gian hàng làm được việc này.",
                "Only an owner of the shop may do this.",
            ),
            Self::LastOwner => conflict(
                "enterprises/last-owner",
                "Gian hàng phải còn ít nhất một chủ. Hãy mời một chủ khác trước.",
                "A shop keeps at least one owner. Invite another owner first.",
            ),
            Self::BadInvitation => Problem::new(
                StatusCode::NOT_FOUND,
                "enterprises/bad-invitation",
                "Lời mời không còn dùng được: đã dùng, quá hạn, hoặc gửi cho địa chỉ thư khác với tài khoản của bạn.",
                "This invitation no longer holds: it was used, has lapsed, or was sent to another e-mail address than your account's.",
            ),
            Self::NoBank => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "enterprises/no-bank",
                "Không có ngân hàng này trong danh sách.",
                "This bank is not on the list.",
            ),
            Self::Database(error) => error.problem(),
        }
    }
}
