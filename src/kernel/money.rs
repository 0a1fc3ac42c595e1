//! Amounts in whole đồng, never floats.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A share in hundredths of a percent: `250` is 2.5 %.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct BasisPoints(pub i32);

/// A signed amount of whole đồng. Đồng has no minor unit, so nothing is ever rounded but shares.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Vnd(pub i64);

impl Vnd {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Reads an amount as people write it: digits, with or without marks between thousands.
    ///
    /// ```
    /// use santinh::kernel::Vnd;
    /// for typed in ["25000", "25.000", "25,000 ₫", " 25 000 đ "] {
    ///     assert_eq!(Vnd::read(typed), Some(Vnd(25_000)));
    /// }
    /// for typed in ["", "-1", "2.5", "25k", "99999999999999999999"] {
    ///     assert_eq!(Vnd::read(typed), None);
    /// }
    /// ```
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let typed = typed.trim().trim_end_matches(['đ', '₫', 'Đ']).trim_end();
        let marks = |c: char| matches!(c, '.' | ',' | ' ' | '\u{a0}');
        if typed.is_empty() || !typed.chars().all(|c| c.is_ascii_digit() || marks(c)) {
            return None;
        }
        let groups: Vec<&str> = typed.split(marks).collect();
        let grouped = groups.len() == 1
            || ((1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|g| g.len() == 3));
        if grouped { groups.concat().parse().ok().map(Self) } else { None }
    }

    /// The sum; `None` when it leaves `i64`.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// This amount `quantity` times; `None` when it leaves `i64`.
    #[must_use]
    pub fn times(self, quantity: i64) -> Option<Self> {
        self.0.checked_mul(quantity).map(Self)
    }

    /// The tax contained in a price that includes it: `price × rate ÷ (1 + rate)`, rounded half up.
    ///
    /// Rounded once a line; a total is the sum of its lines.
    ///
    /// ```
    /// use santinh::kernel::{BasisPoints, Vnd};
    /// assert_eq!(Vnd(108_000).contained_tax(BasisPoints(800)), Vnd(8_000));
    /// assert_eq!(Vnd(100).contained_tax(BasisPoints(0)), Vnd(0));
    /// ```
    #[must_use]
    pub fn contained_tax(self, rate: BasisPoints) -> Self {
        let rate = i128::from(rate.0);
        let whole = 10_000 + rate;
        let scaled = i128::from(self.0) * rate * 2 + whole;
        Self(i64::try_from(scaled.div_euclid(2 * whole)).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Vnd {
    /// `1.250.000 ₫`, with a no-break space.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                f.write_str(".")?;
            }
            write!(f, "{digit}")?;
        }
        f.write_str("\u{a0}₫")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dong_are_grouped_with_dots() {
        assert_eq!(Vnd(1_250_000).to_string(), "1.250.000\u{a0}₫");
        assert_eq!(Vnd(0).to_string(), "0\u{a0}₫");
        assert_eq!(Vnd(-50_000).to_string(), "-50.000\u{a0}₫");
    }

    proptest! {
        #[test]
        fn tax_and_net_make_the_price(price in 0i64..1_000_000_000_000, rate in 0i32..=10_000) {
            let tax = Vnd(price).contained_tax(BasisPoints(rate)).0;
            prop_assert!(0 <= tax && tax <= price);
            let net = i128::from(price - tax);
            let exact = net * i128::from(rate);
            prop_assert!((i128::from(tax) * 10_000 - exact).abs() <= 10_000, "off by more than a đồng");
        }
    }
}
