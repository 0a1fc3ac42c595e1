//! Why something about an organisation is refused, and how that is shown.

use super::model::OrgRole;
use crate::web::{AsProblem, Problem};
use axum::http::StatusCode;

/// Why something cannot be done.
#[derive(Debug, thiserror::Error)]
pub enum OrgError {
    #[error("no such organisation, or not yours")]
    NotFound,
    #[error("a verified organisation has this tax code")]
    Taken,
    #[error("the role {0:?} is needed")]
    NeedsRole(OrgRole),
    #[error("an organisation keeps an administrator")]
    LastAdministrator,
    #[error("the invitation does not hold, or is somebody else's")]
    BadInvitation,
    #[error("a member cannot decide on his own organisation")]
    Own,
    #[error("it has been decided, or has changed")]
    Stale,
    #[error("there are as many as can be")]
    Full,
    #[error("he belongs to as many as can be")]
    TooMany,
    #[error("as many were invited today as can be before it is known who the organisation is")]
    TooManyInvitations,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

fn needed(role: OrgRole) -> (&'static str, &'static str) {
    match role {
        OrgRole::Requester => (
            "Việc này cần vai trò “Người đề nghị mua” trong đơn vị.",
            "This needs the role “Requester” in the organisation.",
        ),
        OrgRole::Approver => (
            "Việc này cần vai trò “Người duyệt” trong đơn vị.",
            "This needs the role “Approver” in the organisation.",
        ),
        OrgRole::Accountant => (
            "Việc này cần vai trò “Kế toán” trong đơn vị.",
            "This needs the role “Accountant” in the organisation.",
        ),
        OrgRole::Administrator => (
            "Việc này cần vai trò “Quản trị” trong đơn vị.",
            "This needs the role “Administrator” in the organisation.",
        ),
    }
}

impl AsProblem for OrgError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Taken => Problem::conflict(
                "organisations/taken",
                "Mã số thuế này đã có một đơn vị mua hàng được xác minh trên sàn. Hãy nhờ người quản trị của đơn vị mời bạn vào.",
                "There is already a verified organisation with this tax code. Ask its administrator to invite you.",
            ),
            Self::NeedsRole(role) => {
                let (vi, en) = needed(*role);
                Problem::new(StatusCode::FORBIDDEN, "organisations/needs-role", vi, en)
            }
            Self::LastAdministrator => Problem::conflict(
                "organisations/last-administrator",
                "Đơn vị cần ít nhất một người quản trị. Hãy giao vai trò này cho người khác trước.",
                "An organisation needs at least one administrator. Give somebody else that role first.",
            ),
            Self::BadInvitation => Problem::new(
                StatusCode::NOT_FOUND,
                "organisations/bad-invitation",
                "Lời mời này không còn hiệu lực, hoặc được gửi cho một địa chỉ thư khác.",
                "This invitation no longer holds, or was sent to another e-mail address.",
            ),
            Self::Own => Problem::conflict(
                "organisations/own",
                "Bạn là thành viên của đơn vị này nên không thể tự quyết định.",
                "You are a member of this organisation and cannot decide on it.",
            ),
            Self::Stale => Problem::conflict(
                "organisations/stale",
                "Đơn vị này vừa được người khác xử lý. Xin tải lại trang.",
                "Somebody else has just dealt with this organisation. Please reload the page.",
            ),
            Self::Full => Problem::conflict(
                "organisations/full",
                "Đơn vị đã có nhiều nhất có thể (200). Hãy bỏ bớt trước khi thêm.",
                "The organisation has as many as it can (200). Take some off before adding.",
            ),
            Self::TooMany => Problem::conflict(
                "organisations/too-many",
                "Bạn đã ở trong nhiều đơn vị nhất có thể (20). Hãy rời bớt trước khi mở thêm.",
                "You belong to as many organisations as can be (20). Leave some before opening another.",
            ),
            Self::TooManyInvitations => Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "organisations/too-many-invitations",
                "Đơn vị chưa được xác minh mời được 10 người mỗi ngày. Xin mời tiếp vào ngày mai, hoặc khi đơn vị đã được xác minh.",
                "An organisation that is not verified yet invites 10 people a day. Please go on tomorrow, or once it is verified.",
            ),
            Self::Database(error) => error.problem(),
        }
    }
}
