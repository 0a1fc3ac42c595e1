//! News of a parcel.

use super::{
    error::ParcelError,
    events::ParcelMoved,
    machine::{ParcelEvent, ParcelState},
    model::ParcelId,
    queries,
};
use crate::{
    kernel::{Cx, Vnd},
    platform::outbox,
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// Who tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Seller,
    Buyer,
    Carrier,
    System,
}

impl Source {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Seller => "seller",
            Self::Buyer => "buyer",
            Self::Carrier => "carrier",
            Self::System => "system",
        }
    }
}

/// What is told.
#[derive(Debug, Clone)]
pub struct Fact {
    pub source: Source,
    /// The same news again has the same key.
    pub key: String,
    /// `None`: a word that we do not know. It is kept, and moves nothing.
    pub event: Option<ParcelEvent>,
    /// By the clock of whoever tells.
    pub at: DateTime<Utc>,
    /// The carrier's own word.
    pub raw: String,
    pub note: String,
    pub weight_g: Option<i32>,
    pub fee: Option<Vnd>,
    /// Collected at the door.
    pub cod: Option<Vnd>,
}

impl Fact {
    /// Something that a person or the clock says now.
    #[must_use]
    pub fn now(cx: &Cx, source: Source, event: ParcelEvent, note: &str) -> Self {
        Self {
            source,
            key: cx.new_id().to_string(),
            event: Some(event),
            at: cx.now,
            raw: String::new(),
            note: note.chars().take(500).collect(),
            weight_g: None,
            fee: None,
            cod: None,
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Known before.
    Again,
    /// Kept; the parcel stands where it stood.
    Kept(ParcelState),
    Moved(ParcelState),
}

impl Heard {
    /// The new state, if there is one.
    #[must_use]
    pub const fn moved(self) -> Option<ParcelState> {
        match self {
            Self::Moved(to) => Some(to),
            Self::Again | Self::Kept(_) => None,
        }
    }
}

/// Keeps the news and moves the parcel if they lead further, in the caller's transaction. Whoever follows the
/// parcel hears [`ParcelMoved`].
///
/// # Errors
/// [`ParcelError::NotFound`], or whatever the database says.
pub async fn hear(
    db: &mut PgConnection,
    cx: &Cx,
    parcel: ParcelId,
    fact: &Fact,
) -> Result<Heard, ParcelError> {
    let head = queries::lock(db, parcel).await?.ok_or(ParcelError::NotFound)?;
    let at = fact.at.min(cx.now + chrono::TimeDelta::hours(1));
    let to = fact.event.and_then(|event| head.state.after(event, at, head.state_at));
    let moved = to.filter(|to| *to != head.state);
    if !queries::insert_event(db, cx, parcel, fact, at, moved).await? {
        return Ok(Heard::Again);
    }
    queries::note(db, cx, parcel, fact).await?;
    if let Some(to) = to {
        queries::move_to(db, parcel, to, at).await?;
    }
    let Some(to) = moved else { return Ok(Heard::Kept(head.state)) };
    match to {
        ParcelState::Delivered => queries::all_delivered(db, parcel).await?,
        ParcelState::Cancelled => queries::take_out(db, parcel).await?,
        _ => {}
    }
    let state = to.code().to_owned();
    let news = ParcelMoved { parcel, order: head.order, seller: head.seller, state };
    outbox::publish(db, cx, &news).await?;
    Ok(Heard::Moved(to))
}
