//! The index inside the program (tantivy): fast with counts, forgiving of typing, no server.

mod collect;
mod schema;
mod tokenizer;
mod words;

use self::{collect::Pass, schema::Fields};
use super::super::{Document, IndexError, MOST_RESULTS, Matches, PAGE, Query, SearchIndex};
use crate::kernel::Day;
use async_trait::async_trait;
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};
use tantivy::{
    Index, IndexReader, IndexWriter, ReloadPolicy, TantivyError, Term, directory::MmapDirectory,
};

const WRITER_MEMORY: usize = 24 << 20;

/// An index in a folder, or in memory. One process writes a folder; the lock in it says so.
#[derive(Clone)]
pub struct Embedded(Arc<Inner>);

struct Inner {
    fields: Fields,
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
    horizon: Mutex<Option<i64>>,
}

/// Why an index cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process writes this folder.
    #[error("another process keeps this index")]
    Busy,
    #[error(transparent)]
    Broken(anyhow::Error),
}

impl From<TantivyError> for OpenError {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(..) => Self::Busy,
            other => Self::Broken(other.into()),
        }
    }
}

impl Embedded {
    /// An index that is gone with the process.
    ///
    /// # Errors
    /// No memory.
    pub fn in_memory() -> Result<Self, OpenError> {
        let fields = Fields::new();
        let index = Index::create_in_ram(fields.schema.clone());
        Self::over(&index, fields)
    }

    /// The index below `folder`, made where there is none. Indexes of other shapes are taken away.
    ///
    /// # Errors
    /// [`OpenError::Busy`] when another process writes it; anything else means that it is broken.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let fields = Fields::new();
        let own = folder.join(fields.digest());
        std::fs::create_dir_all(&own).map_err(|e| OpenError::Broken(e.into()))?;
        let directory = MmapDirectory::open(&own).map_err(|e| OpenError::Broken(e.into()))?;
        let index = Index::open_or_create(directory, fields.schema.clone())?;
        let opened = Self::over(&index, fields)?;
        for other in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if other.path() != own {
                // A leftover costs space only.
                let _ = std::fs::remove_dir_all(other.path());
            }
        }
        Ok(opened)
    }

    /// Takes a broken index away, so that [`Embedded::open`] makes a new one.
    ///
    /// # Errors
    /// The folder cannot be removed.
    pub fn discard(folder: &Path) -> std::io::Result<()> {
        let own = folder.join(Fields::new().digest());
        if own.exists() { std::fs::remove_dir_all(own) } else { Ok(()) }
    }

    fn over(index: &Index, fields: Fields) -> Result<Self, OpenError> {
        Fields::register(index);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let writer = index.writer_with_num_threads(1, WRITER_MEMORY)?;
        let horizon = index.load_metas()?.payload.and_then(|text| text.parse().ok());
        Ok(Self(Arc::new(Inner {
            fields,
            reader,
            writer: Mutex::new(writer),
            horizon: Mutex::new(horizon),
        })))
    }

    /// Forgets everything; not seen before the next documents are applied.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub async fn clear(&self) -> Result<(), IndexError> {
        self.apart(|own| {
            let writer = own.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
            writer.delete_all_documents().map(|_| ())
        })
        .await
    }

    fn search(&self, query: &Query, today: Day) -> tantivy::Result<Matches> {
        let (question, has_words) = words::question(&self.0.fields, query);
        let offset = query.offset();
        let length = PAGE.min(MOST_RESULTS.saturating_sub(offset));
        let pass = Pass { query, today, has_words, keep: offset + length };
        let harvest = self.0.reader.searcher().search(&question, &pass)?;
        Ok(Matches {
            ids: harvest.page(offset, length),
            total: harvest.total,
            facets: harvest.facets,
        })
    }

    fn write(&self, documents: &[Document], horizon: i64) -> tantivy::Result<()> {
        let Inner { fields, reader, writer, horizon: kept } = &*self.0;
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        for document in documents {
            let (_, low) = document.product.0.as_u64_pair();
            writer.delete_term(Term::from_field_u64(fields.id, low));
            if document.visible {
                writer.add_document(fields.row(document))?;
            }
        }
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&horizon.to_string());
        commit.commit()?;
        reader.reload()?;
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(horizon);
        Ok(())
    }

    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> tantivy::Result<T> + Send + 'static,
    ) -> Result<T, IndexError> {
        let own = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&own)).await;
        Ok(done.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?)
    }
}

#[async_trait]
impl SearchIndex for Embedded {
    async fn find(&self, query: &Query, today: Day) -> Result<Matches, IndexError> {
        let query = query.clone();
        self.apart(move |own| own.search(&query, today)).await
    }

    async fn apply(&self, documents: Vec<Document>, horizon: i64) -> Result<(), IndexError> {
        self.apart(move |own| own.write(&documents, horizon)).await
    }

    fn horizon(&self) -> Option<i64> {
        *self.0.horizon.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
