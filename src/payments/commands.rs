//! What `orders` asks of the money. Each runs in the caller's transaction, whose order row is locked.

use super::{
    error::PaymentError,
    model::{EventKind, Intent, NewIntent, PaymentMethod, Settings},
    queries::{self, Row},
    vietqr,
};
use crate::kernel::{Cx, IntentId, OrderId, SellerId, memo_from};
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
        PaymentMethod::Cod => None,
        PaymentMethod::VietQr => Some(new.account.ok_or(PaymentError::Account)?),
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

/// The seller has seen the transfer on his account.
///
/// # Errors
/// [`PaymentError::State`] when it is paid or void already.
pub async fn confirm_transfer(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
) -> Result<(), PaymentError> {
    step(db, cx, order, |_| EventKind::TransferConfirmed).await
}

/// The cash was taken at the door.
///
/// # Errors
/// [`PaymentError::State`] when nothing is owed.
pub async fn collect_cod(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
) -> Result<(), PaymentError> {
    step(db, cx, order, |_| EventKind::CodCollected).await
}

/// The order is cancelled: what was not paid is void, what was paid is owed back by the seller.
///
/// # Errors
/// [`PaymentError::State`] when that has happened before.
pub async fn cancel(db: &mut PgConnection, cx: &Cx, order: OrderId) -> Result<(), PaymentError> {
    let owed_or_void = |intent: &Intent| match intent.state.after(EventKind::RefundOwed) {
        Some(_) => EventKind::RefundOwed,
        None => EventKind::Voided,
    };
    step(db, cx, order, owed_or_void).await
}

async fn step(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    choose: impl Fn(&Intent) -> EventKind,
) -> Result<(), PaymentError> {
    let intent = queries::find(&mut *db, order).await?.ok_or(PaymentError::NotFound)?;
    let event = choose(&intent);
    let to = intent.state.after(event).ok_or(PaymentError::State(intent.state))?;
    if queries::step(db, cx, &intent, event, to).await? {
        Ok(())
    } else {
        Err(PaymentError::State(intent.state))
    }
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
