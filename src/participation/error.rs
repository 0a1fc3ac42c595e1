//! What can go wrong, and how it is shown.

use crate::web::{AsProblem, Problem};

/// Why a command of this slice did not act.
#[derive(Debug, thiserror::Error)]
pub enum ParticipationError {
    /// There is no such firm in the register, or no such plan.
    #[error("not found")]
    NotFound,
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl AsProblem for ParticipationError {
    fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::not_found(),
            Self::Db(error) => error.problem(),
        }
    }
}
