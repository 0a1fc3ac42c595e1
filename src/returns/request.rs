//! A buyer asks for a return.

use super::{
    error::ReturnError,
    events::ReturnMoved,
    machine::{Actor, Deadline, State},
    model::{Kind, NewReturn, Windows},
    queries::{self, Fresh, FreshLine, NewEvent},
    times::Times,
};
use crate::{
    delivery,
    kernel::{Cx, Vnd, code_from},
    orders::{self, Order, OrderState},
    platform::outbox,
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

/// When the goods of an order came, if they have.
pub(super) fn delivered_at(order: &Order) -> Option<DateTime<Utc>> {
    let here = matches!(order.head.state, OrderState::Delivered | OrderState::Completed);
    let first = order.history.iter().find(|h| h.to == OrderState::Delivered);
    first.filter(|_| here).map(|h| h.at)
}

/// How many of each line reached the buyer, by position, as its parcels tell; the whole line where the order has none.
pub(super) async fn arrived(
    db: &mut PgConnection,
    order: &Order,
) -> sqlx::Result<BTreeMap<i32, i64>> {
    let told = delivery::delivered(db, order.head.id).await?;
    let came = |line: &orders::Line| match told.get(&line.position) {
        Some(came) => (*came).clamp(0, line.quantity),
        None if told.is_empty() => line.quantity,
        None => 0,
    };
    Ok(order.lines.iter().map(|line| (line.position, came(line))).collect())
}

/// What was paid for so many of a line: what is left once the others are given back, rounded down.
fn paid_for(line: &orders::Line, came: i64) -> Vnd {
    let (paid, quantity) = (i128::from(line.paid().0), i128::from(line.quantity.max(1)));
    let others = paid * (quantity - i128::from(came)) / quantity;
    Vnd(i64::try_from(paid - others).unwrap_or_default())
}

/// Opens a return of `order`, which was found in its buyer's scope, in the caller's transaction.
///
/// # Errors
/// [`ReturnError::Window`] when it is too late, [`ReturnError::TooMany`] for more than is left, [`ReturnError::Empty`]
/// for nothing, [`ReturnError::Note`] where a reason is needed.
pub async fn request(
    db: &mut PgConnection,
    cx: &Cx,
    order: &Order,
    new: &NewReturn,
) -> Result<Uuid, ReturnError> {
    let times = Times::on(db, cx).await?;
    let days = (times.fault_days, times.legal_days);
    let windows = Windows::at(cx.now, (order.head.placed_at, delivered_at(order)), days);
    if windows.of(new.kind).is_none() {
        return Err(ReturnError::Window);
    }
    let says_nothing = new.reason.trim().is_empty();
    if says_nothing && (new.kind == Kind::Fault || !times.without_reason) {
        return Err(ReturnError::Note);
    }
    let came = arrived(db, order).await?;
    let lines = claim(db, order, &came, new).await?;
    let goods = lines.iter().map(|l| l.amount.0).sum::<i64>();
    // Whoever gives everything that came back at once gets the delivery back as well.
    let everything = came.iter().filter(|(_, came)| **came > 0).all(|(position, came)| {
        lines.iter().any(|l| l.position == *position && l.quantity == *came)
    });
    let delivery = if everything { order.head.delivery_fee } else { Vnd::ZERO };
    let id = cx.new_id();
    let fresh = Fresh {
        id,
        code: code_from(id),
        order: order.head.id,
        order_code: &order.head.code,
        seller: order.head.seller,
        kind: new.kind,
        wish: new.wish,
        reason: new.reason.trim(),
        goods: Vnd(goods),
        delivery,
        due: times.due(Deadline::Answer, cx.now),
    };
    queries::insert(db, cx, &fresh, &lines, &new.pictures).await?;
    let event = NewEvent {
        case: id,
        actor: Actor::Buyer,
        event: "request",
        from: None,
        to: State::Requested,
        note: new.reason.trim(),
        version: 1,
    };
    queries::insert_event(db, cx, &event).await?;
    let state = State::Requested.code().to_owned();
    let (order, seller) = (order.head.id, order.head.seller);
    outbox::publish(db, cx, &ReturnMoved { case: id, order, seller, state, version: 1 }).await?;
    Ok(id)
}

/// Claims pieces and their share of what was paid, line by line in the order of positions.
async fn claim(
    db: &mut PgConnection,
    order: &Order,
    came: &BTreeMap<i32, i64>,
    new: &NewReturn,
) -> Result<Vec<FreshLine>, ReturnError> {
    let mut wanted: Vec<(i32, i64)> = new.lines.iter().copied().filter(|l| l.1 > 0).collect();
    wanted.sort_unstable();
    wanted.dedup_by_key(|line| line.0);
    if wanted.is_empty() {
        return Err(ReturnError::Empty);
    }
    let here = |line: &orders::Line| {
        let came = came.get(&line.position).copied().filter(|came| *came > 0)?;
        Some((line.position, came, paid_for(line, came)))
    };
    let here: Vec<(i32, i64, Vnd)> = order.lines.iter().filter_map(here).collect();
    queries::note_delivered(db, order.head.id, &here).await?;
    let mut lines = Vec::with_capacity(wanted.len());
    for (position, quantity) in wanted {
        let line = order.lines.iter().find(|l| l.position == position);
        let line = line.ok_or(ReturnError::TooMany(position))?;
        let amount = queries::claim(db, order.head.id, position, quantity).await?;
        let amount = amount.ok_or(ReturnError::TooMany(position))?;
        let name = line.shown();
        lines.push(FreshLine { position, name, unit: line.unit.clone(), quantity, amount });
    }
    Ok(lines)
}
