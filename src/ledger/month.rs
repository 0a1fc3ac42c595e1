//! A month as pages and files ask for it: `2026-11`.

use crate::{
    kernel::{Cx, Day, day_of, month_start, start_of_day},
    web::Query,
};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;

/// Which month.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    thang: String,
}

/// One month, from its first moment to that of the next. A handler that takes it has what the query asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Month {
    pub first: Day,
    pub span: (DateTime<Utc>, DateTime<Utc>),
}

impl Month {
    /// The month that was asked for, or this one; none before the floor began and none to come.
    pub(super) fn read(asked: &str, now: DateTime<Utc>) -> Self {
        let this = month_start(day_of(now));
        let earliest = this.checked_sub_months(Months::new(120)).unwrap_or(this);
        let typed = NaiveDate::parse_from_str(&format!("{asked}-01"), "%Y-%m-%d").ok();
        let first =
            typed.map(month_start).filter(|m| (earliest..=this).contains(m)).unwrap_or(this);
        let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
        Self { first, span: (start_of_day(first), start_of_day(next)) }
    }

    /// `2026-11`
    pub(super) fn code(&self) -> String {
        self.first.format("%Y-%m").to_string()
    }

    /// `11/2026`
    pub(super) fn name(&self) -> String {
        self.first.format("%m/%Y").to_string()
    }

    /// The month after it.
    pub(super) fn next(&self) -> Day {
        self.first.checked_add_months(Months::new(1)).unwrap_or(self.first)
    }

    /// Its last day, or today while it is not over.
    pub(super) fn last_day(&self, now: DateTime<Utc>) -> Day {
        day_of((self.span.1 - TimeDelta::seconds(1)).min(now))
    }

    /// Whether it is over: nothing is added to it any more but what comes late.
    pub(super) fn is_over(&self, now: DateTime<Utc>) -> bool {
        now >= self.span.1
    }

    /// From the beginning of its year to its end.
    pub(super) fn year_so_far(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let january = chrono::Datelike::with_month(&self.first, 1).unwrap_or(self.first);
        (start_of_day(january), self.span.1)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Month {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        let cx = Cx::from_request_parts(parts, state).await?;
        let Ok(Query(asked)) = Query::<Asked>::from_request_parts(parts, state).await;
        Ok(Self::read(&asked.thang, cx.now))
    }
}

/// Code and name of the last twelve months, this one first.
pub(super) fn choices(now: DateTime<Utc>) -> Vec<(String, String)> {
    let this = month_start(day_of(now));
    let back = |n: u32| this.checked_sub_months(Months::new(n));
    let both = |m: Day| (m.format("%Y-%m").to_string(), m.format("%m/%Y").to_string());
    (0..12).filter_map(back).map(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_and_nonsense_is_this_one() {
        let now = "2026-11-22T02:00:00Z".parse().unwrap();
        assert_eq!(Month::read("2026-02", now).code(), "2026-02");
        let february = Month::read("2026-02", now).span;
        assert_eq!((february.1 - february.0).num_days(), 28);
        for nonsense in ["", "2026-13", "2027-01", "1066-10", "x", "2026-11-22", "99999999999-01"] {
            assert_eq!(Month::read(nonsense, now).code(), "2026-11", "{nonsense}");
        }
        assert!(Month::read("2026-10", now).is_over(now));
        assert!(!Month::read("2026-11", now).is_over(now));
        assert_eq!(Month::read("2026-10", now).last_day(now).to_string(), "2026-10-31");
        assert_eq!(Month::read("2026-11", now).last_day(now).to_string(), "2026-11-22");
    }
}
