//! Periods of figures: half-open in Asia/Ho_Chi_Minh, so that neighbours meet without a gap or an overlap.

use crate::kernel::{Day, Lang, Text, date, parse_day, start_of_day};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use std::fmt;

/// A span of whole days in Viet Nam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    from: Day,
    /// The first day that is no longer in it.
    until: Day,
}

const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;
/// The longest period that somebody may choose freely.
const MOST_DAYS: i64 = 3660;

fn first_of(year: i32, month: u32) -> Option<Day> {
    NaiveDate::from_ymd_opt(year, month, 1).filter(|day| YEARS.contains(&day.year()))
}

/// The first day after `months` months from `from`.
fn after(from: Day, months: u32) -> Option<Day> {
    from.checked_add_months(chrono::Months::new(months))
}

impl Period {
    fn months(year: i32, month: u32, count: u32) -> Option<Self> {
        let from = first_of(year, month)?;
        Some(Self { from, until: after(from, count)? })
    }

    /// The first (1) or second (2) half of a year.
    #[must_use]
    pub fn half(year: i32, half: u32) -> Option<Self> {
        (1..=2).contains(&half).then(|| Self::months(year, 6 * half - 5, 6))?
    }

    /// A quarter, 1 to 4.
    #[must_use]
    pub fn quarter(year: i32, quarter: u32) -> Option<Self> {
        (1..=4).contains(&quarter).then(|| Self::months(year, 3 * quarter - 2, 3))?
    }

    /// A calendar year.
    #[must_use]
    pub fn year(year: i32) -> Option<Self> {
        Self::months(year, 1, 12)
    }

    /// From one day to another, both in it.
    ///
    /// # Errors
    /// A text for the field: the wrong way round, too long, or outside the years we know.
    pub fn between(from: Day, last: Day) -> Result<Self, Text> {
        let until = last.checked_add_days(Days::new(1)).unwrap_or(last);
        let days = (until - from).num_days();
        let known = YEARS.contains(&from.year()) && YEARS.contains(&last.year());
        if !known || !(1..=MOST_DAYS).contains(&days) {
            return Err(Text::new(
                "Khoảng ngày chưa đúng: ngày đầu phải trước hoặc trùng ngày cuối, và không quá 10 năm.",
                "These dates do not fit: the first day comes before or on the last, and within 10 years.",
            ));
        }
        Ok(Self { from, until })
    }

    /// The half-year of a day.
    #[must_use]
    pub fn current(today: Day) -> Self {
        Self::half(today.year(), today.month0() / 6 + 1)
            .unwrap_or(Self { from: today, until: today })
    }

    /// Reads [`Period::code`]: `2026-S1`, `2026-Q3`, `2026`, `2026-01-05_2026-02-03`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        if let Some((from, last)) = code.split_once('_') {
            return Self::between(parse_day(from).ok()?, parse_day(last).ok()?).ok();
        }
        match code.split_once('-') {
            None => Self::year(code.parse().ok()?),
            Some((year, part)) => {
                let year = year.parse().ok()?;
                match (part.get(..1)?, part.get(1..)?.parse().ok()?) {
                    ("S", half) => Self::half(year, half),
                    ("Q", quarter) => Self::quarter(year, quarter),
                    _ => None,
                }
            }
        }
    }

    /// Names the period in addresses and files.
    #[must_use]
    pub fn code(&self) -> String {
        let year = self.from.year();
        let named = |found: Option<Self>, code: String| (found == Some(*self)).then_some(code);
        named(Self::year(year), year.to_string())
            .or_else(|| (1..=2).find_map(|n| named(Self::half(year, n), format!("{year}-S{n}"))))
            .or_else(|| (1..=4).find_map(|n| named(Self::quarter(year, n), format!("{year}-Q{n}"))))
            .unwrap_or_else(|| format!("{}_{}", self.from, self.last_day()))
    }

    /// The period in words.
    #[must_use]
    pub fn label(&self, lang: Lang) -> String {
        let code = self.code();
        let year = self.from.year();
        match (code.split_once('-').map(|(_, part)| part), lang) {
            (None, Lang::Vi) => format!("Năm {year}"),
            (None, Lang::En) => format!("Year {year}"),
            (Some("S1"), Lang::Vi) => format!("6 tháng đầu năm {year}"),
            (Some("S2"), Lang::Vi) => format!("6 tháng cuối năm {year}"),
            (Some(part @ ("S1" | "S2")), Lang::En) => format!("Half {} of {year}", &part[1..]),
            (Some(part), _) if part.starts_with('Q') => {
                format!("{} {}/{year}", lang.t("Quý", "Quarter"), &part[1..])
            }
            _ => format!("{} – {}", date(self.from), date(self.last_day())),
        }
    }

    /// The first day.
    #[must_use]
    pub fn first_day(&self) -> Day {
        self.from
    }

    /// The last day, still in it.
    #[must_use]
    pub fn last_day(&self) -> Day {
        self.until.pred_opt().unwrap_or(self.until)
    }

    /// The moment it begins.
    #[must_use]
    pub fn starts(&self) -> DateTime<Utc> {
        start_of_day(self.from)
    }

    /// The moment that is no longer in it.
    #[must_use]
    pub fn ends(&self) -> DateTime<Utc> {
        start_of_day(self.until)
    }

    /// The day on which the register is asked: the last one, or today while the period runs.
    #[must_use]
    pub fn as_of(&self, today: Day) -> Day {
        self.last_day().min(today)
    }

    /// Whether it has not ended yet, so that its figures are provisional.
    #[must_use]
    pub fn runs(&self, today: Day) -> bool {
        self.until > today
    }

    /// What is offered to choose from: halves, quarters and years, newest first.
    #[must_use]
    pub fn offered(today: Day) -> Vec<Self> {
        let (year, month) = (today.year(), today.month0());
        let halves = (0..4).filter_map(|back| {
            let n = year * 2 + i32::try_from(month / 6).ok()? - back;
            Self::half(n.div_euclid(2), u32::try_from(n.rem_euclid(2)).ok()? + 1)
        });
        let years = (0..3).filter_map(|back| Self::year(year - back));
        let quarters = (0..4).filter_map(|back| {
            let n = year * 4 + i32::try_from(month / 3).ok()? - back;
            Self::quarter(n.div_euclid(4), u32::try_from(n.rem_euclid(4)).ok()? + 1)
        });
        halves.chain(years).chain(quarters).collect()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::day_of;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    #[test]
    fn periods_are_half_open_in_viet_nam() {
        let half = Period::half(2026, 2).unwrap();
        assert_eq!(half.starts().to_rfc3339(), "2026-06-30T17:00:00+00:00");
        assert_eq!(half.ends().to_rfc3339(), "2026-12-31T17:00:00+00:00");
        assert_eq!(half.last_day().to_string(), "2026-12-31");
        assert_eq!(half.ends(), Period::half(2027, 1).unwrap().starts());
        let today = "2026-11-22".parse().unwrap();
        assert_eq!(Period::current(today), half);
        assert_eq!(half.as_of(today), today);
        assert!(half.runs(today) && !half.runs("2027-01-01".parse().unwrap()));
        assert_eq!(Period::half(2026, 1).unwrap().as_of(today).to_string(), "2026-06-30");
    }

    #[test]
    fn codes_are_read_back_and_nonsense_is_none() {
        for code in ["2026", "2026-S1", "2026-S2", "2026-Q1", "2026-Q4", "2026-02-03_2026-02-03"] {
            assert_eq!(Period::parse(code).unwrap().code(), code);
        }
        assert_eq!(Period::parse("2026-01-01_2026-06-30"), Period::half(2026, 1));
        for bad in [
            "",
            "S1",
            "2026-S3",
            "2026-Q0",
            "2026-é",
            "1900",
            "99999999999",
            "2026-05-02_2026-05-01",
            "2000-01-01_2099-01-01",
            "2026-S-1",
            "_",
            "-",
        ] {
            assert_eq!(Period::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_offered_goes_back_over_the_turn_of_the_year() {
        let codes: Vec<String> =
            Period::offered("2026-02-01".parse().unwrap()).iter().map(Period::code).collect();
        assert_eq!(
            codes,
            [
                "2026-S1", "2025-S2", "2025-S1", "2024-S2", "2026", "2025", "2024", "2026-Q1",
                "2025-Q4", "2025-Q3", "2025-Q2"
            ]
        );
    }

    proptest! {
        #[test]
        fn halves_and_quarters_cut_a_year_without_gap_or_overlap(year in 2000i32..=2099, second in 0i64..31_536_000) {
            let whole = Period::year(year).unwrap();
            let at = whole.starts() + TimeDelta::seconds(second);
            let holds = |p: &Period| p.starts() <= at && at < p.ends();
            let halves: Vec<Period> = (1..=2).filter_map(|n| Period::half(year, n)).filter(holds).collect();
            let quarters: Vec<Period> = (1..=4).filter_map(|n| Period::quarter(year, n)).filter(holds).collect();
            prop_assert_eq!((halves.len(), quarters.len()), (1, 1));
            prop_assert!(halves[0].starts() <= quarters[0].starts() && quarters[0].ends() <= halves[0].ends());
            prop_assert_eq!(Period::current(day_of(at)), halves[0]);
        }
    }
}
