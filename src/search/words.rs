//! What synonyms and stop words have in common: one form of each, and why a change is refused.

use super::language::{exact, split};
use crate::{
    kernel::Text,
    web::{AsProblem, Problem},
};
use axum::http::StatusCode;
use uuid::Uuid;

/// The one form of an expression: however its marks, capitals and blanks are written.
pub(super) fn form(expression: &str) -> String {
    split(expression).map(exact).collect::<Vec<_>>().join(" ")
}

/// An expression that is in another group already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub term: String,
    pub group: Uuid,
    /// All of that group.
    pub terms: String,
}

impl Taken {
    /// What to write beside the field.
    #[must_use]
    pub fn text(&self) -> Text {
        let Self { term, terms, .. } = self;
        Text::new(
            format!("“{term}” đã ở trong nhóm “{terms}”. Hãy sửa nhóm đó, hoặc chọn “một chiều”."),
            format!(
                "“{term}” is in the group “{terms}” already. Edit that group, or choose “one way”."
            ),
        )
    }
}

/// Why the words stay as they are.
#[derive(Debug, thiserror::Error)]
pub enum WordsError {
    #[error(transparent)]
    Db(#[from] sqlx::Error),
    #[error("there are no such words")]
    Missing,
    /// Somebody has changed them meanwhile.
    #[error("changed by somebody else")]
    Stale,
    #[error("in another group already")]
    Taken(Box<Taken>),
    #[error("in force already")]
    There,
}

impl AsProblem for WordsError {
    fn problem(&self) -> Problem {
        let new = |code, vi, en| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, vi, en);
        match self {
            Self::Db(error) => error.problem(),
            Self::Missing => Problem::not_found(),
            Self::Stale => new(
                "stale",
                "Mục này vừa được người khác sửa. Xem lại bản hiện tại rồi lưu lần nữa.",
                "Somebody else has just changed this. Look at how it is now, then save again.",
            ),
            Self::Taken(_) => new(
                "taken",
                "Có từ đã ở trong nhóm khác.",
                "One of the terms is in another group already.",
            ),
            Self::There => {
                new("there", "Từ này đã có trong danh sách.", "This word is in the list already.")
            }
        }
    }
}
