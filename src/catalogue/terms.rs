//! What a variant's quantity has to be, and how long more of it takes: pure.

use serde::{Deserialize, Serialize};

/// From so many on it takes so many days until it can be handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadStep {
    pub from: i64,
    pub days: i32,
}

/// What a variant's quantity has to be, in pieces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The fewest at once.
    pub min: i64,
    /// Only whole multiples of it.
    pub step: i64,
    /// Both hold for people who are no firm as well.
    pub for_all: bool,
    /// By rising quantity.
    pub lead: Vec<LeadStep>,
}

impl Default for Terms {
    fn default() -> Self {
        Self { min: 1, step: 1, for_all: false, lead: Vec::new() }
    }
}

/// The most of one thing in one order.
pub const MOST_PIECES: i64 = 1_000_000;

impl Terms {
    /// The fewest, and the multiple, that bind a firm or a person.
    #[must_use]
    pub const fn binding(&self, business: bool) -> (i64, i64) {
        if business || self.for_all { (self.min, self.step) } else { (1, 1) }
    }

    /// Days until `quantity` can be handed over, where one takes `usual`.
    #[must_use]
    pub fn lead_days(&self, usual: i32, quantity: i64) -> i32 {
        let reached = self.lead.iter().filter(|step| step.from <= quantity);
        reached.max_by_key(|step| step.from).map_or(usual, |step| step.days)
    }

    /// Whether they can be kept: the fewest is a multiple, and larger quantities take longer.
    #[must_use]
    pub fn fit(&self) -> bool {
        let within = |n: i64| (1..=MOST_PIECES).contains(&n);
        within(self.min)
            && within(self.step)
            && self.min % self.step == 0
            && self.lead.len() <= 10
            && self
                .lead
                .iter()
                .all(|s| (2..=MOST_PIECES).contains(&s.from) && (0..=365).contains(&s.days))
            && self.lead.windows(2).all(|w| w[0].from < w[1].from && w[0].days <= w[1].days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_larger_quantity_takes_as_long_as_its_step_says() {
        let lead = vec![LeadStep { from: 100, days: 7 }, LeadStep { from: 1_000, days: 21 }];
        let terms = Terms { min: 20, step: 10, for_all: false, lead };
        assert!(terms.fit());
        let days = |n| terms.lead_days(2, n);
        assert_eq!([days(1), days(99), days(100), days(999), days(1_000)], [2, 2, 7, 7, 21]);
        assert_eq!(terms.binding(true), (20, 10));
        assert_eq!(terms.binding(false), (1, 1));
        assert_eq!(Terms { for_all: true, ..terms }.binding(false), (20, 10));
    }

    #[test]
    fn terms_that_nobody_could_keep_are_refused() {
        let plain = Terms::default();
        assert!(plain.fit());
        assert!(!Terms { min: 25, step: 10, ..plain.clone() }.fit());
        assert!(!Terms { step: 0, ..plain.clone() }.fit());
        let step = |from, days| LeadStep { from, days };
        assert!(!Terms { lead: vec![step(10, 9), step(20, 3)], ..plain.clone() }.fit());
        assert!(!Terms { lead: vec![step(20, 3), step(10, 9)], ..plain }.fit());
    }
}
