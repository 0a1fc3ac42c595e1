//! What people look for, counted without saying who: gathered in memory, written every few seconds.

use super::queries_asked::{self, Tally};
use crate::kernel::Day;
use sqlx::PgPool;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use unicode_normalization::UnicodeNormalization;

/// Days for which it is kept.
pub(super) const DAYS_KEPT: u64 = 90;
/// An answer that takes longer is slow.
pub(super) const SLOW: Duration = Duration::from_millis(50);
/// Different words remembered between two writings; more are not counted.
const MOST: usize = 5_000;
/// Longer texts are no searches for goods.
const LONGEST: usize = 60;
/// So many digits may be somebody's phone or identity number.
const DIGITS: usize = 8;

/// How one search went.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observed {
    pub(super) total: usize,
    /// Nothing was found as typed.
    pub(super) empty: bool,
    pub(super) took: Duration,
}

/// Counts that wait to be written.
#[derive(Default)]
pub(super) struct Asked(Mutex<HashMap<(Day, String), Tally>>);

/// What was typed, in the form in which it is counted; `None` for what may be about a person.
fn counted(typed: &str) -> Option<String> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let words: String = words.join(" ").nfc().flat_map(char::to_lowercase).collect();
    let is_private = words.contains('@')
        || words.contains("://")
        || words.chars().filter(char::is_ascii_digit).count() >= DIGITS;
    let fits = !words.is_empty() && words.chars().count() <= LONGEST;
    (fits && !is_private).then_some(words)
}

impl Asked {
    pub(super) fn note(&self, typed: &str, day: Day, observed: Observed) {
        let Some(words) = counted(typed) else { return };
        let mut tallies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tallies.len() >= MOST && !tallies.contains_key(&(day, words.clone())) {
            return;
        }
        let tally = tallies.entry((day, words)).or_default();
        tally.times += 1;
        tally.empty += i64::from(observed.empty);
        tally.slow += i64::from(observed.took > SLOW);
        let took = i32::try_from(observed.took.as_millis()).unwrap_or(i32::MAX);
        tally.slowest = tally.slowest.max(took);
        tally.total = i64::try_from(observed.total).unwrap_or(i64::MAX);
    }

    /// Writes what was counted; what cannot be written is counted on.
    pub(super) async fn flush(&self, db: &PgPool) -> sqlx::Result<()> {
        let tallies = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if tallies.is_empty() {
            return Ok(());
        }
        let written = async { queries_asked::add(&mut *db.acquire().await?, &tallies).await }.await;
        if written.is_err() {
            let mut newer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, tally) in tallies {
                newer.entry(key).or_default().add(&tally);
            }
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn what_may_be_about_a_person_is_not_counted() {
        assert_eq!(counted("  Cà  PHÊ ").as_deref(), Some("cà phê"));
        assert_eq!(counted("gạo 5kg").as_deref(), Some("gạo 5kg"));
        for private in ["", "0912 345 678", "lan@vidu.vn", "https://x.vn/a", &"a".repeat(61)] {
            assert_eq!(counted(private), None, "{private}");
        }
    }
}
