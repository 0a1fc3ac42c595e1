//! A seller offers; above an amount an owner of the shop agrees first.

use super::{
    error::QuoteError,
    machine::{Actor, Event, quote_next},
    model::NewOffer,
    queries::Held,
    queries_offers::{self, HeldQuote},
    queries_read, steps,
};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, PersonId, SellerId, Vnd},
};
use chrono::TimeDelta;
use sqlx::PgConnection;
use uuid::Uuid;

/// Versions of one quote, with the buyer's counter-offers.
const MOST_VERSIONS: i32 = 100;

/// Who offers.
#[derive(Debug, Clone, Copy)]
pub struct Offerer {
    pub seller: SellerId,
    pub person: Option<PersonId>,
    /// He needs nobody's agreement.
    pub owns: bool,
}

impl From<&SellerScope> for Offerer {
    fn from(scope: &SellerScope) -> Self {
        Self { seller: scope.seller, person: Some(scope.person), owns: scope.is_owner() }
    }
}

/// Whether an offer has gone out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    Sent,
    /// An owner of the shop must agree.
    Waits,
}

/// Makes an offer in the caller's transaction: the next version of the seller's quote.
///
/// # Errors
/// [`QuoteError::Moved`] when it is too late, [`QuoteError::Empty`] without lines or for lines that were not asked for,
/// [`QuoteError::Amounts`] for sums and days that cannot be, [`QuoteError::TooManyVersions`].
pub async fn offer(
    db: &mut PgConnection,
    cx: &Cx,
    request: Uuid,
    by: Offerer,
    new: &NewOffer,
) -> Result<(Uuid, Offered), QuoteError> {
    let (held, mut quote) = hold(db, request, by.seller).await?;
    let next = quote_next(held.window(cx), quote.state, quote.is_valid(cx), Event::Offer);
    next.ok_or(QuoteError::Moved)?;
    let total = new.total().ok_or(QuoteError::Amounts)?;
    let year = cx.now + TimeDelta::days(366);
    if new.valid_until <= cx.now || new.valid_until > year || total.0 <= 0 {
        return Err(QuoteError::Amounts);
    }
    let asked = queries_read::lines(db, request).await?;
    let fits = |position: i32| asked.iter().any(|line| line.position == position);
    if new.lines.is_empty() || !new.lines.iter().all(|line| fits(line.position)) {
        return Err(QuoteError::Empty);
    }
    if quote.last >= MOST_VERSIONS {
        return Err(QuoteError::TooManyVersions);
    }
    let version = quote.last + 1;
    queries_offers::insert_version(db, cx, (quote.id, version, "offer"), by.person, (new, total))
        .await?;
    quote.last = version;
    let limit = queries_offers::limit(db, by.seller).await?;
    let id = quote.id;
    if !by.owns && limit.is_some_and(|limit| total > limit) {
        quote.pending = Some(version);
        let step = ("wait", Actor::Seller);
        steps::note_quote(db, cx, &held, quote, step, (Some(version), "")).await?;
        return Ok((id, Offered::Waits));
    }
    send(db, cx, &held, quote, (version, total), new).await?;
    Ok((id, Offered::Sent))
}

async fn hold(
    db: &mut PgConnection,
    request: Uuid,
    seller: SellerId,
) -> Result<(Held, HeldQuote), QuoteError> {
    let held = steps::hold(db, request, None).await?;
    let quote = queries_offers::lock_one(db, request, (None, Some(seller))).await?;
    Ok((held, quote.ok_or(QuoteError::NotFound)?))
}

/// The version becomes the offer that stands.
async fn send(
    db: &mut PgConnection,
    cx: &Cx,
    held: &Held,
    mut quote: HeldQuote,
    (version, total): (i32, Vnd),
    new: &NewOffer,
) -> Result<(), QuoteError> {
    quote.offer = Some(version);
    quote.pending = None;
    quote.valid_until = Some(new.valid_until);
    quote.total = Some(total.0);
    steps::move_quote(db, cx, held, quote, Event::Offer, (Some(version), "")).await
}

/// An owner agrees to the version that waits, or sends it back to his staff.
///
/// # Errors
/// [`QuoteError::Moved`] when nothing waits or it is too late, [`QuoteError::Amounts`] when it has run out meanwhile.
pub async fn judge(
    db: &mut PgConnection,
    cx: &Cx,
    request: Uuid,
    scope: &SellerScope,
    (agrees, note): (bool, &str),
) -> Result<(), QuoteError> {
    scope.owner()?;
    let (held, mut quote) = hold(db, request, scope.seller).await?;
    let version = quote.pending.ok_or(QuoteError::Moved)?;
    if !agrees {
        quote.pending = None;
        let step = ("refuse", Actor::Seller);
        return steps::note_quote(db, cx, &held, quote, step, (Some(version), note)).await;
    }
    let found = queries_offers::versions(db, &[quote.id], Some(&[version])).await?;
    let found = found.into_iter().next().ok_or(QuoteError::NotFound)?;
    if found.offer.valid_until <= cx.now {
        return Err(QuoteError::Amounts);
    }
    send(db, cx, &held, quote, (version, found.total), &found.offer).await
}

/// An owner says up to which sum his staff may offer alone; `None`: any.
///
/// # Errors
/// Only owners may.
pub async fn set_limit(
    db: &mut PgConnection,
    cx: &Cx,
    scope: &SellerScope,
    amount: Option<Vnd>,
) -> Result<(), QuoteError> {
    scope.owner()?;
    queries_offers::put_limit(db, cx, (scope.seller, scope.person), amount).await?;
    Ok(())
}
