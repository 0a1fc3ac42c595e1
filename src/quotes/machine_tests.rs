//! Random interleavings of both machines.

use super::*;
use chrono::TimeDelta;
use proptest::prelude::*;

const SELLERS: usize = 3;

#[derive(Debug, Clone, Copy)]
enum Step {
    Request(RequestEvent),
    Quote(usize, Event, i64),
    /// Hours pass.
    Wait(i64),
    /// Whoever is chosen by the bits wins.
    Award(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let request = prop::sample::select(RequestEvent::ALL.to_vec());
    let quote = prop::sample::select(Event::ALL.to_vec());
    prop_oneof![
        1 => request.prop_map(Step::Request),
        6 => (0..SELLERS, quote, 1..60i64).prop_map(|(who, event, hours)| Step::Quote(who, event, hours)),
        2 => (0..20i64).prop_map(Step::Wait),
        2 => (1..8u8).prop_map(Step::Award),
    ]
}

/// What a table of the database would hold.
struct Table {
    window: Window,
    quotes: [(QuoteState, DateTime<Utc>); SELLERS],
    awards: usize,
}

impl Table {
    fn new(sealed: bool) -> Self {
        let now = DateTime::UNIX_EPOCH;
        let window = Window {
            state: RequestState::Open,
            sealed,
            closes_at: now + TimeDelta::hours(24),
            now,
        };
        Self { window, quotes: [(QuoteState::Invited, now); SELLERS], awards: 0 }
    }

    fn end(&mut self, state: RequestState) {
        self.window.state = state;
        for (quote, _) in &mut self.quotes {
            *quote = quote_next(self.window, *quote, false, Event::Lose).unwrap_or(*quote);
        }
    }

    fn take(&mut self, step: Step) {
        let now = self.window.now;
        match step {
            Step::Wait(hours) => self.window.now += TimeDelta::hours(hours),
            // An award is not a bare event: it comes with its offers.
            Step::Request(RequestEvent::Award) => {}
            Step::Request(event) => match request_next(self.window, event) {
                Some(to) if to.undecided() => self.window.state = to,
                Some(to) => self.end(to),
                None => {}
            },
            Step::Quote(_, Event::Accept | Event::Lose, _) => {}
            Step::Quote(who, event, hours) => {
                let (state, valid_until) = self.quotes[who];
                let valid = valid_until > now;
                if let Some(to) = quote_next(self.window, state, valid, event) {
                    let until = if matches!(event, Event::Offer | Event::Take) {
                        now + TimeDelta::hours(hours)
                    } else {
                        valid_until
                    };
                    self.quotes[who] = (to, until);
                }
            }
            Step::Award(bits) => self.award(bits),
        }
    }

    /// All chosen offers are accepted, or none.
    fn award(&mut self, bits: u8) {
        let now = self.window.now;
        let chosen = |who: &usize| bits & (1 << who) != 0;
        let accept = |table: &Self, who: usize| {
            let (state, until) = table.quotes[who];
            quote_next(table.window, state, until > now, Event::Accept)
        };
        let winners: Vec<usize> = (0..SELLERS).filter(chosen).collect();
        let all = winners.iter().all(|who| accept(self, *who).is_some());
        if let Some(to) = request_next(self.window, RequestEvent::Award).filter(|_| all) {
            for who in winners {
                self.quotes[who].0 = QuoteState::Accepted;
            }
            self.awards += 1;
            self.end(to);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// However both sides and the clock take turns: one award at most, of offers that were valid at that moment; what
    /// is over stays over; nobody reads or chooses what is sealed.
    #[test]
    fn no_interleaving_awards_twice_or_too_late(sealed: bool, steps in prop::collection::vec(step(), 0..60)) {
        let mut table = Table::new(sealed);
        for step in steps {
            let before = (table.window, table.quotes, table.awards);
            table.take(step);
            prop_assert!(table.awards <= 1);
            let accepted = table.quotes.iter().filter(|q| q.0 == QuoteState::Accepted).count();
            prop_assert_eq!(accepted > 0, table.awards == 1);
            prop_assert_eq!(table.window.state == RequestState::Awarded, table.awards == 1);
            if !before.0.state.undecided() {
                prop_assert_eq!(before.0.state, table.window.state, "what is over moved");
                prop_assert_eq!(before.1.map(|q| q.0), table.quotes.map(|q| q.0));
            }
            if !table.window.state.undecided() {
                prop_assert!(table.quotes.iter().all(|q| matches!(q.0, QuoteState::Accepted | QuoteState::Lost)));
            }
            if table.awards > before.2 {
                prop_assert!(!sealed || table.window.now >= table.window.closes_at, "the seal was broken");
                for (was, is) in before.1.iter().zip(table.quotes) {
                    if is.0 == QuoteState::Accepted {
                        prop_assert_eq!(was.0, QuoteState::Sent, "not on the table");
                        prop_assert!(was.1 > table.window.now, "run out");
                    }
                }
            }
        }
    }

    /// A sealed offer is neither read, countered, rejected nor accepted before the deadline.
    #[test]
    fn the_seal_holds_until_the_deadline(hours in 0..48i64, state in prop::sample::select(QuoteState::ALL.to_vec())) {
        let mut table = Table::new(true);
        table.window.now += TimeDelta::hours(hours);
        let early = hours < 24;
        prop_assert_eq!(table.window.is_readable(), !early);
        for event in [Event::Counter, Event::Reject, Event::Accept] {
            let may = quote_next(table.window, state, true, event).is_some();
            prop_assert!(!(early && may), "{:?} of {:?}", event, state);
        }
        prop_assert_eq!(request_next(table.window, RequestEvent::Close).is_some(), !early);
    }
}

#[test]
fn each_step_that_is_meant_to_happen_can_happen() {
    let open = Table::new(false).window;
    let next = |from, event| quote_next(open, from, true, event);
    assert_eq!(next(QuoteState::Invited, Event::Offer), Some(QuoteState::Sent));
    assert_eq!(next(QuoteState::Sent, Event::Counter), Some(QuoteState::Countered));
    assert_eq!(next(QuoteState::Countered, Event::Take), Some(QuoteState::Sent));
    assert_eq!(next(QuoteState::Countered, Event::Keep), Some(QuoteState::Sent));
    assert_eq!(next(QuoteState::Sent, Event::Accept), Some(QuoteState::Accepted));
    assert_eq!(next(QuoteState::Countered, Event::Accept), None);
    assert_eq!(next(QuoteState::Withdrawn, Event::Offer), Some(QuoteState::Sent));
    assert_eq!(next(QuoteState::Invited, Event::Decline), Some(QuoteState::Declined));
    let late = Window { now: open.closes_at, ..open };
    assert_eq!(quote_next(late, QuoteState::Invited, true, Event::Offer), None);
    assert_eq!(quote_next(late, QuoteState::Countered, true, Event::Offer), Some(QuoteState::Sent));
    assert_eq!(late.by_clock(), RequestState::Closed);
    assert_eq!(request_next(late, RequestEvent::Extend), None);
    assert_eq!(request_next(open, RequestEvent::Extend), Some(RequestState::Open));
}
