//! What a change of the words would change, before it is made: the same questions by the words as they are and
//! as they would be.

use super::{
    Draft, Found, Lexicon, Query, Search, SearchError, Synonym,
    language::{Group, exact},
    lexicon::lexicon,
    queries_asked, queries_words,
    words::form,
};
use crate::kernel::Day;
use chrono::Days;
use sqlx::PgConnection;
use std::sync::Arc;
use uuid::Uuid;

/// Results that are compared.
const SHOWN: usize = 10;
/// Questions that are asked.
const QUESTIONS: usize = 8;
/// Of a stop word, what people look for with it.
const EXAMPLES: i64 = 4;

/// A change that is not made yet.
#[derive(Debug, Clone, Copy)]
pub enum Change<'a> {
    /// A group as it is, where there is one, and as it would be; `None`: taken away.
    Synonyms { before: Option<&'a Synonym>, after: Option<&'a Draft> },
    /// A stop word, and whether it would be one.
    StopWord { word: &'a str, is_one: bool },
}

/// What one question finds now, and what it would find.
#[derive(Debug, Clone)]
pub struct Compared {
    pub words: String,
    pub now: Found,
    pub then: Found,
}

/// The terms by which a group is found.
fn finding(terms: &[String], is_one_way: bool) -> &[String] {
    if is_one_way { terms.get(..1).unwrap_or_default() } else { terms }
}

impl Change<'_> {
    /// All words as they would be.
    async fn lexicon(&self, db: &mut PgConnection) -> sqlx::Result<Lexicon> {
        let mut stop_words = queries_words::stop_words(db).await?;
        let own: Option<Uuid> = match self {
            Self::Synonyms { before, .. } => before.map(|group| group.id),
            Self::StopWord { .. } => None,
        };
        let mut groups: Vec<Group> = queries_words::synonyms(db)
            .await?
            .into_iter()
            .filter(|group| group.removed_at.is_none() && Some(group.id) != own)
            .map(|group| Group { terms: group.terms, is_one_way: group.is_one_way })
            .collect();
        match self {
            Self::Synonyms { after, .. } => {
                groups.extend(after.map(|draft| Group {
                    terms: draft.terms.clone(),
                    is_one_way: draft.is_one_way,
                }))
            }
            Self::StopWord { word, is_one } => {
                stop_words.retain(|known| exact(known) != exact(word));
                stop_words.extend(is_one.then(|| (*word).to_owned()));
            }
        }
        Ok(lexicon(&groups, &stop_words))
    }

    /// Questions that the change may concern.
    async fn questions(&self, db: &mut PgConnection, today: Day) -> sqlx::Result<Vec<String>> {
        let mut all: Vec<String> = Vec::new();
        match self {
            Self::Synonyms { before, after } => {
                let after = after.map(|draft| finding(&draft.terms, draft.is_one_way));
                let before = before.filter(|group| group.removed_at.is_none());
                let before = before.map(|group| finding(&group.terms, group.is_one_way));
                for term in after.into_iter().chain(before).flatten() {
                    if all.iter().all(|known| form(known) != form(term)) {
                        all.push(term.clone());
                    }
                }
            }
            Self::StopWord { word, .. } => {
                let since = today - Days::new(super::asked::DAYS_KEPT);
                all = queries_asked::with_word(db, word, since, EXAMPLES).await?;
            }
        }
        all.truncate(QUESTIONS);
        Ok(all)
    }
}

impl Search {
    /// What `change` would change for `sample`, or, where that is empty, for the questions that it may concern.
    ///
    /// # Errors
    /// The database is away.
    pub async fn try_change(
        &self,
        change: Change<'_>,
        sample: &str,
        today: Day,
    ) -> Result<Vec<Compared>, SearchError> {
        let mut db = self.0.db.acquire().await?;
        let then = Arc::new(change.lexicon(&mut db).await?);
        let questions = match sample.trim() {
            "" => change.questions(&mut db, today).await?,
            sample => vec![sample.chars().take(200).collect()],
        };
        drop(db);
        let mut all = Vec::new();
        for words in questions {
            let query = Query { q: words.clone(), length: SHOWN, page: 1, ..Query::default() };
            let now = self.find(&query, today).await?;
            let then = self.preview(&query, today, then.clone()).await?;
            all.push(Compared { words, now, then });
        }
        Ok(all)
    }
}
