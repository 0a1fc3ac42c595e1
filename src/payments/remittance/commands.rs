//! A batch comes in, and its money is seen to arrive.

use super::queries;
use crate::{
    kernel::{Cx, IntentId, OrderId, SellerId, Vnd, day_of},
    payments::{EventKind, NewEvent, PaymentError, VND, record, transfers},
    platform::rules,
};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

/// One order of a batch.
#[derive(Debug, Clone, Copy)]
pub struct NewLine {
    pub order: OrderId,
    pub cod: Vnd,
    /// What the carrier keeps.
    pub fee: Vnd,
}

/// A batch as its seller sees it.
#[derive(Debug, Clone)]
pub struct Batch {
    pub id: Uuid,
    pub carrier: String,
    pub reference: String,
    /// Cash less fees: what arrives.
    pub total: Vnd,
    pub imported_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
    pub lines: Vec<Line>,
    /// Transfers of exactly this amount that wait for the seller's word.
    pub candidates: Vec<(Uuid, String)>,
}

/// One order of a batch, with what was collected for it.
#[derive(Debug, Clone)]
pub struct Line {
    pub order: OrderId,
    pub cod: Vnd,
    pub fee: Vnd,
    /// What the carrier collected at the door; what the buyer owes, where no carrier has told of it.
    pub expected: Vnd,
    pub settled: bool,
}

/// Where the cash of one order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineState {
    InBatch,
    Paid,
    /// Less than was to be collected.
    Short,
    Over,
}

impl Line {
    /// Where the cash is.
    #[must_use]
    pub fn state(&self) -> LineState {
        match self.cod.cmp(&self.expected) {
            std::cmp::Ordering::Less => LineState::Short,
            std::cmp::Ordering::Greater => LineState::Over,
            std::cmp::Ordering::Equal if self.settled => LineState::Paid,
            std::cmp::Ordering::Equal => LineState::InBatch,
        }
    }
}

/// Keeps a carrier's list once.
///
/// # Errors
/// [`PaymentError::NotFound`] for an order that is not this seller's; [`PaymentError::Amount`] for sums that cannot be;
/// [`PaymentError::Decided`] for a batch that is known.
pub async fn take_batch(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    (carrier, reference): (&str, &str),
    lines: &[NewLine],
) -> Result<Uuid, PaymentError> {
    let mut sums: BTreeMap<IntentId, (i64, i64)> = BTreeMap::new();
    let mut total = 0i64;
    let ids: Vec<Uuid> = lines.iter().map(|line| line.order.0).collect();
    let intents = queries::intents(db, seller, &ids).await?;
    for line in lines {
        let intent = intents.get(&line.order).copied().ok_or(PaymentError::NotFound)?;
        let sum = sums.entry(intent).or_default();
        let add = |a: i64, b: i64| a.checked_add(b).filter(|s| *s >= 0);
        sum.0 = add(sum.0, line.cod.0).ok_or(PaymentError::Amount)?;
        sum.1 = add(sum.1, line.fee.0).ok_or(PaymentError::Amount)?;
        total = add(total, line.cod.0 - line.fee.0).ok_or(PaymentError::Amount)?;
    }
    if total <= 0 {
        return Err(PaymentError::Amount);
    }
    let id = cx.new_id();
    if !queries::insert(db, cx, seller, (id, carrier, reference, total)).await? {
        return Err(PaymentError::Decided);
    }
    queries::insert_lines(db, id, &sums).await?;
    Ok(id)
}

/// The money of a batch is this transfer: every order of it counts as handed on.
///
/// # Errors
/// [`PaymentError::NotFound`] for a batch that is not this seller's; [`PaymentError::Decided`] unless the batch is open
/// and the transfer waits and has exactly its amount.
pub async fn settle(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    batch: Uuid,
    transfer: Uuid,
) -> Result<(), PaymentError> {
    transfers::hold(db, seller).await?;
    let found = queries::lock(db, seller, batch).await?.ok_or(PaymentError::NotFound)?;
    let at = queries::take_transfer(db, cx, (seller, transfer), &found).await?;
    let at = at.ok_or(PaymentError::Decided)?;
    if !queries::settle(db, cx, batch, transfer).await? {
        return Err(PaymentError::Decided);
    }
    for (intent, cod) in queries::lines_of(db, batch).await? {
        let event = NewEvent {
            intent,
            kind: EventKind::CodRemitted,
            amount: cod,
            currency: VND,
            provider: &found.carrier,
            provider_event_id: &format!("remitted:{batch}:{intent}"),
            at,
            note: &found.reference,
        };
        record(db, cx, &event).await?;
    }
    Ok(())
}

/// The newest batches of a seller.
///
/// # Errors
/// Whatever the database says.
pub async fn batches(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Batch>> {
    let mut all = queries::batches(&mut *db, seller).await?;
    let ids: Vec<Uuid> = all.iter().map(|batch| batch.id).collect();
    let open = all.iter().filter(|batch| batch.settled_at.is_none());
    let totals: Vec<i64> = open.map(|batch| batch.total.0).collect();
    let mut lines = queries::shown_lines(&mut *db, &ids).await?;
    let candidates = queries::candidates(&mut *db, seller, &totals).await?;
    for batch in &mut all {
        batch.lines = lines.remove(&batch.id).unwrap_or_default();
        if batch.settled_at.is_none() {
            batch.candidates = candidates.get(&batch.total).cloned().unwrap_or_default();
        }
    }
    Ok(all)
}

/// Orders whose cash is with a carrier longer than the rule `cod.alarm_days` says.
///
/// # Errors
/// Whatever the database says.
pub async fn late(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
) -> sqlx::Result<Vec<(OrderId, Vnd)>> {
    let days = rules::value(&mut *db, "cod.alarm_days", day_of(cx.now), 7).await?;
    let before = cx.now - TimeDelta::days(days.clamp(0, 10_000));
    queries::late(db, seller, before).await
}
