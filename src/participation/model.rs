//! Figures of one period, pure.

use super::indicator::{Group, Indicator, Size};
use crate::kernel::Lang;
use std::collections::HashMap;

/// How many firms count for each indicator, among those of one population or part of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub population: i64,
    pub registered: i64,
    pub admitted: i64,
    pub shown: i64,
    pub listed: i64,
    pub trading: i64,
    pub b2c: i64,
    pub b2b: i64,
    pub both: i64,
    pub selling: i64,
    pub buying: i64,
}

impl Counts {
    /// The count of one indicator.
    #[must_use]
    pub fn get(&self, indicator: Indicator) -> i64 {
        match indicator {
            Indicator::Population => self.population,
            Indicator::Registered => self.registered,
            Indicator::Admitted => self.admitted,
            Indicator::Shown => self.shown,
            Indicator::Listed => self.listed,
            Indicator::Trading | Indicator::SmeTrading => self.trading,
            Indicator::B2c => self.b2c,
            Indicator::B2b => self.b2b,
            Indicator::Both => self.both,
            Indicator::Selling | Indicator::HouseholdSelling => self.selling,
            Indicator::Buying => self.buying,
        }
    }

    /// The share of the population that counts.
    #[must_use]
    pub fn share(&self, indicator: Indicator) -> Share {
        Share { part: self.get(indicator), whole: self.population }
    }

    fn add(&mut self, other: &Self) {
        self.population += other.population;
        self.registered += other.registered;
        self.admitted += other.admitted;
        self.shown += other.shown;
        self.listed += other.listed;
        self.trading += other.trading;
        self.b2c += other.b2c;
        self.b2b += other.b2b;
        self.both += other.both;
        self.selling += other.selling;
        self.buying += other.buying;
    }
}

/// So many of so many, kept as counts so that comparing is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    pub part: i64,
    pub whole: i64,
}

impl Share {
    /// In basis points, rounded half up; `None` of nothing.
    #[must_use]
    pub fn bps(self) -> Option<i64> {
        (self.whole > 0).then(|| (self.part * 20_000 + self.whole) / (2 * self.whole))
    }

    /// Whether it reaches `bps`, compared without rounding.
    #[must_use]
    pub fn reaches(self, bps: i32) -> bool {
        self.whole > 0 && self.part * 10_000 >= i64::from(bps) * self.whole
    }

    /// `12,35 %`, `12.35%`; a dash where there is no population.
    #[must_use]
    pub fn shown(self, lang: Lang) -> String {
        self.bps().map_or_else(|| "—".to_owned(), |bps| percent(bps, lang))
    }
}

/// Basis points as the reader's language writes percents.
#[must_use]
pub(super) fn percent(bps: i64, lang: Lang) -> String {
    let sign = if bps < 0 { "−" } else { "" };
    let (whole, rest) = (bps.abs() / 100, bps.abs() % 100);
    let digits = match rest {
        0 => whole.to_string(),
        _ => format!("{whole}.{rest:02}").trim_end_matches('0').to_owned(),
    };
    match lang {
        Lang::Vi => format!("{sign}{}\u{a0}%", digits.replace('.', ",")),
        Lang::En => format!("{sign}{digits}%"),
    }
}

/// One part of the register with its counts, as the database groups it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) kind: String,
    pub(super) commune: Option<String>,
    pub(super) size: Option<String>,
    pub(super) by_commune: bool,
    pub(super) by_size: bool,
    pub(super) counts: Counts,
}

/// All figures of one period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    groups: HashMap<Group, Counts>,
    /// Enterprises by commune; `None`: the register does not say which.
    pub communes: Vec<(Option<String>, Counts)>,
    /// Enterprises by size class, smallest first.
    pub sizes: Vec<(Size, Counts)>,
}

impl Figures {
    pub(super) fn of(parts: Vec<Part>) -> Self {
        let mut figures = Self::default();
        for part in parts {
            let Some(group) = Group::of_kind(&part.kind) else { continue };
            match (part.by_commune, part.by_size) {
                (false, false) => drop(figures.groups.insert(group, part.counts)),
                (true, _) if group == Group::Enterprises => {
                    figures.communes.push((part.commune, part.counts));
                }
                (_, true) if group == Group::Enterprises => {
                    let size = part.size.as_deref().and_then(Size::of_code);
                    figures.sizes.push((size.unwrap_or(Size::Unknown), part.counts));
                }
                _ => {}
            }
        }
        figures.sizes.sort_by_key(|(size, _)| *size);
        figures
    }

    /// The counts of a population.
    #[must_use]
    pub fn group(&self, group: Group) -> Counts {
        self.groups.get(&group).copied().unwrap_or_default()
    }

    /// Small and medium-sized enterprises together.
    #[must_use]
    pub fn smes(&self) -> Counts {
        let mut sum = Counts::default();
        self.sizes.iter().filter(|(size, _)| size.is_sme()).for_each(|(_, counts)| sum.add(counts));
        sum
    }

    /// The share that an indicator states of its own population, or of enterprises.
    #[must_use]
    pub fn share(&self, indicator: Indicator) -> Share {
        let counts = match indicator {
            Indicator::SmeTrading => self.smes(),
            other => self.group(other.group().unwrap_or(Group::Enterprises)),
        };
        counts.share(indicator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn percents_are_written_as_the_reader_writes_them() {
        let third = Share { part: 1, whole: 3 };
        assert_eq!(third.shown(Lang::Vi), "33,33\u{a0}%");
        assert_eq!(Share { part: 1, whole: 2 }.shown(Lang::En), "50%");
        assert_eq!(Share { part: 0, whole: 0 }.shown(Lang::Vi), "—");
        assert_eq!(percent(-2870, Lang::Vi), "−28,7\u{a0}%");
        assert_eq!(percent(5, Lang::En), "0.05%");
    }

    #[test]
    fn a_target_is_reached_exactly_not_by_rounding() {
        // 59.996 % rounds to 60 % and still falls short.
        let near = Share { part: 14_999, whole: 25_000 };
        assert_eq!(near.bps(), Some(6000));
        assert!(!near.reaches(6000) && Share { part: 15_000, whole: 25_000 }.reaches(6000));
    }

    proptest! {
        #[test]
        fn rounding_is_never_off_by_more_than_half(part in 0i64..100_000, rest in 0i64..100_000) {
            let whole = part + rest;
            prop_assume!(whole > 0);
            let bps = Share { part, whole }.bps().unwrap_or_default();
            prop_assert!((0..=10_000).contains(&bps));
            prop_assert!((2 * (bps * whole - part * 10_000)).abs() <= whole);
        }
    }
}
