//! Rebuilds on demand: asked for by the command, done by the process that keeps the index.

use super::{Search, SearchError, queries_upkeep as upkeep};
use crate::kernel::Cx;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

pub use upkeep::Rebuild;

impl Search {
    /// Asks whoever serves to build the index anew.
    ///
    /// # Errors
    /// The database is away.
    pub async fn ask_for_rebuild(&self, cx: &Cx) -> sqlx::Result<Uuid> {
        let id = cx.new_id();
        upkeep::ask(&mut *self.0.db.acquire().await?, id, cx.now).await?;
        Ok(id)
    }

    /// How far that is.
    ///
    /// # Errors
    /// The database is away.
    pub async fn rebuild_asked(&self, id: Uuid) -> sqlx::Result<Option<Rebuild>> {
        upkeep::rebuild(&mut *self.0.db.acquire().await?, id).await
    }

    /// Does not wait any longer; whether nobody had begun.
    ///
    /// # Errors
    /// The database is away.
    pub async fn withdraw_rebuild(&self, id: Uuid) -> sqlx::Result<bool> {
        upkeep::withdraw(&mut *self.0.db.acquire().await?, id).await
    }

    /// Does one rebuild that was asked for; whether there was one.
    ///
    /// # Errors
    /// The database is away. A rebuild that fails is told to whoever asked.
    pub async fn rebuild_if_asked(&self, cx: &Cx) -> Result<bool, SearchError> {
        let Some(id) = upkeep::claim(&mut *self.0.db.acquire().await?, cx.now).await? else {
            return Ok(false);
        };
        let (done, of) = (AtomicI64::new(0), AtomicI64::new(0));
        let told = |so_far, all| {
            done.store(so_far, Ordering::Relaxed);
            of.store(all, Ordering::Relaxed);
        };
        let rebuilding = self.rebuild(&told);
        tokio::pin!(rebuilding);
        let outcome = loop {
            tokio::select! {
                outcome = &mut rebuilding => break outcome,
                () = tokio::time::sleep(std::time::Duration::from_millis(300)) => {
                    let mut db = self.0.db.acquire().await?;
                    let (done, of) = (done.load(Ordering::Relaxed), of.load(Ordering::Relaxed));
                    upkeep::progress(&mut db, id, done, of).await?;
                }
            }
        };
        let error = outcome.err().map(|error| format!("{error:#}"));
        upkeep::finish(&mut *self.0.db.acquire().await?, id, cx.now, error).await?;
        Ok(true)
    }
}
