//! A firm asks sellers for their prices.

use super::{
    error::QuoteError,
    events::RequestMoved,
    machine::{Actor, RequestState},
    model::{Audience, MOST_LINES, MOST_SELLERS, NewRequest},
    queries::{self, NewEvent},
};
use crate::{
    kernel::{Cx, code_from},
    platform::outbox,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Sends a request in the caller's transaction: to the chosen sellers, or to all of a category and area. Mail follows
/// from a job.
///
/// # Errors
/// [`QuoteError::Empty`] without lines, [`QuoteError::Amounts`] for a deadline that is over, [`QuoteError::NoSellers`]
/// when nobody would read it.
pub async fn ask(db: &mut PgConnection, cx: &Cx, new: &NewRequest) -> Result<Uuid, QuoteError> {
    if new.lines.is_empty() || new.lines.len() > MOST_LINES {
        return Err(QuoteError::Empty);
    }
    if new.closes_at <= cx.now {
        return Err(QuoteError::Amounts);
    }
    let id = cx.new_id();
    queries::insert_request(db, cx, (id, &code_from(id)), new).await?;
    for (position, line) in (1..).zip(&new.lines) {
        queries::insert_line(db, id, position, line).await?;
    }
    for file in &new.files {
        queries::insert_file(db, cx, (id, None), file).await?;
    }
    let invited = match &new.audience {
        Audience::Chosen(sellers) => {
            let sellers = &sellers[..sellers.len().min(MOST_SELLERS)];
            queries::invite_chosen(db, cx, id, sellers).await?
        }
        Audience::Open { slugs, communes, .. } => {
            queries::invite_open(db, cx, id, slugs, communes.as_deref()).await?
        }
    };
    if invited == 0 {
        return Err(QuoteError::NoSellers);
    }
    let event = NewEvent {
        request: id,
        quote: None,
        actor: Actor::Buyer,
        event: "send",
        to: RequestState::Open.code(),
        version: None,
        note: "",
        number: 1,
    };
    queries::insert_event(db, cx, &event).await?;
    let news = RequestMoved { request: id, org: new.org, event: "send".to_owned(), version: 1 };
    outbox::publish(db, cx, &news).await?;
    Ok(id)
}
