//! The table says what the law and the rules of operation say, for every state, event and actor.

use super::*;
use std::collections::HashSet;

/// The same in words of its own: what leads where.
fn expected(state: State, event: Event, actor: Actor) -> Option<State> {
    let given = [S::Refunded, S::PartiallyRefunded, S::Replaced].contains(&state);
    match (event, actor) {
        (E::Approve, Seller) => (state == S::Requested).then_some(S::Approved),
        (E::Reject, Seller) => (state == S::Requested).then_some(S::Rejected),
        (E::Waive, Seller) => [S::Requested, S::Approved].contains(&state).then_some(S::Inspected),
        (E::Send, Buyer) => (state == S::Approved).then_some(S::InTransit),
        (E::Receive, Seller) => [S::Approved, S::InTransit].contains(&state).then_some(S::Received),
        (E::Inspect, Seller) => (state == S::Received).then_some(S::Inspected),
        (E::Refund, Seller) => match state {
            S::Inspected | S::ResolvedBuyer => Some(S::Refunded),
            S::ResolvedSplit => Some(S::PartiallyRefunded),
            _ => None,
        },
        (E::RefundPart, Seller) => (state == S::Inspected).then_some(S::PartiallyRefunded),
        (E::Replace, Seller) => (state == S::Inspected).then_some(S::Replaced),
        (E::Confirm, Buyer) => given.then_some(S::Closed),
        (E::Contest, Buyer) => (given || state == S::Rejected).then_some(S::Disputed),
        (E::Withdraw, Buyer) => {
            [S::Requested, S::Approved].contains(&state).then_some(S::Withdrawn)
        }
        (E::TakeUp, Mediator) => (state == S::Disputed).then_some(S::InMediation),
        (E::RuleBuyer, Mediator) => (state == S::InMediation).then_some(S::ResolvedBuyer),
        (E::RuleSeller, Mediator) => (state == S::InMediation).then_some(S::ResolvedSeller),
        (E::RuleSplit, Mediator) => (state == S::InMediation).then_some(S::ResolvedSplit),
        (E::Elapse, System) => match state {
            S::Requested => Some(S::Approved),
            S::Approved | S::Rejected => Some(S::Withdrawn),
            S::InTransit => Some(S::Received),
            S::Received => Some(S::Inspected),
            S::Inspected => Some(S::Disputed),
            S::Refunded | S::PartiallyRefunded | S::Replaced => Some(S::Closed),
            S::Disputed | S::InMediation => Some(S::ResolvedBuyer),
            S::ResolvedBuyer | S::ResolvedSeller | S::ResolvedSplit | S::Closed | S::Withdrawn => {
                None
            }
        },
        _ => None,
    }
}

#[test]
fn every_state_event_and_actor_is_as_written() {
    for state in State::ALL {
        for event in Event::ALL {
            for actor in Actor::ALL {
                let found = find(state, event, actor).map(|t| t.to);
                assert_eq!(found, expected(state, event, actor), "{state:?} {event:?} {actor:?}");
            }
        }
    }
}

#[test]
fn no_row_is_there_twice_and_guards_fit() {
    let mut seen = HashSet::new();
    for t in TABLE {
        let name = format!("{:?} {:?} {:?}", t.from, t.event, t.actor);
        assert!(seen.insert(name.clone()), "{name} twice");
        assert_eq!(t.guard == Guard::Due, t.event == E::Elapse, "{name}");
        let amount = matches!(t.event, E::RefundPart | E::RuleSplit);
        assert_eq!(t.guard == Guard::Amount, amount, "{name}");
        let says = matches!(
            t.event,
            E::Contest | E::Send | E::Refund | E::Replace | E::RuleBuyer | E::RuleSeller
        );
        assert_eq!(t.guard == Guard::Note, says, "{name}");
    }
}

#[test]
fn what_waits_has_a_clock_and_what_is_over_has_none() {
    for t in TABLE {
        // A ruling is the seller's to fulfil; what he owes stays owed however long it takes.
        let waits = TABLE.iter().any(|next| next.from == t.to && next.event == E::Elapse);
        let ruled = matches!(t.to, S::ResolvedBuyer | S::ResolvedSplit);
        assert_eq!(t.deadline != Deadline::Nothing, waits || ruled, "{:?} → {:?}", t.from, t.to);
    }
}

#[test]
fn every_state_can_be_reached_and_left_but_the_last() {
    let mut reached = HashSet::from([S::Requested]);
    while let Some(t) = TABLE.iter().find(|t| reached.contains(&t.from) && !reached.contains(&t.to))
    {
        reached.insert(t.to);
    }
    assert_eq!(reached.len(), State::ALL.len());
    let last: Vec<State> = State::ALL.into_iter().filter(|s| s.is_final()).collect();
    assert_eq!(last, [S::ResolvedSeller, S::Closed, S::Withdrawn]);
}
