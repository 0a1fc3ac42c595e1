//! An officer makes an event, changes, publishes and cancels it.

use super::{
    error::TradeError,
    model::{EventState, Kind},
    queries,
};
use crate::{
    kernel::{Cx, Day, slug},
    platform::audit,
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// What an event is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    pub kind: Kind,
    pub title: String,
    /// May be empty.
    pub title_en: String,
    pub summary: String,
    /// May be empty.
    pub summary_en: String,
    /// Markdown; may be empty.
    pub body: String,
    pub organiser: String,
    pub place: String,
    pub starts_on: Day,
    /// The last day.
    pub ends_on: Day,
    /// The last day on which shops may sign up.
    pub sign_up_until: Day,
}

/// Makes a draft and gives its id.
///
/// # Errors
/// Whatever the database says.
pub async fn make(
    db: &mut PgConnection,
    cx: &Cx,
    by: Uuid,
    new: &NewEvent,
) -> Result<Uuid, TradeError> {
    let id = cx.new_id();
    // The id's last letters keep two events of one name apart.
    let tail: String = id.simple().to_string().chars().skip(26).collect();
    let address = format!("{}-{tail}", slug(&new.title));
    queries::insert(db, cx, (id, &address), by, new).await?;
    audit::record(db, cx, "trade_events.make", &format!("trade_event:{id}"), json!({})).await?;
    Ok(id)
}

/// Changes an event as it was shown with `version`.
///
/// # Errors
/// [`TradeError::Stale`] when somebody else was faster, or it is cancelled.
pub(super) async fn change(
    db: &mut PgConnection,
    cx: &Cx,
    (id, version): (Uuid, i32),
    new: &NewEvent,
) -> Result<(), TradeError> {
    if !queries::change(db, cx, (id, version), new).await? {
        return Err(TradeError::Stale);
    }
    let subject = format!("trade_event:{id}");
    audit::record(db, cx, "trade_events.change", &subject, json!({ "title": new.title })).await?;
    Ok(())
}

/// Everybody sees it from now on.
///
/// # Errors
/// [`TradeError::Stale`] unless it is a draft.
pub async fn publish(db: &mut PgConnection, cx: &Cx, id: Uuid) -> Result<(), TradeError> {
    step(db, cx, id, (&[EventState::Draft], EventState::Published), "").await
}

/// It does not take place; whoever was to come is written to by the caller.
///
/// # Errors
/// [`TradeError::Stale`] when it is cancelled already.
pub async fn cancel(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    reason: &str,
) -> Result<(), TradeError> {
    let from = &[EventState::Draft, EventState::Published];
    step(db, cx, id, (from, EventState::Cancelled), reason).await
}

async fn step(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    (from, to): (&[EventState], EventState),
    reason: &str,
) -> Result<(), TradeError> {
    if !queries::step(db, cx, id, (from, to), reason).await? {
        return Err(TradeError::Stale);
    }
    let (verb, subject) = (format!("trade_events.{}", to.code()), format!("trade_event:{id}"));
    audit::record(db, cx, &verb, &subject, json!({ "reason": reason })).await?;
    Ok(())
}
