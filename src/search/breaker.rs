//! Lets an index rest that has failed, so that not every question waits for it anew.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long an index is not asked after it has failed.
const REST: Duration = Duration::from_secs(5);

/// Since when, if at all, the index rests. In this time PostgreSQL answers.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<Option<Instant>>);

impl Breaker {
    fn until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether to ask the index. After each rest one question goes ahead and the others do not wait for it.
    pub(super) fn lets_ask(&self, now: Instant) -> bool {
        let mut until = self.until();
        match *until {
            None => true,
            Some(end) if now < end => false,
            Some(_) => {
                *until = Some(now + REST);
                true
            }
        }
    }

    /// The index did not answer.
    pub(super) fn failed(&self, now: Instant) {
        *self.until() = Some(now + REST);
    }

    /// The index works; whether it had been resting.
    pub(super) fn works(&self) -> bool {
        self.until().take().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_failed_rests_and_then_is_tried_by_one() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        assert!(breaker.lets_ask(start) && breaker.lets_ask(start));
        breaker.failed(start);
        assert!(!breaker.lets_ask(start) && !breaker.lets_ask(start + REST / 2));
        let later = start + REST;
        assert!(breaker.lets_ask(later), "one goes ahead");
        assert!(!breaker.lets_ask(later), "the others do not wait for it");
        assert!(breaker.lets_ask(later + REST), "nor for ever, should its reader have left");
        assert!(breaker.works() && breaker.lets_ask(later));
        assert!(!breaker.works(), "it had not been resting");
    }
}
