//! Every (state, event, actor) is looked at: what the contract allows, and nothing else.

use super::*;
use std::collections::HashSet;

/// What the rules of the floor say, written a second time and differently: by event.
fn expected(state: OrderState, event: OrderEvent, actor: ActorKind) -> Option<OrderState> {
    let before_hand_over = [S::AwaitingPayment, S::Placed, S::Confirmed, S::Packed];
    let before_confirmation = [S::AwaitingPayment, S::Placed];
    match (event, actor) {
        (E::Pay, Seller | System) => (state == S::AwaitingPayment).then_some(S::Placed),
        (E::Confirm, Seller) => (state == S::Placed).then_some(S::Confirmed),
        (E::Pack, Seller | System) => (state == S::Confirmed).then_some(S::Packed),
        (E::HandOver, Seller | System) => (state == S::Packed).then_some(S::HandedOver),
        (E::Deliver, Seller | Buyer | System) => (state == S::HandedOver).then_some(S::Delivered),
        (E::ComeBack, System) => (state == S::HandedOver).then_some(S::Cancelled),
        (E::Receive, Buyer) => (state == S::Delivered).then_some(S::Completed),
        (E::Cancel, Buyer) => before_confirmation.contains(&state).then_some(S::Cancelled),
        (E::Cancel, Seller | Operator) => before_hand_over.contains(&state).then_some(S::Cancelled),
        (E::Elapse, System) => match state {
            S::AwaitingPayment | S::Placed => Some(S::Cancelled),
            S::Delivered => Some(S::Completed),
            _ => None,
        },
        _ => None,
    }
}

#[test]
fn the_table_says_what_the_rules_say() {
    let mut seen = 0;
    for state in OrderState::ALL {
        for event in OrderEvent::ALL {
            for actor in ActorKind::ALL {
                let found = find(state, event, actor);
                assert_eq!(
                    found.map(|t| t.to),
                    expected(state, event, actor),
                    "{state:?} {event:?} {actor:?}"
                );
                seen += usize::from(found.is_some());
            }
        }
    }
    assert_eq!(seen, TABLE.len(), "a row stands twice");
}

#[test]
fn guards_and_deadlines_fit() {
    for t in TABLE {
        let name = format!("{t:?}");
        let needs_reason = match t.actor {
            Operator => true,
            Seller => t.event == E::Cancel,
            Buyer | System => false,
        };
        assert_eq!(t.guard == Guard::Reason, needs_reason, "{name}");
        assert_eq!(t.guard == Guard::Due, t.event == E::Elapse, "{name}");
        let deadline = match t.to {
            S::Placed => Deadline::Unconfirmed,
            S::Delivered => Deadline::AutoComplete,
            _ => Deadline::Nothing,
        };
        assert_eq!(t.deadline, deadline, "{name}");
        // A clock only runs where somebody hears it.
        if t.deadline != Deadline::Nothing {
            assert!(t.to.allows(E::Elapse, System), "{name}");
        }
    }
}

#[test]
fn every_state_is_reached_and_ends_stay_ends() {
    let mut reached: HashSet<OrderState> =
        [PaymentMethod::Cod, PaymentMethod::VietQr].into_iter().map(|m| start(m).0).collect();
    for _ in OrderState::ALL {
        reached.extend(
            TABLE.iter().filter(|t| reached.contains(&t.from)).map(|t| t.to).collect::<Vec<_>>(),
        );
    }
    assert_eq!(reached.len(), OrderState::ALL.len());
    assert!(TABLE.iter().all(|t| !matches!(t.from, S::Completed | S::Cancelled)));
    for state in OrderState::ALL {
        assert_eq!(OrderState::of(state.code()), Some(state));
    }
}
