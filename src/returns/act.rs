//! Moving a return: the one way from state to state.

use super::{
    error::ReturnError,
    events::ReturnMoved,
    machine::{self, Actor, Event, Guard, State, Transition},
    model::{Case, Kind, Wish},
    queries::{self, NewEvent, Step},
    times::Times,
};
use crate::{
    kernel::{Cx, Vnd},
    payments::{self, EventKind, FLOOR, NewEvent as Money, VND},
    platform::outbox,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// What somebody does to a return.
#[derive(Debug, Clone)]
pub struct Act<'a> {
    pub event: Event,
    pub actor: Actor,
    /// A reason, a reference, how it was sent.
    pub note: &'a str,
    /// Of a partial refund.
    pub amount: Option<Vnd>,
    /// The version that he was looking at; `None`: whatever it is now.
    pub seen: Option<i32>,
}

/// Moves the return in the caller's transaction, with what is owed for it and its history; mail follows from a
/// job. Who may is the caller's business: he found the return in its buyer's, its seller's or the mediators' scope.
///
/// # Errors
/// [`ReturnError::Moved`] with the state as it is now when somebody was faster or it cannot happen in that state;
/// what the guards of the table ask for.
pub async fn act(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    act: &Act<'_>,
) -> Result<State, ReturnError> {
    let case = queries::lock(db, id).await?.ok_or(ReturnError::NotFound)?;
    let moved = || ReturnError::Moved(case.state);
    if act.seen.is_some_and(|version| version != case.version) {
        return Err(moved());
    }
    let step = machine::find(case.state, act.event, act.actor).ok_or_else(moved)?;
    guard(&case, &step, act, cx)?;
    let due = Times::on(db, cx).await?.due(step.deadline, cx.now);
    let amounts = amounts(&case, &step, act);
    let reference = match step.event {
        Event::Refund | Event::RefundPart | Event::Replace => Some(act.note.trim()),
        _ => None,
    };
    let moving =
        Step { case: &case, to: step.to, due, granted: amounts.0, refund: amounts.1, reference };
    queries::move_on(db, cx, &moving).await?;
    follow(db, cx, &case, &step, amounts).await?;
    tell(db, cx, &case, &step, act.note.trim()).await?;
    Ok(step.to)
}

fn guard(case: &Case, step: &Transition, act: &Act<'_>, cx: &Cx) -> Result<(), ReturnError> {
    let says_nothing = act.note.trim().is_empty();
    match step.guard {
        Guard::Nothing => Ok(()),
        Guard::Due if case.due_at.is_none_or(|due| due > cx.now) => {
            Err(ReturnError::Moved(case.state))
        }
        Guard::Due => Ok(()),
        Guard::NoteUnlessLegal if case.kind == Kind::Withdrawal => Err(ReturnError::Legal),
        // The contract is over: the buyer gets his money, not other goods.
        _ if step.event == Event::Replace && case.kind == Kind::Withdrawal => {
            Err(ReturnError::Legal)
        }
        Guard::Note | Guard::NoteUnlessLegal | Guard::Amount if says_nothing => {
            Err(ReturnError::Note)
        }
        Guard::Amount if act.amount.is_none_or(|a| a.0 <= 0 || a >= case.full()) => {
            Err(ReturnError::Amount)
        }
        Guard::Note | Guard::NoteUnlessLegal | Guard::Amount => Ok(()),
    }
}

/// What is to be given back after this step, and what the seller says he has given.
fn amounts(case: &Case, step: &Transition, act: &Act<'_>) -> (Vnd, Option<Vnd>) {
    let full = case.full();
    match (step.event, step.to) {
        (Event::RuleSplit, _) => (act.amount.unwrap_or(full), None),
        (Event::RefundPart, _) => {
            let part = act.amount.unwrap_or(full);
            (part, Some(part))
        }
        (Event::Refund, _) => (case.granted, Some(case.granted)),
        // What was given in part or in kind is contested: everything is open again.
        (Event::Contest, _) => (full, case.refund),
        (_, State::ResolvedBuyer) => (full, None),
        // What he says he has given stays given; nothing more is owed.
        (Event::RuleSeller, _) => (case.refund.unwrap_or(Vnd::ZERO), case.refund),
        (_, State::Withdrawn) => (Vnd::ZERO, None),
        (Event::Replace, _) => (Vnd::ZERO, case.refund),
        _ => (case.granted, case.refund),
    }
}

/// What a move does to the money and to the claims. The return's row is locked, so each happens once.
async fn follow(
    db: &mut PgConnection,
    cx: &Cx,
    case: &Case,
    step: &Transition,
    (granted, refund): (Vnd, Option<Vnd>),
) -> Result<(), ReturnError> {
    let owed = match step.to {
        State::Inspected if case.wish == Wish::Refund => granted,
        State::Refunded
        | State::PartiallyRefunded
        | State::Replaced
        | State::ResolvedBuyer
        | State::ResolvedSeller
        | State::ResolvedSplit
        | State::Withdrawn => granted,
        _ => case.owed,
    };
    owe(db, cx, case, owed).await?;
    match (step.to, refund) {
        (State::Closed | State::ResolvedSeller, Some(amount)) if amount.0 > 0 => {
            given_back(db, cx, case, amount).await
        }
        (State::Withdrawn | State::ResolvedSeller, _) => {
            queries::give_back(db, case.id).await?;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Tells the payment what is owed for this return now.
async fn owe(db: &mut PgConnection, cx: &Cx, case: &Case, owed: Vnd) -> Result<(), ReturnError> {
    let more = owed.0 - case.owed.0;
    if more == 0 {
        return Ok(());
    }
    let cause = format!("return:{}:{}", case.id, case.version);
    if more > 0 {
        payments::owe_refund(db, cx, case.order, Vnd(more), &cause).await?;
    } else {
        // Less is owed than was thought: that much of the order is due again.
        payments::amend(db, cx, case.order, Vnd(-more), &cause).await?;
    }
    queries::set_owed(db, case.id, owed).await?;
    Ok(())
}

/// The buyer has his money, or has not said otherwise in time, or it was ruled so. What has been seen to go back
/// already, or is on its way back through a gateway, is not noted a second time.
async fn given_back(
    db: &mut PgConnection,
    cx: &Cx,
    case: &Case,
    amount: Vnd,
) -> Result<(), ReturnError> {
    let Some(intent) = payments::of_order(&mut *db, case.order).await? else { return Ok(()) };
    let open = payments::sums(&mut *db, intent.id).await?.refundable();
    let amount = amount.min(open);
    if amount.0 <= 0 {
        return Ok(());
    }
    let name = format!("refunded:return:{}", case.id);
    let money = Money {
        intent: intent.id,
        kind: EventKind::Refunded,
        amount,
        currency: VND,
        provider: FLOOR,
        provider_event_id: &name,
        at: cx.now,
        note: &case.reference,
    };
    payments::record(db, cx, &money).await?;
    Ok(())
}

/// History and news.
async fn tell(
    db: &mut PgConnection,
    cx: &Cx,
    case: &Case,
    step: &Transition,
    note: &str,
) -> Result<(), ReturnError> {
    let version = case.version + 1;
    let event = NewEvent {
        case: case.id,
        actor: step.actor,
        event: step.event.code(),
        from: Some(step.from),
        to: step.to,
        note,
        version,
    };
    queries::insert_event(db, cx, &event).await?;
    let state = step.to.code().to_owned();
    let news =
        ReturnMoved { case: case.id, order: case.order, seller: case.seller, state, version };
    outbox::publish(db, cx, &news).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{OrderId, SellerId};

    fn case(state: State, granted: i64, refund: Option<i64>) -> Case {
        Case {
            id: Uuid::nil(),
            code: String::new(),
            order: OrderId(Uuid::nil()),
            order_code: String::new(),
            seller: SellerId(Uuid::nil()),
            kind: Kind::Withdrawal,
            wish: Wish::Refund,
            reason: String::new(),
            state,
            version: 5,
            due_at: None,
            goods_refund: Vnd(90_000),
            delivery_refund: Vnd(10_000),
            granted: Vnd(granted),
            owed: Vnd(granted),
            refund: refund.map(Vnd),
            reference: String::new(),
            requested_at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    fn comes_to(case: &Case, event: Event, actor: Actor) -> (i64, Option<i64>) {
        let step = machine::find(case.state, event, actor).unwrap();
        let act = Act { event, actor, note: "x", amount: Some(Vnd(40_000)), seen: None };
        let (granted, refund) = amounts(case, &step, &act);
        (granted.0, refund.map(|r| r.0))
    }

    #[test]
    fn what_was_given_before_a_dispute_is_not_forgotten_in_it() {
        let part = case(State::PartiallyRefunded, 30_000, Some(30_000));
        assert_eq!(comes_to(&part, Event::Contest, Actor::Buyer), (100_000, Some(30_000)));
        let given = case(State::InMediation, 100_000, Some(30_000));
        assert_eq!(comes_to(&given, Event::RuleSeller, Actor::Mediator), (30_000, Some(30_000)));
        assert_eq!(comes_to(&given, Event::RuleSplit, Actor::Mediator), (40_000, None));
        assert_eq!(comes_to(&given, Event::RuleBuyer, Actor::Mediator), (100_000, None));
        let refused = case(State::InMediation, 100_000, None);
        assert_eq!(comes_to(&refused, Event::RuleSeller, Actor::Mediator), (0, None));
    }
}
