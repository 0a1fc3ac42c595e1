//! What `orders` asks of the money. Each runs in the caller's transaction, whose order row is locked.

use super::{
    error::PaymentError,
    events::{EventKind, FLOOR, NewEvent, VND},
    model::{Intent, NewIntent, PaymentMethod, Settings},
    queries::{self, Row},
    queries_events::{self, Locked},
    record, vietqr,
};
use crate::kernel::{Cx, IntentId, OrderId, SellerId, Vnd, memo_from};
use sqlx::{PgConnection, PgExecutor};
use std::collections::HashMap;

/// Notes what is owed for a new order and returns the transfer's memo.
///
/// # Errors
/// [`PaymentError::Account`] for a transfer without an account that a QR code can carry.
pub async fn open(
    db: &mut PgConnection,
    cx: &Cx,
    new: &NewIntent<'_>,
) -> Result<String, PaymentError> {
    let account = match new.method {
        PaymentMethod::VietQr => Some(new.account.ok_or(PaymentError::Account)?),
        _ => None,
    };
    // A memo that is taken is one chance in 10¹¹; three are never taken.
    for _ in 0..3 {
        let id = IntentId(cx.new_id());
        let memo = memo_from(id.0);
        let payload = match account {
            Some(a) => Some(vietqr::payload(&a.bin, &a.number, Some(new.amount), Some(&memo))?),
            None => None,
        };
        let row = Row {
            id,
            order: new.order,
            seller: new.seller,
            method: new.method,
            amount: new.amount,
            memo: &memo,
            account,
            payload: payload.as_deref(),
        };
        if queries::insert(db, cx, &row).await? {
            return Ok(memo);
        }
    }
    Err(PaymentError::Db(sqlx::Error::RowNotFound))
}

/// The payment of an order.
///
/// # Errors
/// Whatever the database says.
pub async fn of_order(
    db: impl PgExecutor<'_>,
    order: OrderId,
) -> Result<Option<Intent>, sqlx::Error> {
    queries::find(db, order).await
}

/// The payments of some orders, by order.
///
/// # Errors
/// Whatever the database says.
pub async fn of_orders(
    db: impl PgExecutor<'_>,
    orders: &[OrderId],
) -> sqlx::Result<HashMap<OrderId, Intent>> {
    Ok(queries::find_all(db, orders).await?.into_iter().collect())
}

/// The seller has seen on his account what was still to come. Where the bank's own list has shown it already,
/// nothing is noted.
///
/// # Errors
/// [`PaymentError::NotFound`] without a payment of this order.
pub async fn confirm_transfer(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
) -> Result<(), PaymentError> {
    let (locked, sums) = record::lock_order(db, order).await?;
    say(db, cx, &locked, EventKind::TransferConfirmed, sums.to_confirm()).await
}

/// The seller or his driver has taken the cash at the door. Where a carrier has noted it, nothing is noted.
///
/// # Errors
/// [`PaymentError::NotFound`] without a payment of this order.
pub async fn collect_cod(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
) -> Result<(), PaymentError> {
    let (locked, sums) = record::lock_order(db, order).await?;
    let missing = Vnd(sums.balance().0.min(0).saturating_neg());
    say(db, cx, &locked, EventKind::CodCollected, missing).await
}

/// The order is cancelled: nothing is due any more, and what was paid is owed back by the seller.
///
/// # Errors
/// [`PaymentError::NotFound`] without a payment of this order.
pub async fn cancel(db: &mut PgConnection, cx: &Cx, order: OrderId) -> Result<(), PaymentError> {
    let (locked, sums) = record::lock_order(db, order).await?;
    let kind = if sums.paid().0 > 0 { EventKind::RefundOwed } else { EventKind::Voided };
    say(db, cx, &locked, kind, sums.due()).await
}

/// The order comes to another sum: `more` is added to what is due, or taken off where it is negative.
///
/// # Errors
/// [`PaymentError::NotFound`] without a payment of this order; [`PaymentError::Amount`] for zero.
pub async fn amend(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    more: Vnd,
    cause: &str,
) -> Result<(), PaymentError> {
    let locked = queries_events::lock_order(db, order).await?.ok_or(PaymentError::NotFound)?;
    let name = format!("amended:{cause}");
    record::note(db, cx, &locked, &word(cx, &locked, EventKind::Amended, more, &name)).await?;
    Ok(())
}

/// Part of an order goes back: `amount` of what was due is due no more, and what has been paid of it is owed to
/// the buyer. `cause` names the return; the same twice counts once.
///
/// # Errors
/// [`PaymentError::NotFound`] without a payment of this order; [`PaymentError::Amount`] unless it is positive.
pub async fn owe_refund(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    amount: Vnd,
    cause: &str,
) -> Result<(), PaymentError> {
    let locked = queries_events::lock_order(db, order).await?.ok_or(PaymentError::NotFound)?;
    let name = format!("refund_owed:{cause}");
    record::note(db, cx, &locked, &word(cx, &locked, EventKind::RefundOwed, amount, &name)).await?;
    Ok(())
}

/// What the floor itself says of an intent.
fn word<'a>(cx: &Cx, locked: &Locked, kind: EventKind, amount: Vnd, name: &'a str) -> NewEvent<'a> {
    NewEvent {
        intent: locked.id,
        kind,
        amount,
        currency: VND,
        provider: FLOOR,
        provider_event_id: name,
        at: cx.now,
        note: "",
    }
}

/// Notes what the floor says, if it comes to anything. The intent is locked, so the number of its events names
/// this one.
async fn say(
    db: &mut PgConnection,
    cx: &Cx,
    locked: &Locked,
    kind: EventKind,
    amount: Vnd,
) -> Result<(), PaymentError> {
    if amount.0 > 0 {
        let nth = queries_events::facts(db, locked.id).await?.len();
        let name = format!("{}:{}:{nth}", kind.code(), locked.id);
        record::note(db, cx, locked, &word(cx, locked, kind, amount, &name)).await?;
    }
    Ok(())
}

/// The ways of paying that each of these sellers offers; a transfer needs a bank account besides.
///
/// # Errors
/// Whatever the database says.
pub async fn settings(
    db: impl PgExecutor<'_>,
    sellers: &[SellerId],
) -> sqlx::Result<HashMap<SellerId, Settings>> {
    let mut all: HashMap<_, _> = sellers.iter().map(|s| (*s, Settings::default())).collect();
    all.extend(queries::settings(db, sellers).await?);
    Ok(all)
}

/// Chooses the ways of paying that a seller offers.
///
/// # Errors
/// Whatever the database says.
pub async fn save_settings(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    chosen: Settings,
) -> sqlx::Result<()> {
    queries::save_settings(db, cx, seller, chosen).await
}
