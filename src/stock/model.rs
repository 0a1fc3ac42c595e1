//! A level, and the wishes of one order put in order: pure.

use crate::kernel::{SellerId, VariantId};
use std::collections::BTreeMap;

/// What "without limit" is shown and reckoned as.
pub(super) const UNLIMITED: i64 = 1_000_000;

/// How many there are of one variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    pub on_hand: i64,
    pub reserved: i64,
    /// Kept back from sale.
    pub buffer: i64,
    /// A service, or made to order.
    pub unlimited: bool,
}

impl Level {
    /// How many can be sold now.
    #[must_use]
    pub fn available(&self) -> i64 {
        if self.unlimited { UNLIMITED } else { (self.on_hand - self.reserved - self.buffer).max(0) }
    }
}

/// A level that begins.
#[derive(Debug, Clone, Copy)]
pub struct NewLevel {
    pub variant: VariantId,
    pub seller: SellerId,
    pub on_hand: i64,
    pub unlimited: bool,
}

/// Why the number on hand is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountKind {
    /// The first number.
    Opening,
    /// Somebody counted.
    Count,
    /// Goods came in.
    Receipt,
    /// Goods came back.
    Return,
}

impl CountKind {
    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Count => "count",
            Self::Receipt => "receipt",
            Self::Return => "return",
        }
    }
}

/// One number a variant, in the order of their ids: the order in which rows are locked.
pub(super) fn in_lock_order(wishes: &[(VariantId, i64)]) -> Vec<(VariantId, i64)> {
    let mut sums = BTreeMap::new();
    for (variant, quantity) in wishes {
        let sum: &mut i64 = sums.entry(*variant).or_default();
        *sum = sum.saturating_add(*quantity);
    }
    sums.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn equal_variants_are_summed_and_sorted() {
        let [a, b] = [1, 2].map(|n| VariantId(Uuid::from_u128(n)));
        assert_eq!(in_lock_order(&[(b, 1), (a, 2), (b, 3)]), [(a, 2), (b, 4)]);
        assert_eq!(in_lock_order(&[(a, i64::MAX), (a, 1)]), [(a, i64::MAX)]);
    }

    #[test]
    fn what_is_kept_back_is_not_for_sale() {
        let level = Level { on_hand: 5, reserved: 2, buffer: 4, unlimited: false };
        assert_eq!(level.available(), 0);
        assert_eq!(Level { unlimited: true, ..level }.available(), UNLIMITED);
    }
}
