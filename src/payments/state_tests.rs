//! Stories with their states, and the laws that hold for every story.

use super::*;
use proptest::prelude::*;

fn fact(kind: EventKind, amount: i64, provider: &str, id: &str) -> Fact {
    Fact {
        kind,
        amount: Vnd(amount),
        currency: VND.into(),
        provider: provider.into(),
        provider_event_id: id.into(),
    }
}

fn told(method: PaymentMethod, story: &[(EventKind, i64, &str)]) -> (IntentState, i64) {
    let facts: Vec<Fact> = story
        .iter()
        .enumerate()
        .map(|(at, (kind, amount, provider))| fact(*kind, *amount, provider, &at.to_string()))
        .collect();
    let sums = Sums::of(&facts);
    (sums.state(method), sums.balance().0)
}

use EventKind as E;
use IntentState as S;
use PaymentMethod::{Cod, VietQr};

const OPEN: (EventKind, i64, &str) = (E::Opened, 100, "floor");

#[test]
fn transfers_of_every_size_have_a_state() {
    let matched = |n| (E::TransferMatched, n, "bank");
    let confirmed = (E::TransferConfirmed, 100, "floor");
    for (story, expected) in [
        (vec![OPEN], (S::Unpaid, -100)),
        (vec![OPEN, matched(60)], (S::PartiallyPaid, -40)),
        (vec![OPEN, matched(60), matched(40)], (S::Paid, 0)),
        (vec![OPEN, matched(110)], (S::Overpaid, 10)),
        (vec![OPEN, matched(110), (E::Refunded, 10, "floor")], (S::Paid, 0)),
        (vec![OPEN, confirmed], (S::Paid, 0)),
        // The bank shows what the seller has confirmed: one and the same money.
        (vec![OPEN, confirmed, matched(100)], (S::Paid, 0)),
        (vec![OPEN, confirmed, matched(100), matched(100)], (S::Overpaid, 100)),
        (
            vec![OPEN, confirmed, matched(100), (E::TransferReversed, 100, "bank")],
            (S::Unpaid, -100),
        ),
        (vec![OPEN, (E::Voided, 100, "floor")], (S::Voided, 0)),
        // Late: the order is gone.
        (vec![OPEN, (E::Voided, 100, "floor"), matched(100)], (S::RefundDue, 100)),
        (vec![OPEN, matched(100), (E::RefundOwed, 100, "floor")], (S::RefundDue, 100)),
        (
            vec![OPEN, matched(100), (E::RefundOwed, 100, "floor"), (E::Refunded, 100, "bank")],
            (S::Refunded, 0),
        ),
        (vec![OPEN, matched(100), (E::RefundOwed, 30, "floor")], (S::RefundDue, 30)),
        (
            vec![OPEN, matched(100), (E::RefundOwed, 30, "floor"), (E::Refunded, 30, "bank")],
            (S::PartiallyRefunded, 0),
        ),
        (vec![OPEN, matched(100), (E::Amended, -30, "floor")], (S::Overpaid, 30)),
        (vec![OPEN, (E::Amended, -30, "floor"), matched(70)], (S::Paid, 0)),
    ] {
        assert_eq!(told(VietQr, &story), expected, "{story:?}");
    }
}

#[test]
fn cash_is_the_sellers_when_he_has_it() {
    for (story, expected) in [
        (vec![OPEN], (S::CodDue, -100)),
        (vec![OPEN, (E::CodCollected, 100, "floor")], (S::Paid, 0)),
        (vec![OPEN, (E::CodCollected, 100, "ghn")], (S::CodWithCarrier, 0)),
        // The seller notes the delivery, the carrier the cash: one and the same.
        (
            vec![OPEN, (E::CodCollected, 100, "floor"), (E::CodCollected, 100, "ghn")],
            (S::CodWithCarrier, 0),
        ),
        (vec![OPEN, (E::CodCollected, 100, "ghn"), (E::CodRemitted, 100, "ghn")], (S::Paid, 0)),
        (
            vec![OPEN, (E::CodCollected, 100, "ghn"), (E::CodRemitted, 80, "ghn")],
            (S::CodWithCarrier, 0),
        ),
        (vec![OPEN, (E::CodCollected, 60, "ghn")], (S::PartiallyPaid, -40)),
        (
            vec![OPEN, (E::CodCollected, 100, "ghn"), (E::RefundOwed, 100, "floor")],
            (S::RefundDue, 100),
        ),
    ] {
        assert_eq!(told(Cod, &story), expected, "{story:?}");
    }
}

#[test]
fn gateways_try_fail_and_dispute() {
    let (start, fail) = ((E::Started, 100, "vnpay"), (E::CaptureFailed, 100, "vnpay"));
    let capture = (E::Captured, 100, "vnpay");
    for (story, expected) in [
        (vec![OPEN, start], (S::Pending, -100)),
        (vec![OPEN, start, fail], (S::Unpaid, -100)),
        (vec![OPEN, start, fail, start], (S::Pending, -100)),
        (vec![OPEN, start, capture], (S::Paid, 0)),
        (vec![OPEN, start, start, capture, capture], (S::Overpaid, 100)),
        (vec![OPEN, capture, (E::Chargeback, 100, "stripe")], (S::Disputed, -100)),
        (
            vec![
                OPEN,
                capture,
                (E::Chargeback, 100, "stripe"),
                (E::ChargebackReversed, 100, "stripe"),
            ],
            (S::Paid, 0),
        ),
    ] {
        assert_eq!(told(VietQr, &story), expected, "{story:?}");
    }
}

#[test]
fn what_is_asked_back_is_not_asked_twice() {
    let mut facts = vec![
        fact(E::Opened, 100, "floor", "o"),
        fact(E::Captured, 100, "vnpay", "c"),
        fact(E::RefundOwed, 40, "floor", "r"),
    ];
    assert_eq!(Sums::of(&facts).refundable(), Vnd(40));
    facts.push(fact(E::RefundRequested, 40, "vnpay", "q"));
    assert_eq!(Sums::of(&facts).refundable(), Vnd(0));
    assert_eq!(Sums::of(&facts).balance(), Vnd(40));
    facts.push(fact(E::RefundFailed, 40, "vnpay", "f"));
    assert_eq!(Sums::of(&facts).refundable(), Vnd(40));
}

#[test]
fn what_goes_back_by_hand_answers_no_request() {
    let mut facts = vec![
        fact(E::Opened, 100, "floor", "o"),
        fact(E::Captured, 100, "vnpay", "c"),
        fact(E::RefundOwed, 100, "floor", "r"),
        fact(E::RefundRequested, 60, "vnpay", "q"),
        fact(E::Refunded, 40, "floor", "by hand"),
    ];
    assert_eq!(Sums::of(&facts).refundable(), Vnd(0), "60 are on their way");
    facts.push(fact(E::Refunded, 60, "vnpay", "refund_end:q"));
    assert_eq!(Sums::of(&facts).state(VietQr), S::Refunded);
    assert_eq!(Sums::of(&facts).refundable(), Vnd(0));
}

#[test]
fn each_parcel_has_its_own_cash() {
    let mut facts = vec![
        fact(E::Opened, 100, "floor", "o"),
        fact(E::CodCollected, 60, "floor", "cod:P1"),
        fact(E::CodCollected, 40, "ghn", "cod:P2"),
    ];
    assert_eq!(Sums::of(&facts).state(Cod), S::CodWithCarrier);
    facts.push(fact(E::CodRemitted, 40, "GHN", "remitted:1"));
    let sums = Sums::of(&facts);
    let at = sums.position();
    assert_eq!((sums.state(Cod), at.cash, at.bank, at.carrier), (S::Paid, 60, 40, 0));
}

#[test]
fn another_currency_never_pays() {
    let mut dollars = fact(E::Captured, 100, "stripe", "c");
    dollars.currency = "USD".into();
    let facts = [fact(E::Opened, 100, "floor", "o"), dollars];
    assert_eq!(Sums::of(&facts).state(VietQr), S::Unpaid);
}

#[test]
fn words_and_states_are_pairs() {
    for state in S::ALL {
        assert_eq!(S::of(state.code()), Some(state));
    }
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let one = (prop::sample::select(E::ALL.to_vec()), 1i64..200, 0usize..3);
    prop::collection::vec(one, 0..14).prop_map(|list| {
        let mut all = vec![fact(E::Opened, 100, FLOOR, "opened")];
        for (at, (kind, amount, who)) in list.into_iter().enumerate() {
            let kind = if kind == E::Opened { E::Amended } else { kind };
            all.push(fact(kind, amount, [FLOOR, "bank", "ghn"][who], &at.to_string()));
        }
        all
    })
}

proptest! {
    /// Any order, any number of deliveries: one state.
    #[test]
    fn order_and_repetition_change_nothing(
        (all, shuffled) in facts().prop_flat_map(|all| {
            let thrice = [all.clone(), all.clone(), all.clone()].concat();
            (Just(all), Just(thrice).prop_shuffle())
        }),
        cod: bool,
    ) {
        let method = if cod { Cod } else { VietQr };
        let (once, often) = (Sums::of(&all), Sums::of(&shuffled));
        prop_assert_eq!(once, often);
        prop_assert_eq!(once.state(method), often.state(method));
    }

    /// Who has not paid is never “paid”, and who has paid too much always sees it.
    #[test]
    fn the_state_says_what_the_sums_say(all in facts()) {
        let sums = Sums::of(&all);
        let (state, balance) = (sums.state(VietQr), sums.balance().0);
        if state.is_covered() || state == S::CodWithCarrier {
            prop_assert!(balance >= 0);
        }
        if state != S::Disputed {
            prop_assert_eq!(balance > 0, matches!(state, S::RefundDue | S::Overpaid));
        }
        if matches!(state, S::Unpaid | S::Pending | S::PartiallyPaid) {
            prop_assert!(balance < 0);
        }
        prop_assert_eq!(sums.paid().0 - sums.due().0, balance);
    }

    /// What the seller is asked to confirm covers exactly what is missing.
    #[test]
    fn a_confirmation_covers_what_is_missing(all in facts()) {
        let sums = Sums::of(&all);
        prop_assume!(sums.to_confirm().0 > 0);
        let mut all = all;
        all.push(fact(E::TransferConfirmed, sums.to_confirm().0, FLOOR, "confirmed"));
        prop_assert_eq!(Sums::of(&all).balance().0, 0);
    }
}
