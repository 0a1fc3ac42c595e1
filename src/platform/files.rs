//! What people upload: kept under random names, private unless a page says otherwise.

use crate::kernel::{Cx, Text};
use bytes::Bytes;
use object_store::{ObjectStore, ObjectStoreExt, local::LocalFileSystem, path::Path as Key};
use std::{path::Path, sync::Arc};

/// The store of uploaded files.
#[derive(Clone, Debug)]
pub struct Files(Arc<dyn ObjectStore>);

/// What an uploaded paper turned out to be, by its contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperType {
    Pdf,
    Jpeg,
    Png,
    Webp,
}

impl PaperType {
    /// Looks at the first bytes; the name and the browser's word count for nothing.
    ///
    /// # Errors
    /// A text for the field when it is none of these, empty, or above 10 MiB.
    pub fn of(bytes: &[u8]) -> Result<Self, Text> {
        const MOST: usize = 10 << 20;
        let found = match bytes {
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        };
        found.filter(|_| bytes.len() <= MOST).ok_or_else(|| {
            Text::new(
                "Tệp phải là PDF hoặc ảnh JPEG, PNG, WebP, không quá 10 MB.",
                "The file must be a PDF or a JPEG, PNG or WebP picture of at most 10 MB.",
            )
        })
    }

    /// For the `Content-Type` header.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }
}

impl Files {
    /// Files below `folder` of this machine.
    ///
    /// # Errors
    /// A folder that cannot be made.
    pub fn local(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(folder)?)))
    }

    /// Keeps `bytes` under a new key that begins with `area` (`papers`, `pictures` …).
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn keep(
        &self,
        cx: &Cx,
        area: &str,
        bytes: impl Into<Bytes>,
    ) -> anyhow::Result<String> {
        let key = format!("{area}/{}", cx.new_id());
        self.put(&key, bytes).await?;
        Ok(key)
    }

    /// Writes `bytes` under a chosen key.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn put(&self, key: &str, bytes: impl Into<Bytes>) -> anyhow::Result<()> {
        self.0.put(&Key::parse(key)?, bytes.into().into()).await?;
        Ok(())
    }

    /// The contents; `None` when there is no such file.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn read(&self, key: &str) -> anyhow::Result<Option<Bytes>> {
        let Ok(key) = Key::parse(key) else { return Ok(None) };
        match self.0.get(&key).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes a file away; one that is not there is gone already.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn remove(&self, key: &str) -> anyhow::Result<()> {
        match self.0.delete(&Key::parse(key)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
