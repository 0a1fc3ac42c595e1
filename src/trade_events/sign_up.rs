//! A shop signs up for an event; an officer says yes or no.

use super::{
    error::TradeError,
    letters,
    model::{EventState, SignUpState},
    queries, queries_sign_ups,
};
use crate::{
    config::Site,
    kernel::{Cx, SellerId, day_of},
    platform::audit,
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// Signs the shop up, or changes what it shows while it waits. Again after it withdrew: it waits anew.
///
/// # Errors
/// [`TradeError::NotFound`] for what is not published, [`TradeError::TooLate`] after the last day,
/// [`TradeError::Stale`] when an officer has decided.
pub async fn sign_up(
    db: &mut PgConnection,
    cx: &Cx,
    event: Uuid,
    (seller, by): (SellerId, Uuid),
    shows: &str,
) -> Result<(), TradeError> {
    let found = queries::by_id(&mut *db, event).await?.ok_or(TradeError::NotFound)?;
    if found.state != EventState::Published {
        return Err(TradeError::NotFound);
    }
    if day_of(cx.now) > found.sign_up_until {
        return Err(TradeError::TooLate);
    }
    match queries_sign_ups::put_sign_up(db, cx, (event, seller), by, shows).await? {
        true => Ok(()),
        false => Err(TradeError::Stale),
    }
}

/// The shop does not come; meetings that were agreed on stay with their people until one of them cancels.
///
/// # Errors
/// [`TradeError::Stale`] when it does not take part.
pub async fn withdraw(
    db: &mut PgConnection,
    cx: &Cx,
    event: Uuid,
    seller: SellerId,
) -> Result<(), TradeError> {
    match queries_sign_ups::withdraw(db, cx, event, seller).await? {
        true => Ok(()),
        false => Err(TradeError::Stale),
    }
}

/// An officer takes a shop in or refuses it, with a reason; its owners are written to.
///
/// # Errors
/// [`TradeError::Stale`] unless it waits.
pub async fn decide(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    (event, seller): (Uuid, SellerId),
    (by, accept, reason): (Uuid, bool, &str),
) -> Result<(), TradeError> {
    let to = if accept { SignUpState::Accepted } else { SignUpState::Refused };
    if !queries_sign_ups::decide(db, cx, (event, seller), by, to, reason).await? {
        return Err(TradeError::Stale);
    }
    let event = queries::by_id(&mut *db, event).await?.ok_or(TradeError::NotFound)?;
    letters::decided(db, cx, site, &event, seller, (accept, reason)).await?;
    let detail = json!({ "seller": seller, "accepted": accept, "reason": reason });
    let subject = format!("trade_event:{}", event.id);
    audit::record(db, cx, "trade_events.decide", &subject, detail).await?;
    Ok(())
}
