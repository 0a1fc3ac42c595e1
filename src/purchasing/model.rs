//! Purchase orders: states, quantities, shares of the price. Pure.

use crate::kernel::{Text, Vnd};

/// Where a purchase order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PoState {
    /// The buyer has issued it; the seller is to confirm.
    Issued,
    Confirmed,
    /// Something has been sent.
    InDelivery,
    /// Everything has been received.
    Delivered,
    /// The buyer has accepted the goods.
    Accepted,
    /// Accepted and paid.
    Closed,
    Declined,
    Cancelled,
}

impl PoState {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 8] = [
        Self::Issued,
        Self::Confirmed,
        Self::InDelivery,
        Self::Delivered,
        Self::Accepted,
        Self::Closed,
        Self::Declined,
        Self::Cancelled,
    ];

    /// The word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Confirmed => "confirmed",
            Self::InDelivery => "in_delivery",
            Self::Delivered => "delivered",
            Self::Accepted => "accepted",
            Self::Closed => "closed",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// For people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Issued => Text::new("Chờ bên bán xác nhận", "Awaiting confirmation"),
            Self::Confirmed => Text::new("Đã xác nhận", "Confirmed"),
            Self::InDelivery => Text::new("Đang giao", "In delivery"),
            Self::Delivered => Text::new("Đã giao đủ, chờ nghiệm thu", "Delivered, to be accepted"),
            Self::Accepted => Text::new("Đã nghiệm thu, chờ thanh toán", "Accepted, to be paid"),
            Self::Closed => Text::new("Hoàn tất", "Closed"),
            Self::Declined => Text::new("Bên bán từ chối", "Declined by the seller"),
            Self::Cancelled => Text::new("Đã hủy", "Cancelled"),
        }
    }

    /// The colour of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Issued => "warn",
            Self::Confirmed | Self::InDelivery | Self::Delivered | Self::Accepted => "info",
            Self::Closed => "good",
            Self::Declined | Self::Cancelled => "neutral",
        }
    }
}

/// How a purchase order is paid. What is left of the whole is due after acceptance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// Due with the confirmation.
    pub deposit_bps: i32,
    /// Due with the deliveries, each its share.
    pub on_delivery_bps: i32,
    /// Days after acceptance, on credit; `None`: due with the acceptance.
    pub net_days: Option<i32>,
    /// In words; may be empty.
    pub note: String,
}

/// What a quantity in thousandths of a unit costs, half a đồng rounded up; `None` beyond all measure.
pub(super) fn line_total(quantity: i64, unit_price: Vnd) -> Option<Vnd> {
    let exact = i128::from(quantity) * i128::from(unit_price.0);
    i64::try_from((exact + 500).div_euclid(1000)).ok().map(Vnd)
}

/// A share of an amount, half a đồng rounded up.
pub(super) fn share(total: Vnd, bps: i32) -> Vnd {
    let exact = i128::from(total.0) * i128::from(bps);
    Vnd(i64::try_from((exact + 5_000).div_euclid(10_000)).unwrap_or(i64::MAX))
}

/// A quantity in thousandths as people write it here: `1.250`, `2,5`.
pub(super) fn quantity(thousandths: i64) -> String {
    let (whole, rest) = (thousandths / 1000, (thousandths % 1000).abs());
    let grouped = Vnd(whole).to_string();
    let grouped = grouped.trim_end_matches(['₫', '\u{a0}']);
    match rest {
        0 => grouped.to_owned(),
        _ => format!("{grouped},{}", format!("{rest:03}").trim_end_matches('0')),
    }
}

/// Reads a quantity as people write it, and as [`quantity`] does: `2`, `2,5`, `0.125`, `1.250` (a thousand and more).
pub(super) fn read_quantity(typed: &str) -> Option<i64> {
    let typed = typed.trim();
    let (whole, rest) = match typed.split_once(',') {
        Some(parts) => parts,
        None if has_thousands(typed) => (typed, ""),
        None => typed.split_once('.').unwrap_or((typed, "")),
    };
    if whole.contains('.') && !has_thousands(whole) {
        return None;
    }
    let whole = whole.replace('.', "");
    let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
    if !(1..=12).contains(&whole.len()) || rest.len() > 3 || !digits(&whole) || !digits(rest) {
        return None;
    }
    let rest: i64 = format!("{rest:0<3}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(1000)?.checked_add(rest)
}

/// Whether the dots stand between thousands.
fn has_thousands(typed: &str) -> bool {
    let mut groups = typed.split('.');
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && first != "0" && groups.all(|group| group.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quantities_are_read_as_they_are_written() {
        for (typed, milli) in [("2", 2_000), ("2,5", 2_500), ("0.125", 125), (" 12 ", 12_000)] {
            assert_eq!(read_quantity(typed), Some(milli), "{typed}");
        }
        for (typed, milli) in [("1.250", 1_250_000), ("1.250,5", 1_250_500), ("1250.5", 1_250_500)]
        {
            assert_eq!(read_quantity(typed), Some(milli), "{typed}");
        }
        for typed in ["", "-1", "1,2345", "a", "1.2.3", "12.50,5", "9999999999999"] {
            assert_eq!(read_quantity(typed), None, "{typed}");
        }
        assert_eq!(quantity(1_250_500), "1.250,5");
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(milli in 0i64..1_000_000_000_000_000) {
            prop_assert_eq!(read_quantity(&quantity(milli)), Some(milli));
        }

        #[test]
        fn shares_never_come_to_more_than_the_whole(total in 1i64..1_000_000_000_000, a in 0i32..=10_000, b in 0i32..=10_000) {
            prop_assume!(a + b <= 10_000);
            let first = share(Vnd(total), a);
            let second = share(Vnd(total), b);
            // Both may be rounded up by less than a đồng.
            prop_assert!(first.0 + second.0 <= total + 1);
        }

        #[test]
        fn a_line_costs_its_quantity(quantity in 1i64..1_000_000_000, price in 0i64..1_000_000_000) {
            let total = line_total(quantity, Vnd(price)).unwrap();
            let off = i128::from(total.0) * 1000 - i128::from(quantity) * i128::from(price);
            prop_assert!(off.abs() <= 500);
        }
    }
}
