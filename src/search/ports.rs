//! The port behind which an index stands.

use super::{Document, Matches, Query, Setting, Synonyms};
use crate::kernel::ProductId;
use async_trait::async_trait;
use std::sync::Arc;

/// Why an index did not answer.
#[derive(Debug, thiserror::Error)]
#[error("search index: {0:#}")]
pub struct IndexError(#[from] pub anyhow::Error);

/// Words that the operator looks after.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    pub synonyms: Synonyms,
    /// Words with their marks (see `language::exact`) that need not be there where marks are typed at all.
    pub stop_words: std::collections::HashSet<String>,
}

/// An index over [`Document`]s. `tests/contracts` holds every adapter to this:
/// 1. words are found without their marks, in any case and order, NFC and NFD alike; all of them must be
///    there while anything has all; the spelling with the marks typed ranks first; `đ` is `d`;
/// 2. the beginning of the last word is enough;
/// 3. a document that is not visible, or whose day of lapse has come, is neither found nor counted;
/// 4. applying a document again replaces it; an older version changes nothing, also after a removal;
/// 5. each filter narrows; choices of one group add up, groups narrow each other; the counts of a
///    group are those that its choices would give, so they do not feel the group's own choices;
/// 6. pages do not overlap and together hold `total` results, however deep;
/// 7. whatever is typed is answered: nothing, only punctuation, ten thousand letters, a filter's syntax;
/// 8. one slip in a longer word is forgiven, synonyms are found, stop words empty nothing, and the
///    [`super::Reading`] says how far the answer is from what was typed;
/// 9. names rank above categories, these above attributes, these above descriptions.
#[async_trait]
pub trait SearchIndex: Send + Sync {
    /// One page of what `query` finds.
    async fn find(&self, query: &Query, setting: &Setting) -> Result<Matches, IndexError>;

    /// What `query` would find if it were read by these words instead of those that were learnt: so the
    /// operator sees what a change does before it is made. An adapter whose words lie outside the process
    /// may answer as [`SearchIndex::find`] does.
    async fn find_with(
        &self,
        query: &Query,
        setting: &Setting,
        _lexicon: Arc<Lexicon>,
    ) -> Result<Matches, IndexError> {
        self.find(query, setting).await
    }

    /// Takes the documents over, as they are now. What is applied with this call is found after it.
    /// `horizon` is kept with them and told by [`SearchIndex::horizon`], also after a restart.
    async fn apply(&self, documents: Vec<Document>, horizon: i64) -> Result<(), IndexError>;

    /// From now on reads questions by these words.
    async fn learn(&self, lexicon: Arc<Lexicon>) -> Result<(), IndexError>;

    /// Every product in the index and its document's version, to be compared with the database.
    async fn versions(&self) -> Result<Vec<(ProductId, i64)>, IndexError>;

    /// Up to which transaction the index has followed; `None`: it has to be built.
    async fn horizon(&self) -> Result<Option<i64>, IndexError>;
}

/// Where the indexes of one adapter lie: the one in use, and one that is being built beside it.
#[async_trait]
pub trait IndexStore: Send + Sync {
    /// The index in use; `None` where there is none of the present shape, or it is broken. An error means that
    /// nobody can know: it is asked again, and nothing is built.
    async fn open(&self) -> Result<Option<Arc<dyn SearchIndex>>, IndexError>;

    /// An empty index beside the one in use; one that was begun before and not adopted is given up.
    async fn create(&self) -> Result<Arc<dyn SearchIndex>, IndexError>;

    /// From now on the index that was created last is the one in use, the other one is removed.
    async fn adopt(&self) -> Result<(), IndexError>;

    /// Whether all processes answer by the same index: then one of them at a time writes to it.
    fn is_shared(&self) -> bool {
        false
    }
}
