//! Pictures that people add to what they write: made safe by [`pictures`], kept in sizes below a chosen area.

use crate::{
    kernel::{Cx, Text},
    platform::{files::Files, pictures},
};
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Where pictures go; two are decoded at a time, each takes a core and some hundred megabytes.
#[derive(Clone)]
pub struct Pictures {
    files: Files,
    turns: Arc<Semaphore>,
}

/// A picture that has been kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPicture {
    /// Its sizes are `<key>-<width>.webp` and `.jpg`.
    pub key: String,
    pub width: i32,
    pub height: i32,
}

impl Pictures {
    /// Pictures among these files.
    #[must_use]
    pub fn new(files: Files) -> Self {
        Self { files, turns: Arc::new(Semaphore::new(2)) }
    }

    /// Makes a picture safe and keeps its sizes, away from the request threads.
    ///
    /// # Errors
    /// Outer: the store. Inner: a text for the field, when it is no picture.
    pub async fn keep(
        &self,
        cx: &Cx,
        area: &str,
        bytes: Bytes,
    ) -> anyhow::Result<Result<KeptPicture, Text>> {
        let turn = self.turns.clone().acquire_owned().await?;
        let made = tokio::task::spawn_blocking(move || {
            let made = pictures::sanitise(&bytes);
            // With the work, not with the request: a sender who goes away frees no turn.
            drop(turn);
            made
        });
        let picture = match made.await? {
            Ok(picture) => picture,
            Err(text) => return Ok(Err(text)),
        };
        let key = format!("{area}/{}", cx.new_id());
        for size in picture.sizes {
            self.files.put(&format!("{key}-{}.webp", size.width), size.webp).await?;
            self.files.put(&format!("{key}-{}.jpg", size.width), size.jpeg).await?;
        }
        let (width, height) = (i32::try_from(picture.width)?, i32::try_from(picture.height)?);
        Ok(Ok(KeptPicture { key, width, height }))
    }

    /// One size of a kept picture; `None` where there is none.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn read(&self, key: &str, size: &str) -> anyhow::Result<Option<Bytes>> {
        self.files.read(&format!("{key}-{size}")).await
    }

    /// Takes away pictures that nothing refers to any more; what the store will not let go of is noted in the log.
    pub async fn let_go(&self, keys: &[String]) {
        for key in keys {
            if let Err(error) = self.remove(key).await {
                tracing::warn!(%key, "a picture could not be taken away: {error:#}");
            }
        }
    }

    /// Takes all sizes of a picture away.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn remove(&self, key: &str) -> anyhow::Result<()> {
        for width in pictures::WIDTHS {
            self.files.remove(&format!("{key}-{width}.webp")).await?;
            self.files.remove(&format!("{key}-{width}.jpg")).await?;
        }
        Ok(())
    }
}
