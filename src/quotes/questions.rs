//! Questions about a request, and the buyer's answers.

use super::{error::QuoteError, events::QuestionMoved, queries, queries_offers, steps};
use crate::{
    kernel::{Cx, OrgId, PersonId, SellerId},
    platform::outbox,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// An invited seller asks while offers are taken.
///
/// # Errors
/// [`QuoteError::Moved`] after the deadline, [`QuoteError::Empty`] without words.
pub async fn question(
    db: &mut PgConnection,
    cx: &Cx,
    (request, seller): (Uuid, SellerId),
    (body, private): (&str, bool),
) -> Result<Uuid, QuoteError> {
    let held = steps::hold(db, request, None).await?;
    let quote = queries_offers::lock_one(db, request, (None, Some(seller))).await?;
    quote.ok_or(QuoteError::NotFound)?;
    if !held.window(cx).takes_offers() {
        return Err(QuoteError::Moved);
    }
    if body.trim().is_empty() {
        return Err(QuoteError::Empty);
    }
    let id = cx.new_id();
    queries::insert_question(db, cx, (id, request, seller), private, body.trim()).await?;
    let news = QuestionMoved { question: id, request, org: held.org, answered: false };
    outbox::publish(db, cx, &news).await?;
    Ok(id)
}

/// The buyer answers, once.
///
/// # Errors
/// [`QuoteError::NotFound`], [`QuoteError::Moved`] when it is over, [`QuoteError::Empty`] without words.
pub async fn answer(
    db: &mut PgConnection,
    cx: &Cx,
    (org, request, id): (OrgId, Uuid, Uuid),
    (by, words): (PersonId, &str),
) -> Result<(), QuoteError> {
    let held = steps::hold(db, request, Some(org)).await?;
    if words.trim().is_empty() {
        return Err(QuoteError::Empty);
    }
    if !held.state.undecided() {
        return Err(QuoteError::Moved);
    }
    if !queries::answer_question(db, cx, (request, id), by, words.trim()).await? {
        return Err(QuoteError::NotFound);
    }
    let news = QuestionMoved { question: id, request, org, answered: true };
    outbox::publish(db, cx, &news).await?;
    Ok(())
}
