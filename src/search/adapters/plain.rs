//! No index at all: PostgreSQL finds in the documents. For the minutes in which the index is rebuilt,
//! and for small catalogues served by several processes. It forgives nothing and knows no synonyms.

use super::super::{
    Document, IndexError, Lexicon, Matches, Query, Reading, SearchIndex, Setting, queries_plain,
};
use crate::kernel::{ProductId, words};
use async_trait::async_trait;
use sqlx::PgPool;
use std::sync::Arc;

/// Finds with PostgreSQL's own text search.
#[derive(Clone)]
pub struct Plain(PgPool);

impl Plain {
    /// Over the documents of this database.
    #[must_use]
    pub fn new(db: PgPool) -> Self {
        Self(db)
    }
}

/// `ca & phe & kh:*`: all words, the last one only begun.
fn question(words: &[String]) -> String {
    if words.is_empty() { String::new() } else { format!("{}:*", words.join(" & ")) }
}

impl Plain {
    async fn ask(&self, query: &Query, setting: &Setting) -> sqlx::Result<Matches> {
        let folded: Vec<String> = words(&query.q)
            .into_iter()
            .take(12)
            .map(|word| word.chars().take(40).collect())
            .collect();
        let asked = question(&folded);
        let mut tx = self.0.begin().await?;
        let (total, facets) = queries_plain::counts(&mut tx, query, &asked, setting).await?;
        let ids = queries_plain::page(&mut tx, query, &asked, setting).await?;
        tx.commit().await?;
        Ok(Matches { ids, total, facets, reading: Reading::AsTyped, words: folded })
    }
}

#[async_trait]
impl SearchIndex for Plain {
    async fn find(&self, query: &Query, setting: &Setting) -> Result<Matches, IndexError> {
        Ok(self.ask(query, setting).await.map_err(anyhow::Error::from)?)
    }

    /// It knows no words.
    async fn find_with(
        &self,
        query: &Query,
        setting: &Setting,
        _: Arc<Lexicon>,
    ) -> Result<Matches, IndexError> {
        self.find(query, setting).await
    }

    /// The documents are in the database already.
    async fn apply(&self, _: Vec<Document>, _: i64) -> Result<(), IndexError> {
        Ok(())
    }

    async fn learn(&self, _: Arc<Lexicon>) -> Result<(), IndexError> {
        Ok(())
    }

    /// There is nothing that could differ.
    async fn versions(&self) -> Result<Vec<(ProductId, i64)>, IndexError> {
        Ok(Vec::new())
    }

    async fn horizon(&self) -> Result<Option<i64>, IndexError> {
        Ok(Some(0))
    }
}
