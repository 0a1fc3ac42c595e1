//! The seller offers, the buyer answers.

use super::{
    error::ExportError,
    letters,
    model::{Currency, EnquiryState},
    queries_enquiries as q,
};
use crate::{
    config::Site,
    kernel::{Cx, Day, SellerId, day_of},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// What a seller offers.
#[derive(Debug, Clone)]
pub struct NewOffer {
    pub currency: Currency,
    /// For one unit, in the currency's smallest part.
    pub price: i64,
    pub unit: String,
    pub quantity: String,
    pub incoterm: String,
    pub place: String,
    /// The last day.
    pub valid_until: Day,
    pub lead_days: i32,
    pub payment: String,
    /// May be empty.
    pub note: String,
}

/// What a buyer says of the offer that he has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Accept,
    Decline { reason: String },
}

/// Makes the next offer; the buyer is written to.
///
/// # Errors
/// [`ExportError::NotFound`], [`ExportError::Stale`] when the enquiry no longer waits, or another offer came in between.
pub async fn offer(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    (id, seller, by): (Uuid, SellerId, Uuid),
    seen: i32,
    new: &NewOffer,
) -> Result<(), ExportError> {
    let enquiry = q::of_seller(&mut *db, id, seller).await?.ok_or(ExportError::NotFound)?;
    if !q::next_offer(db, cx, id, seen).await? {
        return Err(ExportError::Stale);
    }
    q::insert_offer(db, cx, (id, seen + 1), by, new).await?;
    letters::offered(db, cx, site, &enquiry, (seen + 1, new)).await?;
    Ok(())
}

/// The buyer's word on the offer with the number `seen`, once, while it is valid.
///
/// # Errors
/// [`ExportError::NotFound`] for a link that is none, [`ExportError::Stale`] otherwise.
pub async fn answer(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    (secret, seen): (&str, i32),
    verdict: &Verdict,
) -> Result<(), ExportError> {
    let enquiry = q::by_secret(&mut *db, secret).await?.ok_or(ExportError::NotFound)?;
    let (to, reason) = match verdict {
        Verdict::Accept => (EnquiryState::Accepted, ""),
        Verdict::Decline { reason } => (EnquiryState::Declined, reason.as_str()),
    };
    if !q::answer(db, cx, (enquiry.id, seen), (to, reason), day_of(cx.now)).await? {
        return Err(ExportError::Stale);
    }
    letters::answered(db, cx, site, &enquiry, verdict).await?;
    Ok(())
}

/// The seller cannot supply; the buyer is told why.
///
/// # Errors
/// [`ExportError::NotFound`], [`ExportError::Stale`].
pub async fn close(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    (id, seller): (Uuid, SellerId),
    reason: &str,
) -> Result<(), ExportError> {
    let enquiry = q::of_seller(&mut *db, id, seller).await?.ok_or(ExportError::NotFound)?;
    if !q::close(db, cx, id, reason).await? {
        return Err(ExportError::Stale);
    }
    letters::closed(db, cx, site, &enquiry, reason).await?;
    Ok(())
}
