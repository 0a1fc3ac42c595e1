//! Where the index lies: a folder for each build of it, and a file that names the one in use.

use super::{Embedded, schema::Fields};
use crate::search::{IndexError, IndexStore, SearchIndex};
use async_trait::async_trait;
use std::{
    fs::{self, TryLockError},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use tantivy::Index;
use uuid::Uuid;

/// Names the folder in use.
const CURRENT: &str = "current";
/// Locked by the process to which the folder belongs.
const CLAIM: &str = "claim";

/// Opens, builds and swaps embedded indexes below one folder. A folder belongs to one process; another one
/// keeps its index in memory. Cheap to clone.
#[derive(Clone)]
pub struct EmbeddedStore(Arc<Inner>);

struct Inner {
    /// Of this shape of index: those of another shape are removed when one of this is adopted.
    folder: Option<PathBuf>,
    /// Held while this process lives.
    claim: Mutex<Option<fs::File>>,
    /// The index that was created last, and its folder.
    fresh: Mutex<Option<(String, Embedded)>>,
}

impl EmbeddedStore {
    /// Indexes lie below `folder`; without one, in memory.
    #[must_use]
    pub fn new(folder: Option<&Path>) -> Self {
        let shape = Fields::new().digest();
        let folder = folder.map(|folder| folder.join(shape));
        Self(Arc::new(Inner { folder, claim: Mutex::default(), fresh: Mutex::default() }))
    }

    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T, IndexError> {
        let own = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&own.0)).await;
        Ok(done.map_err(anyhow::Error::from)??)
    }
}

impl Inner {
    /// The folder, if it is this process's own.
    fn own(&self) -> std::io::Result<Option<&Path>> {
        let Some(folder) = &self.folder else { return Ok(None) };
        let mut claim = self.claim.lock().unwrap_or_else(PoisonError::into_inner);
        if claim.is_some() {
            return Ok(Some(folder));
        }
        fs::create_dir_all(folder)?;
        let file = fs::File::create(folder.join(CLAIM))?;
        match file.try_lock() {
            Ok(()) => {
                *claim = Some(file);
                Ok(Some(folder))
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn open(&self) -> anyhow::Result<Option<Embedded>> {
        let Some(folder) = self.own()? else { return Ok(None) };
        let name = match fs::read_to_string(folder.join(CURRENT)) {
            Ok(name) => name,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let index = Index::open_in_dir(folder.join(name.trim()))?;
        Ok(Some(Embedded::over(&index, Fields::new())?))
    }

    fn create(&self) -> anyhow::Result<Embedded> {
        let fields = Fields::new();
        let (name, index) = match self.own()? {
            Some(folder) => {
                let name = Uuid::new_v4().simple().to_string();
                let own = folder.join(&name);
                fs::create_dir_all(&own)?;
                (name, Index::create_in_dir(&own, fields.schema.clone())?)
            }
            None => (String::new(), Index::create_in_ram(fields.schema.clone())),
        };
        let index = Embedded::over(&index, fields)?;
        *self.fresh.lock().unwrap_or_else(PoisonError::into_inner) = Some((name, index.clone()));
        Ok(index)
    }

    fn adopt(&self) -> anyhow::Result<()> {
        let fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some((name, index)) = fresh else { return Ok(()) };
        index.merge()?;
        let Some(folder) = self.own()?.filter(|_| !name.is_empty()) else { return Ok(()) };
        fs::write(folder.join("next"), &name)?;
        fs::rename(folder.join("next"), folder.join(CURRENT))?;
        Ok(remove_others(folder, &name)?)
    }
}

#[async_trait]
impl IndexStore for EmbeddedStore {
    async fn open(&self) -> Result<Option<Arc<dyn SearchIndex>>, IndexError> {
        let found = self.apart(Inner::open).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the search index is broken; it is built anew");
            None
        });
        Ok(found.map(|index| Arc::new(index) as Arc<dyn SearchIndex>))
    }

    async fn create(&self) -> Result<Arc<dyn SearchIndex>, IndexError> {
        Ok(Arc::new(self.apart(Inner::create).await?))
    }

    async fn adopt(&self) -> Result<(), IndexError> {
        self.apart(Inner::adopt).await
    }
}

/// Removes other builds, and indexes of another shape beside this folder.
fn remove_others(folder: &Path, name: &str) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && entry.file_name() != name {
            fs::remove_dir_all(entry.path())?;
        }
    }
    let Some(parent) = folder.parent() else { return Ok(()) };
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && entry.path() != folder {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}
