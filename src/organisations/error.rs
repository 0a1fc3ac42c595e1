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
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl AsProblem for OrgError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Taken => Problem::new(
                StatusCode::CONFLICT,
                "organisations/taken",
                "Mã số thuế này đã có một đơn vị mua hàng được xác minh trên sàn. Hãy nhờ người quản trị của đơn vị mời bạn vào.",
                "There is already a verified organisation with this tax code. Ask its administrator to invite you.",
            ),
            Self::NeedsRole(role) => {
                let (vi, en) = match role {
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
                };
                Problem::new(StatusCode::FORBIDDEN, "organisations/needs-role", vi, en)
            }
            Self::Database(error) => error.problem(),
        }
    }
}
