//! The parts of the price: each is paid for itself, by its own memo.

use super::{
    act::{free_credit, hold, owe_again, step},
    error::PurchasingError,
    machine::{Deed, Side},
    model::PoState,
    queries_act, queries_read,
    read::Po,
};
use crate::{
    kernel::{Cx, OrderId, SellerId, Vnd, day_of},
    payments::{self, NewIntent, PayAccount, PaymentChanged, PaymentMethod},
    platform::jobs::{Handler, JobError},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use sqlx::{PgConnection, PgPool};
use std::collections::HashMap;
use uuid::Uuid;

/// When an instalment is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Deposit,
    Delivery,
    Final,
}

impl Kind {
    const fn code(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Delivery => "delivery",
            Self::Final => "final",
        }
    }
}

/// Asks for a part of the price; nothing is asked for nothing. The order is held.
pub(super) async fn open(
    db: &mut PgConnection,
    cx: &Cx,
    po: &Po,
    kind: Kind,
    amount: Vnd,
    account: &PayAccount,
) -> Result<(), PurchasingError> {
    if amount.0 <= 0 {
        return Ok(());
    }
    let days = if kind == Kind::Final { po.net_days.unwrap_or(0) } else { 0 };
    let due = day_of(cx.now + TimeDelta::days(i64::from(days)));
    let id = cx.new_id();
    queries_act::insert_instalment(db, cx, (id, po.id), (kind.code(), amount, due)).await?;
    let intent = NewIntent {
        order: OrderId(id),
        seller: po.seller,
        method: PaymentMethod::VietQr,
        amount,
        account: Some(account),
    };
    payments::open(db, cx, &intent).await?;
    Ok(())
}

/// Nothing is due any more; what was paid is owed back.
pub(super) async fn void_all(
    db: &mut PgConnection,
    cx: &Cx,
    order: Uuid,
) -> Result<(), PurchasingError> {
    for instalment in queries_read::instalments(db, order).await? {
        payments::cancel(db, cx, OrderId(instalment.id)).await?;
    }
    queries_act::void_instalments(db, cx, order).await?;
    Ok(())
}

/// Closes an order that is accepted and paid. The order is held.
pub(super) async fn close_if_paid(
    db: &mut PgConnection,
    cx: &Cx,
    po: &mut Po,
) -> Result<(), PurchasingError> {
    let open = queries_read::instalments(db, po.id).await?.iter().any(|i| i.is_open());
    if po.state == PoState::Accepted && !open {
        step(db, cx, po, (Side::Floor, Deed::Close), "").await?;
        queries_act::closed(db, po.id, Some(cx.now)).await?;
    }
    Ok(())
}

/// The seller has seen the money of an instalment on his account.
///
/// # Errors
/// [`PurchasingError::NotFound`] without such an instalment.
pub async fn confirm_money(
    db: &mut PgConnection,
    cx: &Cx,
    instalment: Uuid,
) -> Result<(), PurchasingError> {
    let payment = OrderId(instalment);
    let found = queries_read::of_instalment(db, payment).await?;
    // The order first, then its money: so do all.
    hold(db, found.ok_or(PurchasingError::NotFound)?.0, None).await?;
    payments::confirm_transfer(db, cx, payment).await?;
    follow(db, cx, payment).await
}

/// The instalments of an order that wait for money.
///
/// # Errors
/// Whatever the database says.
pub async fn open_instalments(db: &mut PgConnection, order: Uuid) -> sqlx::Result<Vec<Uuid>> {
    let all = queries_read::instalments(db, order).await?;
    Ok(all.into_iter().filter(|part| part.is_open()).map(|part| part.id).collect())
}

/// Brings a purchase order to what has become of an instalment's money.
pub(super) async fn follow(
    db: &mut PgConnection,
    cx: &Cx,
    payment: OrderId,
) -> Result<(), PurchasingError> {
    let Some((order, nth)) = queries_read::of_instalment(db, payment).await? else { return Ok(()) };
    let mut po = hold(db, order, None).await?;
    let all = queries_read::instalments(db, order).await?;
    let Some(part) = all.iter().find(|i| i.nth == nth) else { return Ok(()) };
    let covered =
        payments::of_order(&mut *db, payment).await?.is_some_and(|p| p.state.is_covered());
    // What is cancelled stays so; the money is followed in its own place.
    let ended = matches!(po.state, PoState::Issued | PoState::Declined | PoState::Cancelled);
    if ended || covered == part.paid_at.is_some() {
        return Ok(());
    }
    queries_act::set_paid(db, part.id, covered.then_some(cx.now)).await?;
    let deed = if covered { Deed::Paid } else { Deed::Unpaid };
    let note = format!("{} · {}", part.nth, part.amount);
    let was_closed = po.state == PoState::Closed;
    step(db, cx, &mut po, (Side::Floor, deed), &note).await?;
    if was_closed {
        queries_act::closed(db, po.id, None).await?;
    }
    match (part.kind == Kind::Final.code(), covered) {
        (true, true) => free_credit(db, cx, &po).await?,
        (true, false) => owe_again(db, cx, &mut po).await?,
        (false, _) => {}
    }
    close_if_paid(db, cx, &mut po).await
}

/// Hears what becomes of the money.
pub struct FollowPayments(pub PgPool);

#[async_trait]
impl Handler for FollowPayments {
    type Payload = PaymentChanged;
    const NAME: &'static str = "purchasing.follow_payments";

    async fn handle(&self, cx: &Cx, news: PaymentChanged) -> Result<(), JobError> {
        let mut tx = self.0.begin().await?;
        follow(&mut tx, cx, news.order).await.map_err(JobError::retry)?;
        tx.commit().await?;
        Ok(())
    }
}

/// What lists of payments call these: `DM26-000123-2` and the buyer. Of what is no instalment nothing is said.
///
/// # Errors
/// Whatever the database says.
pub async fn names(
    db: &mut PgConnection,
    payments: &[OrderId],
) -> sqlx::Result<HashMap<OrderId, (String, String)>> {
    queries_act::names(db, payments).await
}

/// The seller's instalment of a name as [`names`] gives it.
///
/// # Errors
/// Whatever the database says.
pub async fn named(
    db: &mut PgConnection,
    seller: SellerId,
    typed: &str,
) -> sqlx::Result<Option<OrderId>> {
    let Some((number, nth)) = typed.trim().rsplit_once('-') else { return Ok(None) };
    let Ok(nth) = nth.trim().parse() else { return Ok(None) };
    queries_act::named(db, seller, &number.trim().to_uppercase(), nth).await
}
