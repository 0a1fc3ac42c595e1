//! The operator's commission: which rule counts, and what it comes to. Pure but for reading the rules.

use crate::kernel::{BasisPoints, SellerId, Vnd};

/// A rule that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// `None`: every seller.
    pub seller: Option<SellerId>,
    /// With everything below it; `None`: every category.
    pub category: Option<String>,
    pub rate: BasisPoints,
}

/// The rate for goods of a seller in a category, given with what lies above it, nearest first.
///
/// The nearest rule counts: seller and category, seller, category, everybody. Without a rule nothing is owed.
#[must_use]
pub fn rate(rules: &[Rule], seller: SellerId, trail: &[String]) -> BasisPoints {
    let near = |rule: &&Rule| {
        let own = match rule.seller {
            Some(s) if s == seller => 0,
            Some(_) => return None,
            None => 1,
        };
        let distance = match &rule.category {
            Some(category) => trail.iter().position(|t| t == category)?,
            None => usize::MAX,
        };
        Some((own, distance))
    };
    let found = rules.iter().filter_map(|rule| Some((near(&rule)?, rule.rate)));
    found.min_by_key(|(near, _)| *near).map_or(BasisPoints(0), |(_, rate)| rate)
}

/// The commission on an amount, rounded down: in the seller's favour by less than one đồng a line.
pub(super) fn on(amount: Vnd, rate: BasisPoints) -> i64 {
    let share = i128::from(amount.0.max(0)) * i128::from(rate.0) / 10_000;
    i64::try_from(share).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_nearest_rule_counts() {
        let (own, other) = (SellerId(Uuid::from_u128(1)), SellerId(Uuid::from_u128(2)));
        let rule = |seller, category: &str, bps| Rule {
            seller,
            category: (!category.is_empty()).then(|| category.to_owned()),
            rate: BasisPoints(bps),
        };
        let mut rules = vec![rule(None, "", 100), rule(None, "nong-san", 200)];
        let trail = ["ca-phe".to_owned(), "nong-san".to_owned()];
        assert_eq!(rate(&[], own, &trail), BasisPoints(0));
        assert_eq!(rate(&rules, own, &[]), BasisPoints(100));
        assert_eq!(rate(&rules, own, &trail), BasisPoints(200));
        rules.push(rule(None, "ca-phe", 300));
        assert_eq!(rate(&rules, own, &trail), BasisPoints(300));
        rules.push(rule(Some(own), "", 50));
        assert_eq!(rate(&rules, own, &trail), BasisPoints(50));
        assert_eq!(rate(&rules, other, &trail), BasisPoints(300));
        rules.push(rule(Some(own), "nong-san", 0));
        assert_eq!(rate(&rules, own, &trail), BasisPoints(0));
    }

    #[test]
    fn shares_are_rounded_down() {
        assert_eq!(on(Vnd(99_999), BasisPoints(250)), 2_499);
        assert_eq!(on(Vnd(-5), BasisPoints(250)), 0);
        assert_eq!(on(Vnd(i64::MAX), BasisPoints(10_000)), i64::MAX);
    }
}
