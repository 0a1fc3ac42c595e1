//! Delivery stops for some communes: flood, storm, quarantine. Nothing is offered to be brought there, what is under way
//! has time; it ends by hand or by itself.

use super::queries_pauses;
use crate::{
    kernel::Cx,
    platform::{
        jobs::{Handler, JobError},
        outbox::{self, Event},
    },
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// One pause.
#[derive(Debug, Clone)]
pub struct Pause {
    pub id: Uuid,
    pub communes: Vec<String>,
    pub reason: String,
    pub reason_en: String,
    pub begins_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl Pause {
    /// Why, in the reader's language.
    #[must_use]
    pub fn why(&self, lang: &crate::kernel::Lang) -> &str {
        match self.reason_en.as_str() {
            "" => &self.reason,
            english => lang.t(&self.reason, english),
        }
    }

    /// Until when, as people here read it.
    #[must_use]
    pub fn until(&self) -> String {
        crate::kernel::date_time(self.ends_at)
    }
}

/// Delivery to some communes has been paused.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeliveryPaused {
    pub pause: Uuid,
    pub communes: Vec<String>,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

impl Event for DeliveryPaused {
    const NAME: &'static str = "delivery.paused";
}

/// The pauses of this moment, newest first.
///
/// # Errors
/// Whatever the database says.
pub async fn current(db: &mut PgConnection) -> sqlx::Result<Vec<Pause>> {
    queries_pauses::list(db, true).await
}

/// What a pause is to be.
pub(super) struct NewPause<'a> {
    pub(super) communes: &'a [String],
    pub(super) reason: &'a str,
    pub(super) reason_en: &'a str,
    pub(super) until: DateTime<Utc>,
}

/// Begins a pause.
pub(super) async fn begin(
    db: &mut PgConnection,
    cx: &Cx,
    new: &NewPause<'_>,
) -> sqlx::Result<Uuid> {
    let pause = cx.new_id();
    queries_pauses::insert(db, cx, pause, new).await?;
    let (communes, from, until) = (new.communes.to_vec(), cx.now, new.until);
    outbox::publish(db, cx, &DeliveryPaused { pause, communes, from, until }).await?;
    Ok(pause)
}

/// Ends pauses whose time has come.
pub struct EndPauses(pub PgPool);

#[async_trait]
impl Handler for EndPauses {
    type Payload = ();
    const NAME: &'static str = "delivery.end_pauses";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        queries_pauses::end_due(&self.0, cx.now).await?;
        Ok(())
    }
}
