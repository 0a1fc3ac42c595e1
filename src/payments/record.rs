//! Noting what happened to the money: the one way in.

use super::{
    error::PaymentError,
    events::{EventKind, NewEvent, PaymentChanged, VND},
    queries_events::{self, Locked},
    state::{IntentState, Sums},
};
use crate::{
    kernel::{Cx, IntentId, OrderId},
    platform::outbox,
};
use sqlx::PgConnection;

/// What came of noting an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Whether it was new: the same event again changes nothing and tells nobody.
    pub first: bool,
    /// Whether it counts: what is not in đồng is only kept.
    pub counts: bool,
    /// The state of the intent now.
    pub state: IntentState,
}

/// Notes an event once and derives the intent's state anew, under the intent's lock and in the caller's
/// transaction. Tells [`PaymentChanged`].
///
/// An amount that is not the one due does not mark the intent as paid: it is partly paid, or overpaid.
///
/// # Errors
/// [`PaymentError::NotFound`] without such an intent; [`PaymentError::Amount`] for an amount that the kind
/// does not allow.
pub async fn record(
    db: &mut PgConnection,
    cx: &Cx,
    event: &NewEvent<'_>,
) -> Result<Recorded, PaymentError> {
    let locked = queries_events::lock(db, event.intent).await?.ok_or(PaymentError::NotFound)?;
    note(db, cx, &locked, event).await
}

/// The same, where the intent is locked already.
pub(super) async fn note(
    db: &mut PgConnection,
    cx: &Cx,
    locked: &Locked,
    event: &NewEvent<'_>,
) -> Result<Recorded, PaymentError> {
    if event.amount.0 <= 0 && !(event.kind == EventKind::Amended && event.amount.0 != 0) {
        return Err(PaymentError::Amount);
    }
    let counts = event.currency == VND;
    let Some(id) = queries_events::insert(db, cx, event).await? else {
        return Ok(Recorded { first: false, counts, state: locked.state });
    };
    let sums = sums(db, event.intent).await?;
    let state = sums.state(locked.method);
    queries_events::derive(db, event.intent, state, &sums).await?;
    let news = PaymentChanged {
        intent: event.intent,
        order: locked.order,
        seller: locked.seller,
        state: state.code().to_owned(),
        event: id,
    };
    outbox::publish(db, cx, &news).await?;
    Ok(Recorded { first: true, counts, state })
}

/// What the events of an intent come to.
///
/// # Errors
/// Whatever the database says.
pub async fn sums(db: &mut PgConnection, intent: IntentId) -> sqlx::Result<Sums> {
    Ok(Sums::of(&queries_events::facts(db, intent).await?))
}

/// Locks the payment of an order until the transaction ends, and adds up its events.
pub(super) async fn lock_order(
    db: &mut PgConnection,
    order: OrderId,
) -> Result<(Locked, Sums), PaymentError> {
    let locked = queries_events::lock_order(db, order).await?.ok_or(PaymentError::NotFound)?;
    let sums = sums(db, locked.id).await?;
    Ok((locked, sums))
}
