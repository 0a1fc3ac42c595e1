//! Which order a line pays. Pure: what the database knows is given.

use super::{
    line::{Direction, Line, State, Why},
    memo,
};
use crate::kernel::{IntentId, Vnd};

/// An intent of this seller that could be meant.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub id: IntentId,
    pub memo: String,
    /// What is still to pay.
    pub to_pay: Vnd,
}

/// What the database knows of a line.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Intents whose memo stands in the text as a whole.
    pub named: Vec<Candidate>,
    /// Open intents of exactly this amount.
    pub open: Vec<Candidate>,
    /// A line of another source with the same amount and text within some days.
    pub twin: bool,
    /// For money that went out: whether it names a transfer that came in.
    pub names_transfer: bool,
}

/// What is to be done with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It pays this intent.
    Pays(IntentId),
    /// A person must look, perhaps at this intent.
    Look(State, Why, Option<IntentId>),
    /// It does not concern the floor and is not kept.
    Foreign,
}

pub(super) fn judge(line: &Line, known: &Known) -> Verdict {
    let one = |list: &[Candidate]| match list {
        [only] => Some(only.id),
        _ => None,
    };
    if line.direction == Direction::Out {
        return match known.named.is_empty() && !known.names_transfer {
            true => Verdict::Foreign,
            false => Verdict::Look(State::Outgoing, Why::Nothing, one(&known.named)),
        };
    }
    match (known.named.as_slice(), known.twin) {
        ([_, _, ..], _) => Verdict::Look(State::Review, Why::Several, None),
        (named, true) => Verdict::Look(State::Review, Why::Twin, one(named)),
        ([only], false) => Verdict::Pays(only.id),
        ([], false) => {
            let almost =
                |c: &&Candidate| c.to_pay == line.amount && memo::almost(&line.content, &c.memo);
            let near: Vec<&Candidate> = known.open.iter().filter(almost).collect();
            match near.as_slice() {
                [only] => Verdict::Look(State::Review, Why::Broken, Some(only.id)),
                _ => Verdict::Look(State::Unknown, Why::Nothing, None),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::memo_from;
    use chrono::DateTime;
    use uuid::Uuid;

    fn line(content: &str, amount: i64, direction: Direction) -> Line {
        Line {
            source: "sepay",
            source_id: "1".into(),
            account: "1".into(),
            reference: String::new(),
            amount: Vnd(amount),
            direction,
            content: content.into(),
            at: DateTime::UNIX_EPOCH,
        }
    }

    fn candidate(n: u128, to_pay: i64) -> Candidate {
        let id = Uuid::from_u128(n);
        Candidate { id: IntentId(id), memo: memo_from(id), to_pay: Vnd(to_pay) }
    }

    #[test]
    fn nothing_is_guessed() {
        let (a, b) = (candidate(1, 100), candidate(2, 100));
        let mut broken = a.memo.clone();
        broken.replace_range(4..5, if &a.memo[4..5] == "7" { "8" } else { "7" });
        let known = |named: &[&Candidate], open: &[&Candidate], twin| Known {
            named: named.iter().map(|c| (*c).clone()).collect(),
            open: open.iter().map(|c| (*c).clone()).collect(),
            twin,
            names_transfer: false,
        };
        let judged =
            |text: &str, amount, known: &Known| judge(&line(text, amount, Direction::In), known);
        let look = Verdict::Look;
        // Whatever the amount, a whole memo is this order's money.
        assert_eq!(judged(&a.memo, 60, &known(&[&a], &[], false)), Verdict::Pays(a.id));
        assert_eq!(
            judged(&a.memo, 100, &known(&[&a], &[], true)),
            look(State::Review, Why::Twin, Some(a.id))
        );
        assert_eq!(
            judged(&a.memo, 100, &known(&[&a, &b], &[], false)),
            look(State::Review, Why::Several, None)
        );
        assert_eq!(
            judged(&broken, 100, &known(&[], &[&a, &b], false)),
            look(State::Review, Why::Broken, Some(a.id))
        );
        // A broken memo with another amount, and the right amount without a memo: nobody knows.
        let unknown = look(State::Unknown, Why::Nothing, None);
        assert_eq!(judged(&broken, 99, &known(&[], &[&a], false)), unknown);
        assert_eq!(judged("mua ca phe", 100, &known(&[], &[&a], false)), unknown);
    }

    #[test]
    fn money_out_is_only_kept_when_it_names_an_order() {
        let a = candidate(1, 100);
        let out = line(&a.memo, 100, Direction::Out);
        assert_eq!(judge(&out, &Known::default()), Verdict::Foreign);
        let named = Known { named: vec![a.clone()], ..Known::default() };
        let flagged = Verdict::Look(State::Outgoing, Why::Nothing, Some(a.id));
        assert_eq!(judge(&out, &named), flagged);
        let refers = Known { names_transfer: true, ..Known::default() };
        assert_eq!(judge(&out, &refers), Verdict::Look(State::Outgoing, Why::Nothing, None));
    }
}
