//! Moving a request, and one quote of it: the only ways from state to state.

use super::{
    agreement,
    error::QuoteError,
    events::{QuoteMoved, RequestMoved},
    machine::{Actor, Event, RequestEvent, RequestState, quote_next, request_next},
    queries::{self, Held, NewEvent},
    queries_offers::{self, HeldQuote},
};
use crate::{
    approvals,
    kernel::{Cx, OrgId, day_of},
    platform::{outbox, rules},
};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A request's row, held, in its buyer's scope; `None`: in whosoever's.
pub(super) async fn hold(
    db: &mut PgConnection,
    request: Uuid,
    org: Option<OrgId>,
) -> Result<Held, QuoteError> {
    queries::lock(db, request, org).await?.ok_or(QuoteError::NotFound)
}

/// Moves a held request; when it ends, what was not accepted is lost.
pub(super) async fn move_request(
    db: &mut PgConnection,
    cx: &Cx,
    held: &Held,
    (event, actor): (RequestEvent, Actor),
    closes_at: Option<DateTime<Utc>>,
    note: &str,
) -> Result<RequestState, QuoteError> {
    let to = request_next(held.window(cx), event).ok_or(QuoteError::Moved)?;
    let closes_at = closes_at.unwrap_or(held.closes_at);
    let due = match to {
        RequestState::Open => Some(closes_at),
        RequestState::Closed => {
            let days = rules::value(db, "quote.decide_days", day_of(cx.now), 30).await?;
            Some(cx.now + TimeDelta::days(days))
        }
        _ => None,
    };
    queries::move_on(db, cx, held, to, (closes_at, due)).await?;
    let number = held.version + 1;
    let row = NewEvent {
        request: held.id,
        quote: None,
        actor,
        event: event.code(),
        to: to.code(),
        version: None,
        note,
        number,
    };
    queries::insert_event(db, cx, &row).await?;
    if !to.undecided() {
        for mut quote in queries_offers::lock_all(db, held.id).await? {
            if quote_next(held.window(cx), quote.state, false, Event::Lose).is_some() {
                quote.counter = None;
                quote.pending = None;
                let (event, actor) = (Event::Lose.code(), Actor::System);
                quote.state = super::machine::QuoteState::Lost;
                note_quote(db, cx, held, quote, (event, actor), (None, "")).await?;
            }
        }
    }
    if matches!(to, RequestState::Cancelled | RequestState::Lapsed) {
        approvals::withdraw(db, cx, agreement::subject(held.id)).await?;
    }
    let event = event.code().to_owned();
    let news = RequestMoved { request: held.id, org: held.org, event, version: number };
    outbox::publish(db, cx, &news).await?;
    Ok(to)
}

/// Moves a held quote of a held request as the machine has it.
pub(super) async fn move_quote(
    db: &mut PgConnection,
    cx: &Cx,
    held: &Held,
    mut quote: HeldQuote,
    event: Event,
    (version, note): (Option<i32>, &str),
) -> Result<(), QuoteError> {
    let to = quote_next(held.window(cx), quote.state, quote.is_valid(cx), event);
    quote.state = to.ok_or(QuoteError::Moved)?;
    if quote.state != super::machine::QuoteState::Countered {
        quote.counter = None;
    }
    note_quote(db, cx, held, quote, (event.code(), event.actor()), (version, note)).await
}

/// Writes a quote as it is now, its event and its news.
pub(super) async fn note_quote(
    db: &mut PgConnection,
    cx: &Cx,
    held: &Held,
    mut quote: HeldQuote,
    (event, actor): (&str, Actor),
    (version, note): (Option<i32>, &str),
) -> Result<(), QuoteError> {
    quote.moves += 1;
    queries_offers::move_on(db, cx, &quote).await?;
    let row = NewEvent {
        request: held.id,
        quote: Some(quote.id),
        actor,
        event,
        to: quote.state.code(),
        version,
        note,
        number: quote.moves,
    };
    queries::insert_event(db, cx, &row).await?;
    let news = QuoteMoved {
        request: held.id,
        quote: quote.id,
        org: held.org,
        seller: quote.seller,
        event: event.to_owned(),
        number: quote.moves,
    };
    outbox::publish(db, cx, &news).await?;
    Ok(())
}

/// The buyer takes no more offers.
///
/// # Errors
/// [`QuoteError::Moved`]: a sealed request is opened by its deadline alone.
pub async fn close(
    db: &mut PgConnection,
    cx: &Cx,
    (org, request): (OrgId, Uuid),
) -> Result<(), QuoteError> {
    let held = hold(db, request, Some(org)).await?;
    let step = (RequestEvent::Close, Actor::Buyer);
    move_request(db, cx, &held, step, None, "").await?;
    Ok(())
}

/// The buyer gives sellers more time.
///
/// # Errors
/// [`QuoteError::Moved`] once it is over, [`QuoteError::Amounts`] for less time than before.
pub async fn extend(
    db: &mut PgConnection,
    cx: &Cx,
    (org, request): (OrgId, Uuid),
    until: DateTime<Utc>,
) -> Result<(), QuoteError> {
    let held = hold(db, request, Some(org)).await?;
    if until <= held.closes_at || until > cx.now + TimeDelta::days(365) {
        return Err(QuoteError::Amounts);
    }
    let step = (RequestEvent::Extend, Actor::Buyer);
    move_request(db, cx, &held, step, Some(until), "").await?;
    Ok(())
}

/// The buyer calls it off.
///
/// # Errors
/// [`QuoteError::Moved`] once it is decided.
pub async fn cancel(
    db: &mut PgConnection,
    cx: &Cx,
    (org, request): (OrgId, Uuid),
    note: &str,
) -> Result<(), QuoteError> {
    let held = hold(db, request, Some(org)).await?;
    let step = (RequestEvent::Cancel, Actor::Buyer);
    move_request(db, cx, &held, step, None, note).await?;
    Ok(())
}
