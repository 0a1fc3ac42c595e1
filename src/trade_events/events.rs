//! Whoever runs an event makes, changes and cancels it; the Department publishes it.

use super::{
    error::TradeError,
    letters,
    model::{EventState, Kind},
    queries::{self, Event},
};
use crate::{
    config::Site,
    kernel::{Cx, Day, OrgId, slug},
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

/// Makes a draft and gives its id. `host`: the organisation that runs it; without one the Department does.
///
/// # Errors
/// Whatever the database says.
pub async fn make(
    db: &mut PgConnection,
    cx: &Cx,
    (by, host): (Uuid, Option<OrgId>),
    new: &NewEvent,
) -> Result<Uuid, TradeError> {
    let id = cx.new_id();
    // The id's last letters keep two events of one name apart.
    let tail: String = id.simple().to_string().chars().skip(26).collect();
    let address = format!("{}-{tail}", slug(&new.title));
    queries::insert(db, cx, (id, &address), (by, host), new).await?;
    let subject = format!("trade_event:{id}");
    audit::record(db, cx, "trade_events.make", &subject, json!({ "host": host })).await?;
    Ok(id)
}

/// Changes an event as it was shown with `version`. An organisation changes its draft until it has proposed it.
///
/// # Errors
/// [`TradeError::Stale`] when somebody else was faster, or it is cancelled.
pub(super) async fn change(
    db: &mut PgConnection,
    cx: &Cx,
    (id, version): (Uuid, i32),
    host: Option<OrgId>,
    new: &NewEvent,
) -> Result<(), TradeError> {
    if !queries::change(db, cx, (id, version), host, new).await? {
        return Err(TradeError::Stale);
    }
    let subject = format!("trade_event:{id}");
    audit::record(db, cx, "trade_events.change", &subject, json!({ "title": new.title })).await?;
    Ok(())
}

/// Asks the Department to publish an organisation's draft, or takes that back.
///
/// # Errors
/// [`TradeError::Stale`] unless it is such a draft.
pub(super) async fn propose(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    waits: bool,
) -> Result<(), TradeError> {
    if !queries::propose(db, cx, id, waits).await? {
        return Err(TradeError::Stale);
    }
    let verb = if waits { "trade_events.propose" } else { "trade_events.take_back" };
    audit::record(db, cx, verb, &format!("trade_event:{id}"), json!({})).await?;
    Ok(())
}

/// The Department does not publish an organisation's draft as it is; its administrators are written to.
///
/// # Errors
/// [`TradeError::Stale`] unless it waits.
pub(super) async fn send_back(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    event: &Event,
    reason: &str,
) -> Result<(), TradeError> {
    if !queries::propose(db, cx, event.id, false).await? {
        return Err(TradeError::Stale);
    }
    letters::sent_back(db, cx, site, event, reason).await?;
    let subject = format!("trade_event:{}", event.id);
    audit::record(db, cx, "trade_events.send_back", &subject, json!({ "reason": reason })).await?;
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
