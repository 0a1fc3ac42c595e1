//! Building an index beside the one in use, and exchanging the two.

use super::{
    Meilisearch,
    documents::About,
    settings::{EDITION, settings},
    wire::{Wire, is_absent},
};
use crate::search::{IndexError, IndexStore, SearchIndex};
use anyhow::ensure;
use async_trait::async_trait;
use meilisearch_sdk::{client::SwapIndexes, indexes::IndexesQuery};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Opens, builds and swaps indexes of one server. One process builds at a time: its caller sees to that.
pub struct MeilisearchStore {
    wire: Wire,
    live: String,
    /// The index that was created last.
    fresh: Mutex<Option<Meilisearch>>,
}

impl MeilisearchStore {
    /// `live` names the index in use; others are named after it while they are built.
    ///
    /// # Errors
    /// The address, the key or the name cannot be one.
    pub fn new(url: &str, key: Option<&str>, live: &str) -> Result<Self, IndexError> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let checked = || {
            ensure!(
                !live.is_empty() && live.bytes().all(is_name),
                "not a name of an index: {live}"
            );
            Wire::new(url, key)
        };
        Ok(Self { wire: checked()?, live: live.to_owned(), fresh: Mutex::default() })
    }

    fn prefix(&self) -> String {
        format!("{}-build-", self.live)
    }

    async fn prepare(&self, uid: &str) -> anyhow::Result<()> {
        let server = &self.wire.writing;
        let mut all = IndexesQuery::new(server);
        for old in all.with_limit(1_000).execute().await?.results {
            if old.uid.starts_with(&self.prefix()) {
                self.remove(&old.uid).await?;
            }
        }
        self.wire.done(server.create_index(uid, Some("id")).await?).await?;
        let index = server.index(uid);
        self.wire.done(index.set_settings(&settings()).await?).await?;
        self.wire.done(index.add_or_replace(&[About::new(EDITION, None)], Some("id")).await?).await
    }

    async fn swap(&self, uid: &str) -> anyhow::Result<()> {
        let server = &self.wire.writing;
        match server.get_index(&self.live).await {
            Ok(_) => {}
            // Two indexes can only be exchanged where there are two.
            Err(error) if is_absent(&error) => {
                self.wire.done(server.create_index(&self.live, Some("id")).await?).await?;
            }
            Err(error) => return Err(error.into()),
        }
        let both = SwapIndexes { indexes: (self.live.clone(), uid.to_owned()), rename: None };
        self.wire.done(server.swap_indexes([&both]).await?).await
    }

    async fn remove(&self, uid: &str) -> anyhow::Result<()> {
        self.wire.done(self.wire.writing.delete_index(uid).await?).await
    }
}

#[async_trait]
impl IndexStore for MeilisearchStore {
    async fn open(&self) -> Result<Option<Arc<dyn SearchIndex>>, IndexError> {
        let index = Meilisearch::over(self.wire.clone(), self.live.clone());
        let about = index.about().await?.filter(|about| about.edition == EDITION);
        Ok(about.map(|_| Arc::new(index) as Arc<dyn SearchIndex>))
    }

    async fn create(&self) -> Result<Arc<dyn SearchIndex>, IndexError> {
        let uid = format!("{}{}", self.prefix(), Uuid::new_v4().simple());
        self.prepare(&uid).await?;
        let index = Meilisearch::over(self.wire.clone(), uid);
        *self.fresh.lock().unwrap_or_else(PoisonError::into_inner) = Some(index.clone());
        Ok(Arc::new(index))
    }

    async fn adopt(&self) -> Result<(), IndexError> {
        let fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(fresh) = fresh else { return Ok(()) };
        let uid = fresh.uid();
        self.swap(&uid).await?;
        fresh.is_now(&self.live);
        Ok(self.remove(&uid).await?)
    }

    fn is_shared(&self) -> bool {
        true
    }
}
