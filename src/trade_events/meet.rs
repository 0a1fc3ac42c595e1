//! A buyer asks a shop for a meeting; both go on from there.

use super::{
    error::TradeError,
    letters,
    model::{EventState, MeetingEvent, Outcome, Party, SignUpState, next},
    queries, queries_meetings as q, queries_sign_ups,
};
use crate::{
    config::Site,
    kernel::{Cx, OrgId, PersonId, SellerId, day_of},
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A wish to meet.
#[derive(Debug, Clone)]
pub struct Wish {
    pub event: Uuid,
    pub seller: SellerId,
    pub person: PersonId,
    /// The firm for which he asks, with its name.
    pub org: Option<(OrgId, String)>,
    pub name: String,
    /// E.164.
    pub phone: String,
    /// May be empty.
    pub email: String,
    pub subject: String,
    /// When it would suit him; may be empty.
    pub wished: String,
}

/// What one side says.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// When they meet: for [`MeetingEvent::Agree`].
    pub at: Option<DateTime<Utc>>,
    pub place: String,
    /// Why not: for [`MeetingEvent::Decline`] and [`MeetingEvent::Cancel`].
    pub why: String,
    /// For [`MeetingEvent::Hold`].
    pub result: Option<Outcome>,
    pub note: String,
}

/// Writes the wish down and tells the shop's owners.
///
/// # Errors
/// [`TradeError::NotFound`] where the shop does not take part in a published event that is not over,
/// [`TradeError::AskedAlready`], [`TradeError::OwnShop`].
pub async fn ask(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    wish: &Wish,
) -> Result<Uuid, TradeError> {
    let event = queries::by_id(&mut *db, wish.event).await?.ok_or(TradeError::NotFound)?;
    let takes_part = queries_sign_ups::sign_up_state(&mut *db, wish.event, wish.seller).await?;
    let is_on = event.state == EventState::Published && day_of(cx.now) <= event.ends_on;
    if !is_on || takes_part != Some(SignUpState::Accepted) {
        return Err(TradeError::NotFound);
    }
    if queries_sign_ups::is_member(&mut *db, wish.seller, wish.person).await? {
        return Err(TradeError::OwnShop);
    }
    let id = cx.new_id();
    if !q::insert(db, cx, id, wish).await? {
        return Err(TradeError::AskedAlready);
    }
    letters::asked(db, cx, site, &event, wish).await?;
    Ok(id)
}

/// One side's step on a meeting as it stands; the other side is written to.
///
/// # Errors
/// [`TradeError::NotFound`] for what is not his, [`TradeError::Stale`] for what cannot happen (any more),
/// [`TradeError::SlotTaken`] when the shop has another meeting at that time.
pub async fn answer(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    (id, by, what): (Uuid, q::Side, MeetingEvent),
    answer: &Answer,
) -> Result<(), TradeError> {
    let meeting = q::find(&mut *db, id, by).await?.ok_or(TradeError::NotFound)?;
    let to = next(meeting.state, what, by.party()).ok_or(TradeError::Stale)?;
    if (what == MeetingEvent::Agree) != answer.at.is_some()
        || (what == MeetingEvent::Hold) != answer.result.is_some()
    {
        return Err(TradeError::Stale);
    }
    match q::step(db, cx, &meeting, to, answer).await {
        Ok(true) => {}
        Ok(false) => return Err(TradeError::Stale),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some("meetings_slot") => {
            return Err(TradeError::SlotTaken);
        }
        Err(error) => return Err(error.into()),
    }
    if matches!(what, MeetingEvent::Agree | MeetingEvent::Decline | MeetingEvent::Cancel) {
        let now = q::find(&mut *db, id, by).await?.ok_or(TradeError::NotFound)?;
        match by.party() {
            Party::Seller => letters::answered(db, cx, site, &now).await?,
            Party::Buyer => letters::cancelled(db, cx, site, &now).await?,
        }
    }
    Ok(())
}
