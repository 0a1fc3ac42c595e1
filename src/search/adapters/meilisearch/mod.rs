//! The index on a Meilisearch server (1.14 or newer), for many processes or very many goods.
//!
//! - **Words.** The server gets text in small letters without marks (`words`), on both sides, and finds and
//!   ranks by its own rules: words side by side, the field, the place in it. What it cannot tell apart, the
//!   marks that were typed and whole codes, parts the results into tiers by a filter; each tier is in the
//!   server's order ([`question`]).
//! - **Readings.** A question is first asked to the letter. Where nothing has all of its words, another
//!   reading is looked for ([`reading`]); slips are forgiven in a field of its own.
//! - **Counts** are exact. One request holds the page, the whole, and one question for each group in which
//!   something is chosen ([`answers`]).
//! - **Ranking** is by text first; among equals by the product's facts, weighed as `ranking` says, and
//!   by the day on which its stock was told.
//! - **Versions.** What was removed stays as an entry that is not visible. The server cannot compare
//!   versions itself: they are read before a batch is written, by one process at a time
//!   ([`IndexStore::is_shared`](crate::search::IndexStore::is_shared)).
//!
//! It ranks otherwise than the embedded index, which adds up the points of `ranking`, in this:
//! - the server's rules decide one after the other, and a later one only among equals of those before: a
//!   product's facts never outweigh its text, and neither a name nor a category that begins with what was typed
//!   counts more (`HEAD`, `SHELF`);
//! - how near a shop is to the reader does not count (`NEAR`): the server ranks by what is the same for all;
//! - what means the same as a word is worth as much as the word itself (`SYNONYM`), but for names that have
//!   what was typed; it is not looked for in descriptions;
//! - stop words are left out of the question instead of being worth something where they are;
//! - another reading is looked for where nothing is found, not already where little is.

mod answers;
mod documents;
mod filters;
mod question;
mod reading;
mod settings;
mod store;
mod wire;
mod words;

pub use store::MeilisearchStore;

use crate::{
    kernel::ProductId,
    search::{Document, IndexError, Lexicon, Matches, Query, Reading, SearchIndex, Setting},
};
use answers::{Ask, Page, Span, ask, total};
use anyhow::Context;
use async_trait::async_trait;
use documents::{ABOUT, About, Row, Version};
use filters::Filters;
use meilisearch_sdk::documents::DocumentsQuery;
use question::Question;
use reading::Reader;
use settings::EDITION;
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use wire::{Wire, is_absent};

/// Entries that are written or read in one request.
const BATCH: usize = 1_000;
/// How long an answer may take, whatever it takes to find it.
const ANSWER: Duration = Duration::from_secs(2);

/// One index of a Meilisearch server. Cheap to clone.
#[derive(Clone)]
pub(super) struct Meilisearch(Arc<Inner>);

struct Inner {
    wire: Wire,
    /// Changes when the index is adopted.
    uid: RwLock<String>,
    lexicon: RwLock<Arc<Lexicon>>,
    /// Versions are read and documents written by one at a time.
    turn: tokio::sync::Mutex<()>,
}

impl Meilisearch {
    fn over(wire: Wire, uid: String) -> Self {
        let (uid, lexicon) = (RwLock::new(uid), RwLock::default());
        Self(Arc::new(Inner { wire, uid, lexicon, turn: tokio::sync::Mutex::default() }))
    }

    fn uid(&self) -> String {
        self.0.uid.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_now(&self, uid: &str) {
        uid.clone_into(&mut self.0.uid.write().unwrap_or_else(PoisonError::into_inner));
    }

    fn lexicon(&self) -> Arc<Lexicon> {
        self.0.lexicon.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn search(&self, query: &Query, setting: &Setting) -> anyhow::Result<Matches> {
        let (uid, lexicon, server) = (self.uid(), self.lexicon(), &self.0.wire.asking);
        let filters = Filters::of(query, setting);
        let question = Question::typed(&query.q, &lexicon);
        let page = Page { server, uid: &uid, query, filters: &filters };
        let found = page.of(&question, Reading::AsTyped).await?;
        if found.total > 0 || query.exactly || question.terms.is_empty() {
            return Ok(found);
        }
        if !filters.is_empty() {
            let unfiltered = Ask::new(question.text(), filters.scope.clone(), Span::Count);
            let answers = ask(server, &uid, &[unfiltered]).await?;
            if answers.first().is_some_and(|answer| total(answer) > 0) {
                return Ok(found);
            }
        }
        let reader = Reader { server, uid: &uid, lexicon: &lexicon, scope: &filters.scope };
        match reader.read(&question).await? {
            Some((other, reading)) => page.of(&other, reading).await,
            None => Ok(found),
        }
    }

    async fn write(&self, documents: Vec<Document>, horizon: i64) -> anyhow::Result<()> {
        let _turn = self.0.turn.lock().await;
        let mut newest: HashMap<ProductId, Document> = HashMap::new();
        for document in documents {
            let known = newest.get(&document.product);
            if known.is_none_or(|known| known.version <= document.version) {
                newest.insert(document.product, document);
            }
        }
        let known = self.known(newest.keys()).await?;
        newest.retain(|product, document| {
            known.get(&product.0.to_string()).is_none_or(|known| *known <= document.version)
        });
        let rows: Vec<Row> = newest.values().map(Row::of).collect();
        let index = self.0.wire.writing.index(self.uid());
        for batch in rows.chunks(BATCH) {
            self.0.wire.done(index.add_or_replace(batch, Some("id")).await?).await?;
        }
        // Last, so that an index that was left half-way is followed again from where it was.
        let about = [About::new(EDITION, Some(horizon))];
        self.0.wire.done(index.add_or_replace(&about, Some("id")).await?).await
    }

    /// The versions of those that the index has. Fails where the index is missing: writing would make one,
    /// without its settings.
    async fn known(
        &self,
        products: impl Iterator<Item = &ProductId>,
    ) -> anyhow::Result<HashMap<String, i64>> {
        let index = self.0.wire.asking.index(self.uid());
        let ids: Vec<String> =
            products.map(|product| product.0.to_string()).chain([ABOUT.into()]).collect();
        let mut known = HashMap::new();
        for batch in ids.chunks(BATCH) {
            let mut wanted = DocumentsQuery::new(&index);
            wanted
                .with_ids(batch.iter().map(String::as_str))
                .with_fields(["id", "version"])
                .with_limit(batch.len());
            let found = index.get_documents_with::<Version>(&wanted).await?;
            known.extend(found.results.into_iter().map(|entry| (entry.id, entry.version)));
        }
        Ok(known)
    }

    async fn all_versions(&self) -> anyhow::Result<Vec<(ProductId, i64)>> {
        let index = self.0.wire.asking.index(self.uid());
        let mut all = Vec::new();
        for offset in (0..).step_by(BATCH) {
            let mut wanted = DocumentsQuery::new(&index);
            wanted.with_fields(["id", "version"]).with_offset(offset).with_limit(BATCH);
            let found = index.get_documents_with::<Version>(&wanted).await?.results;
            let is_last = found.len() < BATCH;
            all.extend(
                found.into_iter().filter_map(|e| Some((ProductId(e.id.parse().ok()?), e.version))),
            );
            if is_last {
                break;
            }
        }
        Ok(all)
    }

    /// Synonyms are the server's to know; it is only told where it knows others.
    async fn teach(&self, lexicon: &Lexicon) -> anyhow::Result<()> {
        let index = self.0.wire.writing.index(self.uid());
        let synonyms = settings::synonyms(&lexicon.synonyms);
        if index.get_synonyms().await? != synonyms {
            self.0.wire.done(index.set_synonyms(&synonyms).await?).await?;
        }
        Ok(())
    }

    /// What the index tells of itself; `None`: there is none.
    async fn about(&self) -> anyhow::Result<Option<About>> {
        match self.0.wire.asking.index(self.uid()).get_document::<About>(ABOUT).await {
            Ok(about) => Ok(Some(about)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

#[async_trait]
impl SearchIndex for Meilisearch {
    async fn find(&self, query: &Query, setting: &Setting) -> Result<Matches, IndexError> {
        let answer = tokio::time::timeout(ANSWER, self.search(query, setting)).await;
        Ok(answer.context("no answer in time")??)
    }

    async fn apply(&self, documents: Vec<Document>, horizon: i64) -> Result<(), IndexError> {
        Ok(self.write(documents, horizon).await?)
    }

    async fn learn(&self, lexicon: Arc<Lexicon>) -> Result<(), IndexError> {
        self.teach(&lexicon).await?;
        *self.0.lexicon.write().unwrap_or_else(PoisonError::into_inner) = lexicon;
        Ok(())
    }

    async fn versions(&self) -> Result<Vec<(ProductId, i64)>, IndexError> {
        Ok(self.all_versions().await?)
    }

    async fn horizon(&self) -> Result<Option<i64>, IndexError> {
        Ok(self.about().await?.and_then(|about| about.horizon))
    }
}
