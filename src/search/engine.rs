//! The search of one process: which index answers, how it follows the documents, what is checked.

use super::{
    Embedded, Found, Hit, Matches, Plain, Query, SearchError, SearchIndex, adapters::OpenError,
    queries,
};
use crate::{
    kernel::{Day, ProductId},
    platform::db,
};
use sqlx::PgPool;
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const BATCH: i64 = 2_000;
const POLL: Duration = Duration::from_millis(500);

/// Finds, and keeps this process's index up to date.
#[derive(Clone)]
pub struct Search(Arc<Inner>);

struct Inner {
    db: PgPool,
    /// Where the index lies; `None`: PostgreSQL alone answers.
    folder: Option<PathBuf>,
    plain: Plain,
    /// Answers once it has been built.
    ready: RwLock<Option<Embedded>>,
    /// Grows whenever answers may differ from before.
    generation: AtomicU64,
    /// One follower at a time; holds the index also while it is built, and what was applied last.
    following: tokio::sync::Mutex<Following>,
}

#[derive(Default)]
struct Following {
    index: Option<Embedded>,
    /// Documents beyond the horizon that are applied already, and as of which transaction.
    applied: HashMap<ProductId, i64>,
}

impl Search {
    /// Over the documents of `db`, with an index in `folder`.
    #[must_use]
    pub fn new(db: PgPool, folder: Option<PathBuf>) -> Self {
        Self(Arc::new(Inner {
            plain: Plain::new(db.clone()),
            db,
            folder,
            ready: RwLock::default(),
            generation: AtomicU64::new(0),
            following: tokio::sync::Mutex::default(),
        }))
    }

    fn ready(&self) -> Option<Embedded> {
        self.0.ready.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Two answers of one generation are the same. Kept pages of another one are made anew.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::Acquire)
    }

    /// Whether the index answers; else PostgreSQL does, more slowly and less forgiving of typing.
    #[must_use]
    pub fn is_indexed(&self) -> bool {
        self.ready().is_some()
    }

    /// One page of what `query` finds, each result checked against the live state.
    ///
    /// # Errors
    /// The database is away.
    pub async fn find(&self, query: &Query, today: Day) -> Result<Found, SearchError> {
        let matches = self.matches(query, today).await?;
        let hits = self.hits(&matches.ids, today).await?;
        let gone = matches.ids.len() - hits.len();
        Ok(Found { hits, total: matches.total - gone.min(matches.total), facets: matches.facets })
    }

    async fn matches(&self, query: &Query, today: Day) -> Result<Matches, SearchError> {
        if let Some(index) = self.ready() {
            match index.find(query, today).await {
                Ok(matches) => return Ok(matches),
                Err(error) => tracing::error!(%error, "the index failed; PostgreSQL answers"),
            }
        }
        Ok(self.0.plain.find(query, today).await?)
    }

    /// Of these products those that can be shown now, in this order.
    ///
    /// # Errors
    /// The database is away.
    pub async fn hits(&self, products: &[ProductId], today: Day) -> sqlx::Result<Vec<Hit>> {
        if products.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<Uuid> = products.iter().map(|p| p.0).collect();
        queries::hits(&mut *self.0.db.acquire().await?, &ids, today).await
    }

    /// Whether results that were shown before would be shown the same now: each is still to be had or not.
    ///
    /// # Errors
    /// The database is away.
    pub async fn still_holds(&self, hits: &[(ProductId, bool)], today: Day) -> sqlx::Result<bool> {
        if hits.is_empty() {
            return Ok(true);
        }
        let ids: Vec<Uuid> = hits.iter().map(|hit| hit.0.0).collect();
        let now = queries::pulse(&mut *self.0.db.acquire().await?, &ids, today).await?;
        Ok(now.len() == hits.len() && now.iter().all(|pulse| hits.contains(pulse)))
    }

    /// See [`db::snapshot`].
    ///
    /// # Errors
    /// The database is away.
    pub async fn snapshot(&self) -> sqlx::Result<String> {
        db::snapshot(&mut *self.0.db.acquire().await?).await
    }

    /// Follows the documents until `stop`: opens or builds the index, then takes every change over.
    pub async fn follow(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.catch_up().await {
                tracing::warn!(%error, "the index waits");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// Takes over what changed since the last time; builds the index first where there is none.
    ///
    /// # Errors
    /// The database is away or the index cannot be written.
    pub async fn catch_up(&self) -> Result<(), SearchError> {
        let mut following = self.0.following.lock().await;
        if self.0.folder.is_none() {
            // Answers come from the documents and may differ each time.
            self.0.generation.fetch_add(1, Ordering::AcqRel);
            return Ok(());
        }
        if following.index.is_none() {
            following.index = Some(self.open().await?);
            following.applied.clear();
        }
        let Some(index) = following.index.clone() else { return Ok(()) };
        let horizon = queries::horizon(&mut *self.0.db.acquire().await?).await?;
        match index.horizon().filter(|followed| *followed <= horizon) {
            Some(followed) => {
                self.take_changes(&index, &mut following.applied, followed, horizon).await?;
            }
            // New, or older than the database was set back to.
            None => {
                self.build(&index, horizon).await?;
                self.0.generation.fetch_add(1, Ordering::AcqRel);
            }
        }
        if !self.is_indexed() {
            *self.0.ready.write().unwrap_or_else(PoisonError::into_inner) = Some(index);
            self.0.generation.fetch_add(1, Ordering::AcqRel);
        }
        Ok(())
    }

    async fn open(&self) -> Result<Embedded, SearchError> {
        let folder = self.0.folder.clone().unwrap_or_default();
        let opened = tokio::task::spawn_blocking(move || match Embedded::open(&folder) {
            Err(OpenError::Busy) => {
                tracing::info!(
                    "another process keeps the search index; this one keeps its own in memory"
                );
                Embedded::in_memory()
            }
            Err(OpenError::Broken(error)) => {
                tracing::warn!(%error, "the search index is broken; it is built anew");
                Embedded::discard(&folder).map_err(|e| OpenError::Broken(e.into()))?;
                Embedded::open(&folder)
            }
            opened => opened,
        });
        let opened = opened.await.map_err(anyhow::Error::from).map_err(super::IndexError)?;
        Ok(opened.map_err(|error| super::IndexError(error.into()))?)
    }

    /// All visible documents, in batches; what changes meanwhile is taken over afterwards.
    async fn build(&self, index: &Embedded, horizon: i64) -> Result<(), SearchError> {
        index.clear().await?;
        let mut after = Uuid::nil();
        loop {
            let mut db = self.0.db.acquire().await?;
            let ids = queries::visible_after(&mut db, after, BATCH).await?;
            let documents = queries::documents(&mut db, &ids).await?;
            drop(db);
            match ids.last() {
                Some(last) => after = *last,
                None => return Ok(index.apply(Vec::new(), horizon).await?),
            }
            // A build that was cut off begins again: until it ends, the horizon is one of the past.
            index.apply(documents, i64::MAX).await?;
        }
    }

    async fn take_changes(
        &self,
        index: &Embedded,
        applied: &mut HashMap<ProductId, i64>,
        followed: i64,
        horizon: i64,
    ) -> Result<(), SearchError> {
        let mut db = self.0.db.acquire().await?;
        let changed = queries::changed_since(&mut db, followed).await?;
        let fresh: Vec<Uuid> = changed
            .iter()
            .filter(|(product, by)| applied.get(product) != Some(by))
            .map(|(product, _)| product.0)
            .collect();
        let batches: Vec<&[Uuid]> = fresh.chunks(BATCH as usize).collect();
        for (i, batch) in batches.iter().enumerate() {
            let documents = queries::documents(&mut db, batch).await?;
            let reached = if i + 1 == batches.len() { horizon } else { followed };
            index.apply(documents, reached).await?;
        }
        if !fresh.is_empty() {
            self.0.generation.fetch_add(1, Ordering::AcqRel);
        }
        *applied = changed.into_iter().filter(|(_, by)| *by >= followed).collect();
        Ok(())
    }
}
