//! The seller takes back what he decided of a line. Nothing is erased: an event of its own takes it out of the order's
//! money, and the line waits for his word again.

use super::{
    line::State,
    queries::{self, Count},
    queries_undo,
    take_in::{event_name, hold},
};
use crate::{
    kernel::{Cx, OrderId, SellerId, Vnd},
    payments::{EventKind, NewEvent, PaymentError, VND, record},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Takes a decision back, and gives the order that it concerned.
///
/// # Errors
/// [`PaymentError::NotFound`] for a line that is not this seller's; [`PaymentError::Decided`] when it waits already, was
/// matched by its memo, or is the money of a carrier's batch.
pub async fn undo(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    id: Uuid,
    reason: &str,
) -> Result<Option<OrderId>, PaymentError> {
    hold(db, seller).await?;
    if !queries::exists(&mut *db, seller, id).await? {
        return Err(PaymentError::NotFound);
    }
    let was = queries_undo::reopen(db, seller, id).await?.ok_or(PaymentError::Decided)?;
    let kind = match was {
        State::Matched => EventKind::TransferUnmatched,
        State::Refund => EventKind::RefundUnmade,
        State::Reversal => EventKind::TransferRestored,
        State::Ignored => return Ok(None),
        State::Review | State::Unknown | State::Outgoing => return Err(PaymentError::Decided),
    };
    let counted = queries_undo::counted(db, id).await?.ok_or(PaymentError::Decided)?;
    let nth = counted.nth + 1;
    let event = NewEvent {
        intent: counted.intent,
        kind,
        amount: Vnd(counted.amount),
        currency: VND,
        provider: "bank",
        provider_event_id: &event_name(id, nth),
        at: cx.now,
        note: reason,
    };
    record(db, cx, &event).await?;
    let taken_back = Count { nth, amount: -counted.amount, ..counted };
    queries::allocate(db, cx, &taken_back, reason).await?;
    Ok(queries_undo::order_of(db, counted.intent).await?)
}
