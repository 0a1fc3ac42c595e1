//! What accounts do outside a request.

use super::{letters::Letters, queries_sessions, reset};
use crate::{
    config::Site,
    kernel::Cx,
    platform::jobs::{Handler, JobError},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use sqlx::PgPool;
use std::sync::Arc;

/// Mails the link for a new password, if the typed name is somebody's.
pub struct SendReset {
    db: PgPool,
    letters: Letters,
}

impl SendReset {
    /// Over this database, with links to this site.
    #[must_use]
    pub fn new(db: PgPool, site: Arc<Site>) -> Self {
        Self { db, letters: Letters(site) }
    }
}

#[async_trait]
impl Handler for SendReset {
    /// The e-mail address or phone number that was typed.
    type Payload = String;
    const NAME: &'static str = "accounts.send_reset";

    async fn handle(&self, cx: &Cx, contact: String) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        reset::send(&mut tx, cx, &self.letters, &contact).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Deletes expired sessions, old links and old failures.
pub struct Tidy(pub PgPool);

#[async_trait]
impl Handler for Tidy {
    type Payload = ();
    const NAME: &'static str = "accounts.tidy";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let mut db = self.0.acquire().await?;
        Ok(queries_sessions::tidy(&mut db, cx.now, cx.now - TimeDelta::days(1)).await?)
    }
}
