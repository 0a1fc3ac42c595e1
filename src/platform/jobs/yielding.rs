//! People who wait go before work that can wait: while many connections are in use the worker pauses between its
//! batches, unless what is due has waited long already.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// No job waits longer than this because of people who wait.
const MOST_LATE: Duration = Duration::from_secs(10);
/// How long one pause is at most.
const PAUSE: Duration = Duration::from_millis(500);
/// How often the pool is looked at meanwhile.
const LOOK: Duration = Duration::from_millis(20);

/// How late the worker is with what is due.
pub(super) struct Lateness {
    /// The moment of the run, by the clock of the jobs and by the machine's.
    now: DateTime<Utc>,
    began: Instant,
    oldest: DateTime<Utc>,
}

impl Lateness {
    pub(super) fn from(now: DateTime<Utc>) -> Self {
        Self { now, began: Instant::now(), oldest: now }
    }

    /// The job that had been due longest in the newest batch.
    pub(super) const fn saw(&mut self, due: DateTime<Utc>) {
        self.oldest = due;
    }

    fn amount(&self) -> Duration {
        let before = (self.now - self.oldest).max(TimeDelta::zero());
        before.to_std().unwrap_or(MOST_LATE) + self.began.elapsed()
    }
}

/// Waits while many people wait, but never long, and not at all when the jobs are late.
pub(super) async fn give_way(db: &PgPool, late: &Lateness, stop: &CancellationToken) {
    let from = Instant::now();
    while is_crowded(db)
        && from.elapsed() < PAUSE
        && late.amount() < MOST_LATE
        && !stop.is_cancelled()
    {
        tokio::time::sleep(LOOK).await;
    }
}

fn is_crowded(db: &PgPool) -> bool {
    crowded(db.size(), db.num_idle(), db.options().get_max_connections())
}

/// Whether a quarter of the connections that there may be are in use.
fn crowded(open: u32, idle: usize, most: u32) -> bool {
    let in_use = (open as usize).saturating_sub(idle);
    in_use * 4 >= most as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_due_before_the_run_counts_from_then() {
        let now = "2026-11-22T03:00:00Z".parse().unwrap();
        let mut late = Lateness::from(now);
        assert!(late.amount() < MOST_LATE);
        late.saw(now - TimeDelta::seconds(11));
        assert!(late.amount() > MOST_LATE);
        late.saw(now + TimeDelta::hours(1));
        assert!(late.amount() < MOST_LATE, "what is due later is not late");
    }

    #[test]
    fn a_quarter_in_use_is_a_crowd() {
        assert!(!crowded(24, 24, 24), "nobody is there");
        assert!(!crowded(3, 0, 24), "few were ever opened");
        assert!(!crowded(24, 19, 24));
        assert!(crowded(24, 18, 24));
        assert!(!crowded(2, 3, 24), "the counters are read one after the other");
    }
}
