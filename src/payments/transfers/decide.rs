//! The seller's word on what could not be matched by itself. Every decision has a reason and is kept.

use super::{
    line::State,
    queries,
    take_in::{count, hold},
};
use crate::{
    kernel::{Cx, IntentId, OrderId, SellerId, Vnd},
    payments::{EventKind, FLOOR, NewEvent, PaymentError, VND, record},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It pays this order.
    Pays(OrderId),
    /// Money out: it gave the buyer of this order his money back.
    Refunds(OrderId),
    /// Money out: the bank took the money of this order back.
    Reverses(OrderId),
    /// It has nothing to do with orders here.
    Ignored,
}

/// Decides a line that waits.
///
/// # Errors
/// [`PaymentError::NotFound`] for a line or an order that is not this seller's; [`PaymentError::Decided`] when it is
/// decided already or cannot be that; [`PaymentError::Amount`] when it gives back more than is owed.
pub async fn decide(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    id: Uuid,
    decision: Decision,
    reason: &str,
) -> Result<(), PaymentError> {
    hold(db, seller).await?;
    if !queries::exists(&mut *db, seller, id).await? {
        return Err(PaymentError::NotFound);
    }
    let (state, counted) = match decision {
        Decision::Pays(order) => (State::Matched, Some((order, EventKind::TransferMatched))),
        Decision::Refunds(order) => (State::Refund, Some((order, EventKind::Refunded))),
        Decision::Reverses(order) => (State::Reversal, Some((order, EventKind::TransferReversed))),
        Decision::Ignored => (State::Ignored, None),
    };
    let intent = match counted {
        Some((order, kind)) => Some((of_seller(db, seller, order).await?, kind)),
        None => None,
    };
    let line = queries::decide(db, cx, seller, (id, state), (intent.map(|i| i.0), reason))
        .await?
        .ok_or(PaymentError::Decided)?;
    if let Some((intent, kind)) = intent {
        // A refund that was noted by hand already is not counted again when the bank shows it.
        let refund = kind == EventKind::Refunded;
        if refund && line.amount > crate::payments::sums(db, intent).await?.refundable() {
            return Err(PaymentError::Amount);
        }
        count(db, cx, (id, &line), intent, kind, reason).await?;
    }
    Ok(())
}

async fn of_seller(
    db: &mut PgConnection,
    seller: SellerId,
    order: OrderId,
) -> Result<IntentId, PaymentError> {
    let locked = crate::payments::queries_events::lock_order(db, order).await?;
    locked.filter(|l| l.seller == seller).map(|l| l.id).ok_or(PaymentError::NotFound)
}

/// The seller has given money back and says by what evidence: the transfer's reference, the receipt's number.
///
/// # Errors
/// [`PaymentError::NotFound`] for an order that is not this seller's; [`PaymentError::Amount`] for more than is owed
/// back.
pub async fn mark_refunded(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    order: OrderId,
    amount: Vnd,
    evidence: &str,
) -> Result<(), PaymentError> {
    let intent = of_seller(db, seller, order).await?;
    let sums = crate::payments::sums(db, intent).await?;
    if amount.0 <= 0 || amount > sums.refundable() {
        return Err(PaymentError::Amount);
    }
    let event = NewEvent {
        intent,
        kind: EventKind::Refunded,
        amount,
        currency: VND,
        provider: FLOOR,
        provider_event_id: &format!("refunded:{}", cx.new_id()),
        at: cx.now,
        note: evidence,
    };
    record(db, cx, &event).await?;
    Ok(())
}
