//! No index at all: PostgreSQL finds in the documents. For the minutes in which the index is rebuilt,
//! and for small catalogues served by several processes.

use super::super::{
    Document, IndexError, MOST_RESULTS, Matches, PAGE, Query, SearchIndex, queries_plain,
};
use crate::kernel::{Day, words};
use async_trait::async_trait;
use sqlx::PgPool;

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
fn question(q: &str) -> String {
    let words: Vec<String> =
        words(q).into_iter().take(12).map(|word| word.chars().take(40).collect()).collect();
    if words.is_empty() { String::new() } else { format!("{}:*", words.join(" & ")) }
}

impl Plain {
    async fn ask(&self, query: &Query, today: Day) -> sqlx::Result<Matches> {
        let mut tx = self.0.begin().await?;
        let words = question(&query.q);
        let (total, facets) = queries_plain::counts(&mut tx, query, &words, today).await?;
        let length = PAGE.min(MOST_RESULTS.saturating_sub(query.offset()));
        let ids = queries_plain::page(&mut tx, query, &words, today, length).await?;
        tx.commit().await?;
        Ok(Matches { ids, total, facets })
    }
}

#[async_trait]
impl SearchIndex for Plain {
    async fn find(&self, query: &Query, today: Day) -> Result<Matches, IndexError> {
        Ok(self.ask(query, today).await.map_err(anyhow::Error::from)?)
    }

    /// The documents are in the database already.
    async fn apply(&self, _: Vec<Document>, _: i64) -> Result<(), IndexError> {
        Ok(())
    }

    fn horizon(&self) -> Option<i64> {
        Some(0)
    }
}
