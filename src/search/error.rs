//! What can go wrong when something is looked for.

use super::IndexError;
use crate::web::{AsProblem, Problem};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error(transparent)]
    Db(#[from] sqlx::Error),
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl AsProblem for SearchError {
    fn problem(&self) -> Problem {
        match self {
            Self::Db(error) => error.problem(),
            Self::Index(error) => Problem::of_cause(error),
        }
    }
}
