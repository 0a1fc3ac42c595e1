//! Moving an order: the one way from state to state.

use super::{
    error::OrderError,
    events::{OrderCompleted, OrderStateChanged},
    machine::{self, ActorKind, Guard, OrderEvent, OrderState, Transition},
    parcels,
    queries::{self, Head, NewEvent},
    times::Times,
};
use crate::{
    kernel::{Cx, OrderId},
    payments::{self, PaymentMethod},
    platform::outbox,
    promotions, stock,
};
use sqlx::PgConnection;

/// What somebody does to an order.
#[derive(Debug, Clone)]
pub struct Act<'a> {
    pub event: OrderEvent,
    pub actor: ActorKind,
    /// The reason of a cancellation; the tracking text of a hand-over.
    pub note: &'a str,
    /// The version that he was looking at; `None`: whatever it is now.
    pub seen: Option<i32>,
}

/// Moves the order in the caller's transaction, with its stock, its money and its history; mail
/// follows from a job. Who may is the caller's business: he found the order in its buyer's or seller's scope.
///
/// # Errors
/// [`OrderError::Moved`] with the state as it is now when somebody was faster or it cannot happen in
/// that state; [`OrderError::Reason`] when a reason is missing.
pub async fn act(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    act: &Act<'_>,
) -> Result<OrderState, OrderError> {
    let head = queries::head(db, order).await?.ok_or(OrderError::NotFound)?;
    let moved = || OrderError::Moved(head.state);
    if act.seen.is_some_and(|version| version != head.version) {
        return Err(moved());
    }
    let step = machine::find(head.state, act.event, act.actor).ok_or_else(moved)?;
    // What a gateway brings, the gateway tells.
    if step.event == OrderEvent::Pay && step.actor == ActorKind::Seller && head.payment.is_online()
    {
        return Err(moved());
    }
    match step.guard {
        Guard::Reason if act.note.trim().is_empty() => return Err(OrderError::Reason),
        Guard::Due if head.due_at.is_none_or(|due| due > cx.now) => return Err(moved()),
        Guard::Nothing | Guard::Reason | Guard::Due => {}
    }
    let due = Times::on(db, cx).await?.due(step.deadline, cx.now);
    if !queries::move_on(db, cx, &head, &step, due, act.note).await? {
        let now = queries::head(db, order).await?.ok_or(OrderError::NotFound)?;
        return Err(OrderError::Moved(now.state));
    }
    parcels::lead(db, cx, head.id, (step.event, step.actor, step.to), act.note).await?;
    follow(db, cx, &head, &step).await?;
    tell(db, cx, &head, &step, act.note).await?;
    Ok(step.to)
}

/// What a move does to the goods and to the money. The order's row is locked, so each happens once.
async fn follow(
    db: &mut PgConnection,
    cx: &Cx,
    head: &Head,
    step: &Transition,
) -> Result<(), OrderError> {
    match (step.event, step.to) {
        (_, OrderState::Cancelled) => {
            // Vouchers before goods, as whoever orders takes them.
            if head.voucher {
                promotions::give_back(db, cx, head.id).await?;
            }
            stock::release(db, cx, head.id).await?;
            payments::cancel(db, cx, head.id).await?;
        }
        (OrderEvent::HandOver, _) => stock::ship(db, cx, head.id).await?,
        // What the clockwork has seen is noted already.
        (OrderEvent::Pay, _) if step.actor == ActorKind::Seller => {
            payments::confirm_transfer(db, cx, head.id).await?;
        }
        (OrderEvent::Deliver, _) if head.payment == PaymentMethod::Cod => {
            parcels::collect(db, cx, head.id).await?;
        }
        _ => {}
    }
    Ok(())
}

/// History and news.
async fn tell(
    db: &mut PgConnection,
    cx: &Cx,
    head: &Head,
    step: &Transition,
    note: &str,
) -> Result<(), OrderError> {
    let version = head.version + 1;
    let event = NewEvent {
        order: head.id,
        actor: step.actor,
        event: step.event.code(),
        from: Some(step.from),
        to: step.to,
        note,
        version,
    };
    queries::insert_event(db, cx, &event).await?;
    let state = step.to.code().to_owned();
    let news = OrderStateChanged {
        order: head.id,
        seller: head.seller,
        state,
        version,
        actor: Some(step.actor.code().to_owned()),
    };
    outbox::publish(db, cx, &news).await?;
    if step.to == OrderState::Completed {
        let news = OrderCompleted { order: head.id, seller: head.seller };
        outbox::publish(db, cx, &news).await?;
    }
    Ok(())
}
