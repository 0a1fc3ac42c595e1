//! Times as people here read them: Asia/Ho_Chi_Minh, DD/MM/YYYY.
//!
//! Viet Nam has kept UTC+7 without summer time since 1975, so a fixed offset is exact for
//! every date that this program can meet.

use super::Text;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, Offset, Utc};

/// A calendar day in Viet Nam.
pub type Day = NaiveDate;

/// The zone of every date that is shown or typed.
#[must_use]
pub fn vn() -> FixedOffset {
    FixedOffset::east_opt(7 * 3600).unwrap_or_else(|| Utc.fix())
}

/// The day in Viet Nam at a moment.
#[must_use]
pub fn day_of(at: DateTime<Utc>) -> Day {
    at.with_timezone(&vn()).date_naive()
}

/// The moment at which a day begins in Viet Nam.
#[must_use]
pub fn start_of_day(day: Day) -> DateTime<Utc> {
    (day.and_time(NaiveTime::MIN) - chrono::TimeDelta::hours(7)).and_utc()
}

/// The first day of the month of `day`.
#[must_use]
pub fn month_start(day: Day) -> Day {
    day.with_day(1).unwrap_or(day)
}

/// `22/11/2026`.
#[must_use]
pub fn date(day: Day) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// `08:40 22/11/2026`, in Viet Nam.
#[must_use]
pub fn date_time(at: DateTime<Utc>) -> String {
    at.with_timezone(&vn()).format("%H:%M %d/%m/%Y").to_string()
}

/// Reads `22/11/2026`, `22-11-2026` or a browser's `2026-11-22`.
///
/// # Errors
/// A text for the field.
pub fn parse_day(typed: &str) -> Result<Day, Text> {
    let typed = typed.trim();
    ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]
        .iter()
        .find_map(|format| NaiveDate::parse_from_str(typed, format).ok())
        .filter(|day| (1900..=2200).contains(&day.year()))
        .ok_or_else(|| {
            Text::new("Ngày chưa đúng, ví dụ 22/11/2026.", "This is not a date, e.g. 22/11/2026.")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_seventeen_utc() {
        let day = parse_day("01/01/2026").unwrap();
        assert_eq!(start_of_day(day).to_rfc3339(), "2025-12-31T17:00:00+00:00");
        assert_eq!(day_of(start_of_day(day)), day);
        assert_eq!(date_time(start_of_day(day)), "00:00 01/01/2026");
        assert!(parse_day("31/02/2026").is_err());
    }
}
