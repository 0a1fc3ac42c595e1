//! Invoices as lists show them, and what a seller types of one. Pure.

use crate::kernel::{Day, Errors, Lang, OrderId, Text, Vnd, parse_day};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// An invoice as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Invoice {
    pub(super) symbol: String,
    pub(super) number: String,
    pub(super) issued_on: Day,
    pub(super) authority_code: String,
    pub(super) file_key: Option<String>,
    pub(super) file_type: Option<String>,
    pub(super) recorded_at: DateTime<Utc>,
}

/// A sale whose goods have left the seller, with its invoice if it has one.
#[derive(Debug, Clone)]
pub(super) struct Sale {
    pub(super) order: OrderId,
    pub(super) code: String,
    pub(super) placed_at: DateTime<Utc>,
    pub(super) buyer_name: String,
    pub(super) buyer_org: String,
    pub(super) total: Vnd,
    /// Whom the invoice is to name, where the buyer asked.
    pub(super) asked: Option<String>,
    pub(super) symbol: Option<String>,
    pub(super) number: Option<String>,
    pub(super) issued_on: Option<Day>,
}

impl Sale {
    /// The buyer as the list names him.
    pub(super) fn buyer(&self) -> &str {
        if self.buyer_org.is_empty() { &self.buyer_name } else { &self.buyer_org }
    }
}

/// Which sales a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Which {
    #[default]
    Missing,
    /// Missing, and the buyer asked for one.
    Asked,
    Recorded,
}

impl Which {
    pub(super) const ALL: [Self; 3] = [Self::Missing, Self::Asked, Self::Recorded];

    /// Its word in addresses.
    pub(super) const fn slug(self) -> &'static str {
        match self {
            Self::Missing => "thieu",
            Self::Asked => "duoc-yeu-cau",
            Self::Recorded => "da-co",
        }
    }

    pub(super) fn of(slug: &str) -> Self {
        Self::ALL.into_iter().find(|w| w.slug() == slug).unwrap_or_default()
    }

    pub(super) fn label(self) -> Text {
        match self {
            Self::Missing => Text::new("Chưa có hóa đơn", "No invoice yet"),
            Self::Asked => Text::new("Người mua yêu cầu", "Asked for by the buyer"),
            Self::Recorded => Text::new("Đã có", "Recorded"),
        }
    }
}

/// What a seller types of an invoice, in a form or in a row of a table.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    pub(super) key: String,
    pub(super) ky_hieu: String,
    pub(super) so: String,
    pub(super) ngay: String,
    pub(super) ma_cqt: String,
}

/// What of it can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) symbol: String,
    pub(super) number: String,
    pub(super) issued_on: Day,
    pub(super) authority_code: String,
}

impl Typed {
    /// The entry, or what is wrong field by field. `placed` is the order's day, which no invoice precedes.
    pub(super) fn check(&self, lang: Lang, placed: Day, today: Day) -> Result<Entry, Errors> {
        let mut errors = Errors::new(lang);
        let symbol = self.ky_hieu.trim().to_uppercase();
        errors.check(
            (4..=12).contains(&symbol.len())
                && symbol.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'/'),
            "ky_hieu",
            "Ký hiệu gồm 4 đến 12 chữ và số, ví dụ 1C26TAA.",
            "The symbol has 4 to 12 letters and digits, e.g. 1C26TAA.",
        );
        let number = self.so.trim().to_owned();
        errors.check(
            (1..=8).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()),
            "so",
            "Số hóa đơn gồm 1 đến 8 chữ số.",
            "The number has 1 to 8 digits.",
        );
        // 00000012 and 12 are one number.
        let number = match number.trim_start_matches('0') {
            "" => "0".to_owned(),
            rest => rest.to_owned(),
        };
        errors.check(number != "0", "so", "Số hóa đơn bắt đầu từ 1.", "Numbers begin at 1.");
        let issued_on = errors.take("ngay", parse_day(&self.ngay));
        errors.check(
            issued_on.is_none_or(|day| day <= today),
            "ngay",
            "Ngày lập không thể ở tương lai.",
            "The day of issue cannot be in the future.",
        );
        errors.check(
            issued_on.is_none_or(|day| day >= placed),
            "ngay",
            "Ngày lập không thể trước ngày đặt hàng.",
            "The invoice cannot precede the order.",
        );
        let authority_code = self.ma_cqt.trim().to_uppercase();
        errors.check(
            authority_code.len() <= 40
                && authority_code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'),
            "ma_cqt",
            "Mã của cơ quan thuế gồm tối đa 40 chữ và số.",
            "The tax authority's code has at most 40 letters and digits.",
        );
        match issued_on {
            Some(issued_on) if errors.is_empty() => {
                Ok(Entry { symbol, number, issued_on, authority_code })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        parse_day(text).unwrap()
    }

    #[test]
    fn numbers_are_compared_without_leading_zeros_and_days_lie_between_order_and_today() {
        let typed = |number: &str, on: &str| Typed {
            ky_hieu: "1c26taa".into(),
            so: number.into(),
            ngay: on.into(),
            ..Typed::default()
        };
        let check = |t: Typed| t.check(Lang::Vi, day("2026-11-20"), day("2026-11-22"));
        let entry = check(typed("00000012", "21/11/2026")).unwrap();
        assert_eq!((entry.symbol.as_str(), entry.number.as_str()), ("1C26TAA", "12"));
        for (number, on, field) in [
            ("0", "21/11/2026", "so"),
            ("12a", "21/11/2026", "so"),
            ("123456789", "21/11/2026", "so"),
            ("12", "23/11/2026", "ngay"),
            ("12", "19/11/2026", "ngay"),
            ("12", "hôm qua", "ngay"),
        ] {
            assert!(check(typed(number, on)).unwrap_err().get(field).is_some(), "{number} {on}");
        }
    }
}
