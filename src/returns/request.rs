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
    kernel::{Cx, Vnd, code_from},
    orders::{Order, OrderState},
    platform::outbox,
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// When the goods of an order came, if they have.
pub(super) fn delivered_at(order: &Order) -> Option<DateTime<Utc>> {
    let here = matches!(order.head.state, OrderState::Delivered | OrderState::Completed);
    let first = order.history.iter().find(|h| h.to == OrderState::Delivered);
    first.filter(|_| here).map(|h| h.at)
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
    let lines = claim(db, order, new).await?;
    let goods = lines.iter().map(|l| l.amount.0).sum::<i64>();
    // Whoever gives everything back at once gets the delivery back as well.
    let everything = order.lines.iter().all(|line| {
        lines.iter().any(|l| l.position == line.position && l.quantity == line.quantity)
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
    new: &NewReturn,
) -> Result<Vec<FreshLine>, ReturnError> {
    let mut wanted: Vec<(i32, i64)> = new.lines.iter().copied().filter(|l| l.1 > 0).collect();
    wanted.sort_unstable();
    wanted.dedup_by_key(|line| line.0);
    if wanted.is_empty() {
        return Err(ReturnError::Empty);
    }
    queries::note_delivered(db, order).await?;
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
