//! What both sides do with an offer that is on the table.

use super::{
    error::QuoteError,
    machine::{Actor, Event, quote_next},
    model::{NewOffer, OfferLine},
    queries::Held,
    queries_offers::{self, HeldQuote, Version},
    steps,
};
use crate::{
    enterprises,
    kernel::{Cx, OrgId, PersonId, SellerId, Vnd},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// What somebody does, and to which quote.
#[derive(Debug, Clone, Copy)]
pub enum Bargain {
    /// The seller: decline, keep, take or withdraw.
    Seller(SellerId, Event),
    /// The buyer rejects a quote.
    Reject(OrgId, Uuid),
}

/// Moves a quote in the caller's transaction. `seen`: the number of moves that he was looking at.
///
/// # Errors
/// [`QuoteError::Moved`] when somebody was faster or it cannot happen in that state.
pub async fn bargain(
    db: &mut PgConnection,
    cx: &Cx,
    request: Uuid,
    what: Bargain,
    (seen, note): (Option<i32>, &str),
) -> Result<(), QuoteError> {
    let (org, of, event) = match what {
        Bargain::Seller(seller, event) => (None, (None, Some(seller)), event),
        Bargain::Reject(org, quote) => (Some(org), (Some(quote), None), Event::Reject),
    };
    let held = steps::hold(db, request, org).await?;
    let quote = queries_offers::lock_one(db, request, of).await?.ok_or(QuoteError::NotFound)?;
    if seen.is_some_and(|moves| moves != quote.moves) {
        return Err(QuoteError::Moved);
    }
    match event {
        Event::Take => take(db, cx, &held, quote, note).await,
        Event::Decline | Event::Keep | Event::Withdraw | Event::Reject => {
            let version = quote.offer;
            steps::move_quote(db, cx, &held, quote, event, (version, note)).await
        }
        _ => Err(QuoteError::Moved),
    }
}

/// What the buyer proposes instead of what stands.
#[derive(Debug, Clone)]
pub struct Counter {
    /// Position, choice, price of one unit.
    pub prices: Vec<(i32, i32, Vnd)>,
    pub delivery_fee: Option<Vnd>,
    pub note: String,
}

async fn version(
    db: &mut PgConnection,
    quote: &HeldQuote,
    number: Option<i32>,
) -> Result<Version, QuoteError> {
    let number = number.ok_or(QuoteError::Moved)?;
    let found = queries_offers::versions(db, &[quote.id], Some(&[number])).await?;
    found.into_iter().next().ok_or(QuoteError::NotFound)
}

/// The buyer proposes other prices. Until the seller answers the offer cannot be accepted.
///
/// # Errors
/// [`QuoteError::Moved`] when the offer is not on the table, [`QuoteError::Changed`] when it is another one than he
/// looked at, [`QuoteError::Empty`] when nothing would change, [`QuoteError::Amounts`].
pub async fn counter(
    db: &mut PgConnection,
    cx: &Cx,
    (org, request, quote): (OrgId, Uuid, Uuid),
    (by, seen): (PersonId, i32),
    new: &Counter,
) -> Result<(), QuoteError> {
    let held = steps::hold(db, request, Some(org)).await?;
    let found = queries_offers::lock_one(db, request, (Some(quote), None)).await?;
    let mut quote = found.ok_or(QuoteError::NotFound)?;
    // Before anything is compared: what is wrong with a proposal would tell what lies under the seal.
    let next = quote_next(held.window(cx), quote.state, quote.is_valid(cx), Event::Counter);
    next.ok_or(QuoteError::Moved)?;
    let stands = version(db, &quote, quote.offer).await?;
    if stands.version != seen {
        return Err(QuoteError::Changed);
    }
    let mut lines = stands.offer.lines.clone();
    let mut changed = new.delivery_fee.is_some_and(|fee| fee != stands.offer.delivery_fee);
    for line in &mut lines {
        let wanted = new.prices.iter().find(|p| (p.0, p.1) == (line.position, line.choice));
        if let Some((_, _, price)) = wanted.filter(|(_, _, price)| *price != line.price) {
            changed = true;
            *line = OfferLine { price: *price, breaks: Vec::new(), ..line.clone() };
        }
    }
    if !changed {
        return Err(QuoteError::Empty);
    }
    let proposal = NewOffer {
        lines,
        delivery_fee: new.delivery_fee.unwrap_or(stands.offer.delivery_fee),
        note: new.note.clone(),
        ..stands.offer
    };
    let total = proposal.total().filter(|t| t.0 > 0).ok_or(QuoteError::Amounts)?;
    let number = quote.last + 1;
    let names = (quote.id, number, "counter");
    queries_offers::insert_version(db, cx, names, Some(by), (&proposal, total)).await?;
    (quote.last, quote.counter) = (number, Some(number));
    steps::move_quote(db, cx, &held, quote, Event::Counter, (Some(number), &new.note)).await
}

/// The buyer's proposal becomes the seller's next offer; above what his staff may offer alone, once an owner of the shop
/// has agreed.
async fn take(
    db: &mut PgConnection,
    cx: &Cx,
    held: &Held,
    mut quote: HeldQuote,
    note: &str,
) -> Result<(), QuoteError> {
    let next = quote_next(held.window(cx), quote.state, quote.is_valid(cx), Event::Take);
    next.ok_or(QuoteError::Moved)?;
    let wished = version(db, &quote, quote.counter).await?;
    let number = quote.last + 1;
    let taken = NewOffer { note: note.to_owned(), ..wished.offer };
    let names = (quote.id, number, "offer");
    queries_offers::insert_version(db, cx, names, cx.person(), (&taken, wished.total)).await?;
    quote.last = number;
    if needs_an_owner(db, cx, quote.seller, wished.total).await? {
        quote.pending = Some(number);
        let step = ("wait", Actor::Seller);
        return steps::note_quote(db, cx, held, quote, step, (Some(number), note)).await;
    }
    (quote.offer, quote.total) = (Some(number), Some(wished.total.0));
    steps::move_quote(db, cx, held, quote, Event::Take, (Some(number), note)).await
}

/// Whether the one who acts is none of the shop's owners, and the sum is above what its staff may offer alone.
async fn needs_an_owner(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    total: Vnd,
) -> sqlx::Result<bool> {
    match queries_offers::limit(db, seller).await? {
        Some(limit) if total > limit => {
            let owners = enterprises::owners(db, seller).await?;
            Ok(cx.person().is_none_or(|person| !owners.contains(&person)))
        }
        _ => Ok(false),
    }
}
