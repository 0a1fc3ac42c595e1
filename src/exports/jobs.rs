//! What nobody confirmed is forgotten.

use super::queries_enquiries as q;
use crate::{
    kernel::Cx,
    platform::jobs::{Handler, JobError},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use sqlx::PgPool;

/// An address that was not confirmed within a week may be somebody else's: the enquiry is deleted.
const KEPT: TimeDelta = TimeDelta::days(7);

/// Deletes enquiries that were never confirmed.
pub struct Tidy(pub PgPool);

#[async_trait]
impl Handler for Tidy {
    type Payload = ();
    const NAME: &'static str = "exports.tidy";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        q::forget(&self.0, cx.now - KEPT).await?;
        Ok(())
    }
}
