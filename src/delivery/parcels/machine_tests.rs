//! Every (state, event) is looked at, and news in any order, any number of times, end in one state.

use super::*;
use chrono::TimeDelta;
use proptest::prelude::*;

fn minute(n: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(n)
}

#[test]
fn the_table_says_what_the_ranks_say() {
    for (i, state) in ParcelState::ALL.into_iter().enumerate() {
        assert_eq!(TABLE[i].0, state, "each state has its row");
        for event in ParcelEvent::ALL {
            let to = event.to();
            let further = to.rank() > state.rank();
            let attempt = to.rank() == state.rank()
                && matches!(to, ParcelState::OutForDelivery | ParcelState::Failed);
            let moved = state.after(event, minute(2), minute(1));
            assert_eq!(moved, (further || attempt).then_some(to), "{state:?} {event:?}");
            // Told late: what is further still counts, an older attempt does not.
            let late = state.after(event, minute(1), minute(2));
            assert_eq!(late, further.then_some(to), "{state:?} {event:?} late");
        }
    }
}

#[test]
fn words_and_ranks_are_distinct() {
    for state in ParcelState::ALL {
        let same = ParcelState::ALL.into_iter().filter(|s| s.code() == state.code()).count();
        assert_eq!(same, 1, "{state:?}");
    }
    for event in ParcelEvent::ALL {
        assert_eq!(ParcelEvent::of(event.code()), Some(event));
    }
    assert!(ParcelState::ALL.is_sorted_by_key(|state| state.rank()));
}

#[test]
fn a_late_failure_does_not_undo_a_later_attempt() {
    use ParcelEvent::{Fail, GoOut};
    for news in [[(GoOut, 1), (GoOut, 4), (Fail, 2)], [(GoOut, 4), (Fail, 2), (GoOut, 1)]] {
        assert_eq!(told(&news), ParcelState::OutForDelivery, "{news:?}");
    }
}

fn told(news: &[(ParcelEvent, i64)]) -> ParcelState {
    let mut now = (ParcelState::Created, minute(0));
    for (event, at) in news {
        if let Some(to) = now.0.after(*event, minute(*at), now.1) {
            now = (to, minute(*at));
        }
    }
    now.0
}

proptest! {
    #[test]
    fn the_order_and_number_of_news_do_not_matter(
        news in prop::collection::vec((prop::sample::select(ParcelEvent::ALL.to_vec()), 1i64..9), 0..14),
        seed in any::<u64>(),
    ) {
        let expected = told(&news);
        let mut shuffled: Vec<_> = news.iter().chain(&news).copied().collect();
        let mut state = seed;
        for i in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(i, usize::try_from(state >> 33).unwrap() % (i + 1));
        }
        prop_assert_eq!(told(&shuffled), expected);
    }

    #[test]
    fn nothing_leaves_the_end(event in prop::sample::select(ParcelEvent::ALL.to_vec()), at in 0i64..9) {
        prop_assert_eq!(ParcelState::Delivered.after(event, minute(at), minute(3)), None);
    }
}
