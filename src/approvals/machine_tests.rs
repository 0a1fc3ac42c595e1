//! The machine under random interleavings of asking, changing and deciding.

use super::{
    machine::{Case, Refusal, Step, Voice},
    model::{Request, Rule, State, Subject, SubjectKind, needed},
};
use crate::kernel::{OrgId, PersonId, Text, Vnd};
use proptest::prelude::*;
use uuid::Uuid;

fn person(n: u8) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(n) + 1))
}

fn asked(by: u8, amount: i64, categories: &[&str]) -> Request {
    Request {
        org: OrgId(Uuid::from_u128(77)),
        asked_by: person(by),
        subject: Subject { kind: SubjectKind::Checkout, id: Uuid::from_u128(5) },
        print: [0; 32],
        amount: Vnd(amount),
        categories: categories.iter().map(|slug| (*slug).to_owned()).collect(),
        what: Text::new("Hàng", "Goods"),
        url: "/dat-hang/xem-lai".into(),
    }
}

fn rule(over: i64, approver: Option<u8>) -> Rule {
    Rule {
        id: Uuid::nil(),
        over: Vnd(over),
        category: None,
        person: None,
        approver: approver.map(person),
    }
}

fn case_of(asker: u8, steps: Vec<Option<PersonId>>) -> Case {
    let step = |(at, approver): (usize, Option<PersonId>)| Step {
        position: i32::try_from(at).unwrap_or_default(),
        approver,
        state: State::Waiting,
        decided_by: None,
    };
    let steps = steps.into_iter().enumerate().map(step).collect();
    Case { asked_by: person(asker), state: State::Waiting, steps }
}

#[test]
fn a_rule_asks_by_amount_category_and_person() {
    let approvers = [person(1), person(2)];
    let dear = Rule { category: Some("ca-phe".into()), ..rule(5_000_000, None) };
    let of_him = Rule { person: Some(person(9)), ..rule(0, Some(2)) };
    let rules = [dear, of_him];
    let ask = |by, amount, categories: &[&str]| {
        needed(&rules, &asked(by, amount, categories), &approvers)
    };
    assert_eq!(ask(0, 5_000_000, &["ca-phe"]), [None]);
    assert_eq!(ask(0, 4_999_999, &["ca-phe"]), []);
    assert_eq!(ask(0, 9_000_000, &["go"]), []);
    assert_eq!(ask(9, 1, &["go"]), [Some(person(2))]);
    assert_eq!(ask(9, 6_000_000, &["ca-phe", "nong-san"]), [Some(person(2)), None]);
}

#[test]
fn nobody_agrees_to_his_own_wish_and_who_left_is_replaced() {
    let rules = [rule(0, Some(1))];
    // The named approver asks himself: another one agrees; where there is no other, nobody can be asked.
    assert_eq!(needed(&rules, &asked(1, 10, &[]), &[person(1), person(2)]), [None]);
    assert_eq!(needed(&rules, &asked(1, 10, &[]), &[person(1)]), []);
    // He has left.
    assert_eq!(needed(&rules, &asked(0, 10, &[]), &[person(2)]), [None]);
}

#[test]
fn a_stand_in_decides_in_the_approvers_place_and_not_for_himself() {
    let voice = |n: u8, stands_for: &[u8]| Voice {
        person: person(n),
        approvers: vec![person(1), person(2)],
        stands_for: stands_for.iter().map(|n| person(*n)).collect(),
    };
    let mut case = case_of(0, vec![Some(person(1))]);
    assert_eq!(case.decide(&voice(2, &[]), true), Err(Refusal::NotYours));
    assert_eq!(case.decide(&voice(0, &[1]), true), Err(Refusal::NotYours), "the asker himself");
    assert_eq!(case.decide(&voice(7, &[1]), true), Ok(Some(person(1))));
    assert_eq!(case.state, State::Approved);
    assert_eq!(case.decide(&voice(1, &[]), false), Err(Refusal::Done));
}

/// What may happen: somebody decides, in whoever's place, or the basket changes.
#[derive(Debug, Clone)]
enum Deed {
    Decide { who: u8, stands_for: Option<u8>, yes: bool },
    Change { amount: i64 },
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (0u8..6, prop::option::of(0u8..6), any::<bool>())
            .prop_map(|(who, stands_for, yes)| Deed::Decide { who, stands_for, yes }),
        1 => (0i64..100).prop_map(|amount| Deed::Change { amount }),
    ]
}

proptest! {
    /// However asking, changing and deciding follow each other: what is approved was agreed to, as it is, by everybody
    /// whom the rules name; nobody agreed to his own wish; and what is decided is decided once.
    #[test]
    fn approved_means_that_all_have_agreed_to_this_print(
        rules in prop::collection::vec((0i64..100, prop::option::of(0u8..5)), 1..5),
        approvers in prop::collection::btree_set(0u8..5, 1..4),
        asker in 0u8..6,
        deeds in prop::collection::vec(deed(), 1..30),
    ) {
        let rules: Vec<Rule> = rules.into_iter().map(|(over, by)| rule(over, by)).collect();
        let approvers: Vec<PersonId> = approvers.into_iter().map(person).collect();
        let mut wanted = needed(&rules, &asked(asker, 50, &[]), &approvers);
        let mut case = case_of(asker, wanted.clone());
        let mut spoke: Vec<PersonId> = Vec::new();
        for deed in deeds {
            match deed {
                Deed::Change { amount } => {
                    // Another print: everything begins anew.
                    wanted = needed(&rules, &asked(asker, amount, &[]), &approvers);
                    case = case_of(asker, wanted.clone());
                    spoke.clear();
                }
                Deed::Decide { who, stands_for, yes } => {
                    let before = case.clone();
                    let stands_for = stands_for.map(person).into_iter().collect();
                    let voice = Voice { person: person(who), approvers: approvers.clone(), stands_for };
                    let waited = case.waits_for(&voice);
                    match case.decide(&voice, yes) {
                        Ok(_) => {
                            prop_assert!(waited && before.state == State::Waiting);
                            prop_assert_ne!(person(who), person(asker));
                            let may = |p: &PersonId| approvers.contains(p);
                            prop_assert!(may(&person(who)) || voice.stands_for.iter().any(may));
                            spoke.push(person(who));
                            if !yes {
                                prop_assert_eq!(case.state, State::Refused);
                            }
                        }
                        Err(_) => prop_assert_eq!(&case, &before),
                    }
                }
            }
            if case.state == State::Approved {
                prop_assert!(!case.steps.is_empty());
                for (step, approver) in case.steps.iter().zip(&wanted) {
                    prop_assert_eq!(&step.approver, approver);
                    prop_assert_eq!(step.state, State::Approved);
                    prop_assert!(step.decided_by.is_some_and(|by| spoke.contains(&by)));
                }
            }
            // Nobody can be asked when there is no other approver.
            let others = approvers.iter().any(|p| *p != person(asker));
            prop_assert!(others || wanted.is_empty());
        }
    }
}
