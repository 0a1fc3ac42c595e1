//! The port behind which an index stands.

use super::{Document, Matches, Query};
use crate::kernel::Day;
use async_trait::async_trait;

/// Why an index did not answer.
#[derive(Debug, thiserror::Error)]
#[error("search index: {0:#}")]
pub struct IndexError(#[from] pub anyhow::Error);

/// An index over [`Document`]s. `tests/contracts` holds every adapter to this:
/// 1. words are found without their marks, in any case, in any order; all of them must be there;
///    the spelling with the marks typed ranks first; `đ` is `d`;
/// 2. the beginning of the last word is enough;
/// 3. a document that is not visible, or whose day of lapse has come, is neither found nor counted;
/// 4. applying a document again replaces it; nothing is found twice;
/// 5. each filter narrows; choices of one group add up, groups narrow each other; the counts of a
///    group are those that its choices would give, so they do not feel the group's own choices;
/// 6. pages do not overlap and together hold `total` results, up to [`super::MOST_RESULTS`];
/// 7. whatever is typed is answered: nothing, only punctuation, ten thousand letters.
#[async_trait]
pub trait SearchIndex: Send + Sync {
    /// One page of what `query` finds on the day `today`.
    async fn find(&self, query: &Query, today: Day) -> Result<Matches, IndexError>;

    /// Takes the documents over, as they are now. What is applied with this call is found after it.
    /// `horizon` is kept with them and told by [`SearchIndex::horizon`], also after a restart.
    async fn apply(&self, documents: Vec<Document>, horizon: i64) -> Result<(), IndexError>;

    /// Up to which transaction the index has followed; `None`: it has to be built.
    fn horizon(&self) -> Option<i64>;
}
