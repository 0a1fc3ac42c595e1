//! Selling units, and amounts of them as people type them: pure. Nothing is rounded.

use crate::kernel::{Vnd, fold};
use serde::{Deserialize, Serialize};

/// `units` of it are `base` pieces: 1 carton = 24 packets; 50 kg = 1 sack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    pub name: String,
    pub units: i64,
    pub base: i64,
}

/// An amount in thousandths, as typed: `12`, `1.200`, `1,5`, `0.75`. A mark before exactly three digits stands between
/// thousands, any other before a fraction.
#[must_use]
pub fn read_amount(typed: &str) -> Option<i64> {
    let typed = typed.trim();
    if typed.is_empty() || typed.len() > 15 {
        return None;
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let marks = |c: char| matches!(c, '.' | ',');
    let groups: Vec<&str> = typed.split(marks).collect();
    if !groups.iter().all(|group| digits(group)) {
        return None;
    }
    let thousands = groups[1..].iter().all(|group| group.len() == 3)
        && (groups.len() == 1 || ((1..=3).contains(&groups[0].len()) && groups[0] != "0"));
    if thousands {
        return groups.concat().parse::<i64>().ok()?.checked_mul(1_000);
    }
    let (whole, rest) = typed.split_once(marks)?;
    if rest.len() > 3 || !digits(rest) {
        return None;
    }
    let rest: i64 = format!("{rest:0<3}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(1_000)?.checked_add(rest)
}

impl Unit {
    /// The piece itself.
    #[must_use]
    pub fn piece(name: &str) -> Self {
        Self { name: name.to_owned(), units: 1, base: 1 }
    }

    /// Pieces in so many thousandths of the unit; `None` where that is not a whole number of pieces.
    #[must_use]
    pub fn pieces(&self, thousandths: i64) -> Option<i64> {
        let (all, of) = (thousandths.checked_mul(self.base)?, self.units.checked_mul(1_000)?);
        (all % of == 0).then_some(all / of)
    }

    /// Whole units in so many pieces.
    #[must_use]
    pub fn of_pieces(&self, pieces: i64) -> Option<i64> {
        let all = pieces.checked_mul(self.units)?;
        (self.base != 0 && all % self.base == 0).then_some(all / self.base)
    }

    /// The price of a piece, where one of the unit costs `price`; `None` where that is no whole amount.
    #[must_use]
    pub fn piece_price(&self, price: Vnd) -> Option<Vnd> {
        let all = price.times(self.units)?.0;
        (all % self.base == 0).then_some(Vnd(all / self.base))
    }

    /// The price of one of the unit, where a piece costs `price`; `None` where that is no whole amount.
    #[must_use]
    pub fn unit_price(&self, price: Vnd) -> Option<Vnd> {
        let all = price.times(self.base)?.0;
        (all % self.units == 0).then_some(Vnd(all / self.units))
    }

    /// The nearest prices of the unit, below and above, that come to whole đồng a piece.
    #[must_use]
    pub fn near(&self, price: Vnd) -> Option<(Vnd, Vnd)> {
        // One đồng more a piece is base/units more a unit: only prices that are whole in both are proposed.
        let lower = Vnd(price.times(self.units)?.0 / self.base);
        let down = (0..self.units.min(lower.0)).find_map(|n| self.unit_price(Vnd(lower.0 - n)))?;
        let up = (1..=self.units).find_map(|n| self.unit_price(Vnd(lower.0 + n)))?;
        Some((down, up))
    }

    /// Whether it is called so, marks and capitals aside.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        fold(self.name.trim()) == fold(name.trim())
    }

    /// `1 thùng = 24 gói`.
    #[must_use]
    pub fn shown(&self, piece: &str) -> String {
        format!("{} {} = {} {piece}", self.units, self.name, self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unit(units: i64, base: i64) -> Unit {
        Unit { name: "thùng".into(), units, base }
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (typed, thousandths) in [
            ("12", 12_000),
            ("1.200", 1_200_000),
            ("1,5", 1_500),
            ("0,75", 750),
            ("0.250", 250),
            ("1.000.000", 1_000_000_000),
        ] {
            assert_eq!(read_amount(typed), Some(thousandths), "{typed}");
        }
        for typed in ["", "-1", "1,2,3", "1.2345", "x", ",5", "9999999999999999"] {
            assert_eq!(read_amount(typed), None, "{typed}");
        }
    }

    #[test]
    fn cartons_kilograms_and_tonnes() {
        let (carton, kilo, tonne) = (unit(1, 24), unit(50, 1), unit(1, 20));
        assert_eq!(carton.pieces(5_000), Some(120));
        assert_eq!(carton.pieces(500), Some(12));
        assert_eq!(carton.of_pieces(30), None);
        assert_eq!(kilo.pieces(150_000), Some(3));
        assert_eq!(kilo.pieces(151_000), None);
        assert_eq!(tonne.pieces(1_500), Some(30));
        assert_eq!(kilo.piece_price(Vnd(38_000)), Some(Vnd(1_900_000)));
        assert_eq!(carton.piece_price(Vnd(1_000_000)), None);
        assert_eq!(carton.near(Vnd(1_000_000)), Some((Vnd(999_984), Vnd(1_000_008))));
        assert!(carton.is_called(" THUNG "));
    }

    proptest! {
        #[test]
        fn what_is_converted_comes_back(units in 1i64..1_000, base in 1i64..1_000, n in 1i64..100_000, price in 1i64..10_000_000) {
            let unit = unit(units, base);
            if let Some(pieces) = unit.pieces(n * 1_000) {
                prop_assert_eq!(unit.of_pieces(pieces), Some(n));
            }
            if let Some(piece) = unit.piece_price(Vnd(price)) {
                prop_assert_eq!(unit.unit_price(piece), Some(Vnd(price)));
                // Whole pieces of it cost the same, counted either way.
                prop_assert_eq!(piece.0 * base, price * units);
            }
            if let Some((down, up)) = unit.near(Vnd(price)) {
                prop_assert!(unit.piece_price(down).is_some() && unit.piece_price(up).is_some());
                prop_assert!(down.0 <= price && price < up.0);
            }
        }
    }
}
