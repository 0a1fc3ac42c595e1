//! How an index is kept true: it is opened or built, follows the documents, reads the operator's words,
//! is built anew beside the old one when somebody asks, and is compared with the database from time to time.

use super::{
    IndexError, IndexStore, Search, SearchError, SearchIndex, lexicon, queries,
    queries_upkeep as upkeep, queries_words,
};
use crate::{
    kernel::{Cx, ProductId},
    platform::clock::Clock,
};
use sqlx::Connection;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const BATCH: i64 = 5_000;
/// Documents of which the versions are compared at once.
const SWEPT: i64 = 20_000;
const POLL: Duration = Duration::from_millis(500);
/// For a connection to say that it is alive.
const PATIENCE: Duration = Duration::from_secs(2);
/// Polls more between two rounds that fail, as their number grows.
const LONGEST_PAUSE: u32 = 9;
/// Polls between two writings of what people looked for.
const FLUSH: u64 = 10;

/// What a follower knows.
#[derive(Default)]
pub(super) struct Following {
    index: Option<Arc<dyn SearchIndex>>,
    /// Documents beyond the horizon that are applied already, and as of which transaction.
    applied: HashMap<ProductId, i64>,
    /// Of the operator's words, as read last.
    edition: Option<i64>,
    /// Whether this process writes to the index.
    keeps: bool,
    /// How far another process had written, as seen last.
    seen: Option<i64>,
}

async fn pause(stop: &CancellationToken, polls: u32) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(POLL * polls) => {}
    }
}

impl Search {
    /// Follows the documents until `stop`; rebuilds that are asked for run beside it.
    pub async fn follow(&self, clock: Clock, stop: CancellationToken) {
        tokio::join!(self.keep_up(&stop), self.keep_rebuilding(&clock, &stop));
        if let Err(error) = self.flush_asked().await {
            tracing::warn!(%error, "what was looked for is lost");
        }
    }

    async fn keep_up(&self, stop: &CancellationToken) {
        let (mut rounds, mut failures) = (0_u64, 0);
        while !stop.is_cancelled() {
            // A server that hangs keeps nobody from stopping; what was left half-way is followed again.
            let round = tokio::select! {
                round = self.catch_up() => round,
                () = stop.cancelled() => break,
            };
            match round {
                Ok(()) => failures = 0,
                Err(error) => {
                    failures += 1;
                    tracing::warn!(%error, failures, "the index waits; PostgreSQL answers");
                }
            }
            rounds += 1;
            if rounds.is_multiple_of(FLUSH)
                && let Err(error) = self.flush_asked().await
            {
                tracing::warn!(%error, "what was looked for waits to be written");
            }
            pause(stop, 1 + failures.min(LONGEST_PAUSE)).await;
        }
    }

    async fn keep_rebuilding(&self, clock: &Clock, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let keeps = self.is_indexed() && self.0.following.lock().await.keeps;
            if keeps && let Err(error) = self.rebuild_if_asked(&Cx::at(clock.now())).await {
                tracing::warn!(%error, "a rebuild waits");
            }
            pause(stop, 1).await;
        }
    }

    /// Writes what people looked for since the last time.
    ///
    /// # Errors
    /// The database is away; it is counted on.
    pub async fn flush_asked(&self) -> sqlx::Result<()> {
        self.0.asked.flush(&self.0.db).await
    }

    /// Takes over what changed since the last time; builds the index first where there is none.
    ///
    /// # Errors
    /// The database is away or the index cannot be written.
    pub async fn catch_up(&self) -> Result<(), SearchError> {
        let mut following = self.0.following.lock().await;
        let Some(store) = self.0.store.as_deref() else {
            // Answers come from the documents and may differ each time.
            self.changed();
            return Ok(());
        };
        let caught_up = self.take_over(store, &mut following).await;
        if caught_up.is_err() {
            // Whatever broke it: the next round opens it again, or builds it anew.
            following.index = None;
            self.answer_by(None);
        }
        caught_up
    }

    async fn take_over(
        &self,
        store: &dyn IndexStore,
        following: &mut Following,
    ) -> Result<(), SearchError> {
        if !self.keeps(store).await? {
            return self.look_on(store, following).await;
        }
        if following.index.is_none() || !following.keeps {
            *following = Following { keeps: true, ..Following::default() };
            following.index = match store.open().await? {
                Some(index) if self.can_follow(&*index).await? => Some(index),
                _ => {
                    let index = self.build(store, &|_, _| {}).await?;
                    store.adopt().await?;
                    Some(index)
                }
            };
        }
        let Some(index) = following.index.clone() else { return Ok(()) };
        self.learn(&*index, following).await?;
        let followed = index.horizon().await?.unwrap_or_default();
        if self.take_changes(&*index, &mut following.applied, followed).await? {
            self.changed();
        }
        if !self.is_indexed() {
            self.answer_by(Some(index));
        }
        Ok(())
    }

    /// Whether this process writes to the index: to one of its own always; to a shared one the first process
    /// that comes does, until it ends.
    async fn keeps(&self, store: &dyn IndexStore) -> Result<bool, SearchError> {
        if !store.is_shared() {
            return Ok(true);
        }
        let mut keeping = self.0.keeping.lock().await;
        if let Some(held) = keeping.as_mut() {
            if matches!(tokio::time::timeout(PATIENCE, held.ping()).await, Ok(Ok(()))) {
                return Ok(true);
            }
            // With its connection the lock is lost.
            *keeping = None;
        }
        let mut db = self.0.db.acquire().await?;
        if upkeep::keep_index(&mut db).await? {
            *keeping = Some(db.detach());
        }
        Ok(keeping.is_some())
    }

    /// Answers by an index to which another process writes.
    async fn look_on(
        &self,
        store: &dyn IndexStore,
        following: &mut Following,
    ) -> Result<(), SearchError> {
        if following.index.is_none() || following.keeps {
            *following = Following { index: store.open().await?, ..Following::default() };
        }
        // Else it is being built; PostgreSQL answers.
        let Some(index) = following.index.clone() else { return Ok(()) };
        let Some(seen) = index.horizon().await? else {
            following.index = None;
            self.answer_by(None);
            return Ok(());
        };
        self.learn(&*index, following).await?;
        let moved = following.seen.replace(seen) != Some(seen);
        // While an old transaction holds the horizon back, what is newer comes into the index without moving it.
        if moved || queries::is_changed_since(&mut *self.0.db.acquire().await?, seen).await? {
            self.changed();
        }
        if !self.is_indexed() {
            self.answer_by(Some(index));
        }
        Ok(())
    }

    /// Whether an index is not of a time that the database has been set back from.
    async fn can_follow(&self, index: &dyn SearchIndex) -> Result<bool, SearchError> {
        let horizon = queries::horizon(&mut *self.0.db.acquire().await?).await?;
        Ok(index.horizon().await?.is_some_and(|followed| followed <= horizon))
    }

    async fn learn(
        &self,
        index: &dyn SearchIndex,
        following: &mut Following,
    ) -> Result<(), SearchError> {
        let mut db = self.0.db.acquire().await?;
        let edition = queries_words::edition(&mut db).await?;
        if following.edition != Some(edition) {
            index.learn(Arc::new(lexicon::read(&mut db).await?)).await?;
            following.edition = Some(edition);
            self.changed();
        }
        Ok(())
    }

    /// A new index of all visible documents, not in use yet. `told` hears how many are done, of how many.
    async fn build(
        &self,
        store: &dyn IndexStore,
        told: &(dyn Fn(i64, i64) + Send + Sync),
    ) -> Result<Arc<dyn SearchIndex>, SearchError> {
        let mut db = self.0.db.acquire().await?;
        let horizon = queries::horizon(&mut db).await?;
        let all = queries::count_visible(&mut db).await?;
        let words = Arc::new(lexicon::read(&mut db).await?);
        drop(db);
        let index = store.create().await?;
        index.learn(words).await?;
        let (mut after, mut done) = (Uuid::nil(), 0);
        loop {
            let mut db = self.0.db.acquire().await?;
            let ids = queries::visible_after(&mut db, after, BATCH).await?;
            let documents = queries::documents(&mut db, &ids).await?;
            drop(db);
            let Some(last) = ids.last() else { break };
            after = *last;
            index.apply(documents, horizon).await?;
            done += ids.len() as i64;
            told(done, all);
        }
        // What was written meanwhile is beyond the horizon, so it is taken over like any other change.
        index.apply(Vec::new(), horizon).await?;
        Ok(index)
    }

    /// Builds the index anew beside the one in use and swaps them; the old one answers until then.
    ///
    /// # Errors
    /// The database is away or the new index cannot be written; the old one stays.
    pub async fn rebuild(
        &self,
        told: &(dyn Fn(i64, i64) + Send + Sync),
    ) -> Result<(), SearchError> {
        let Some(store) = self.0.store.as_deref() else { return Ok(()) };
        if !self.keeps(store).await? {
            return Err(IndexError(anyhow::anyhow!("another process keeps the index")).into());
        }
        let index = self.build(store, told).await?;
        // Nobody follows by the old one while it is taken away.
        let mut following = self.0.following.lock().await;
        store.adopt().await?;
        following.applied.clear();
        let followed = index.horizon().await?.unwrap_or_default();
        self.take_changes(&*index, &mut following.applied, followed).await?;
        following.index = Some(index.clone());
        following.edition = None;
        following.keeps = true;
        self.answer_by(Some(index));
        Ok(())
    }

    /// Applies what transactions from `followed` on wrote; whether there was something.
    async fn take_changes(
        &self,
        index: &dyn SearchIndex,
        applied: &mut HashMap<ProductId, i64>,
        followed: i64,
    ) -> Result<bool, SearchError> {
        let mut db = self.0.db.acquire().await?;
        let horizon = queries::horizon(&mut db).await?;
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
        *applied = changed.into_iter().filter(|(_, by)| *by >= followed).collect();
        Ok(!fresh.is_empty())
    }

    /// Compares the index with the documents and repairs it. Returns how many were compared, and how many
    /// the index had otherwise; a process that does not write to the index compares nothing.
    ///
    /// # Errors
    /// The database or the index is away.
    pub async fn sweep(&self, cx: &Cx) -> Result<(i64, i64), SearchError> {
        let Some(index) = self.ready() else { return Ok((0, 0)) };
        self.catch_up().await?;
        if !self.0.following.lock().await.keeps {
            return Ok((0, 0));
        }
        let horizon = index.horizon().await?.unwrap_or_default();
        let mut known: HashMap<ProductId, i64> = index.versions().await?.into_iter().collect();
        let (mut after, mut compared, mut drifted) = (Uuid::nil(), 0_i64, Vec::new());
        let mut db = self.0.db.acquire().await?;
        loop {
            let rows = queries::versions_after(&mut db, after, horizon, SWEPT).await?;
            let Some(last) = rows.last() else { break };
            after = last.product.0;
            compared += rows.len() as i64;
            for row in rows {
                let has = known.remove(&row.product);
                let is_late = has.is_none_or(|has| has < row.version);
                // What newer transactions wrote is on its way: no drift.
                if is_late && row.is_settled && (row.visible || has.is_some()) {
                    drifted.push(row.product.0);
                }
            }
        }
        for batch in drifted.chunks(BATCH as usize) {
            let documents = queries::documents(&mut db, batch).await?;
            index.apply(documents, horizon).await?;
        }
        let found = (drifted.len() + known.len()) as i64;
        upkeep::note_sweep(&mut db, cx.now, compared, found).await?;
        drop(db);
        if found > 0 {
            tracing::warn!(found, "the index differed from the database");
            self.changed();
        }
        if !known.is_empty() {
            // Products that the database does not know: it is another one, or was set back.
            self.rebuild(&|_, _| {}).await?;
        }
        Ok((compared, found))
    }
}
