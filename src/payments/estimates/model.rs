//! Sums in foreign money. Pure.

use crate::kernel::{Day, Errors, Lang, Vnd, date, parse_day};
use serde::Deserialize;

/// Currencies that buyers abroad think in, with how many digits each has behind the sign.
pub(super) const CURRENCIES: [(&str, u32); 12] = [
    ("USD", 2),
    ("EUR", 2),
    ("JPY", 0),
    ("KRW", 0),
    ("CNY", 2),
    ("GBP", 2),
    ("AUD", 2),
    ("CAD", 2),
    ("SGD", 2),
    ("HKD", 2),
    ("TWD", 0),
    ("THB", 2),
];

/// What one unit of a currency is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignRate {
    pub currency: String,
    /// In hundredths of đồng, as banks quote it.
    pub rate: i64,
    pub source: String,
    pub as_of: Day,
}

impl ForeignRate {
    /// The sum with where the rate comes from: `≈ 9,61 USD (ước tính, tỷ giá Vietcombank 22/11/2026)`.
    #[must_use]
    pub fn estimate(&self, sum: Vnd, lang: Lang) -> String {
        let worth = self.worth(sum, lang);
        let (source, day) = (&self.source, date(self.as_of));
        match lang {
            Lang::Vi => format!("≈ {worth} (ước tính, tỷ giá {source} ngày {day})"),
            Lang::En => format!("≈ {worth} (estimate, rate of {source}, {day})"),
        }
    }

    /// Rounded half up to the currency's own digits.
    fn worth(&self, sum: Vnd, lang: Lang) -> String {
        let known = CURRENCIES.iter().find(|(code, _)| *code == self.currency);
        let digits = known.map_or(2, |(_, digits)| *digits);
        let unit = 10_i128.pow(digits);
        let rate = i128::from(self.rate.max(1));
        let small = (i128::from(sum.0.max(0)) * 100 * unit * 2 + rate) / (rate * 2);
        let (thousands, point) = match lang {
            Lang::Vi => ('.', ','),
            Lang::En => (',', '.'),
        };
        let whole = (small / unit).to_string();
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                grouped.push(thousands);
            }
            grouped.push(digit);
        }
        match digits {
            0 => format!("{grouped} {}", self.currency),
            _ => format!("{grouped}{point}{:02} {}", small % unit, self.currency),
        }
    }
}

/// A rate as the operator types it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    pub(super) key: String,
    pub(super) tien: String,
    pub(super) ty_gia: String,
    pub(super) nguon: String,
    pub(super) ngay: String,
}

impl Typed {
    pub(super) fn check(&self, lang: Lang, today: Day) -> Result<ForeignRate, Errors> {
        let mut errors = Errors::new(lang);
        errors.check(
            CURRENCIES.iter().any(|(code, _)| *code == self.tien),
            "tien",
            "Xin chọn một loại tiền.",
            "Please choose a currency.",
        );
        let rate = hundredths(&self.ty_gia);
        errors.check(
            rate.is_some(),
            "ty_gia",
            "Tỷ giá là số đồng cho một đơn vị ngoại tệ, ví dụ 26120,50.",
            "A rate is đồng for one unit of the currency, e.g. 26120.50.",
        );
        let source = self.nguon.trim().to_owned();
        errors.check(
            (2..=80).contains(&source.chars().count()),
            "nguon",
            "Ghi nguồn, ví dụ Vietcombank, 2–80 ký tự.",
            "Say where it is from, such as Vietcombank, 2–80 characters.",
        );
        let as_of = errors.take("ngay", parse_day(&self.ngay));
        errors.check(
            as_of.is_none_or(|day| day <= today),
            "ngay",
            "Ngày của tỷ giá không thể ở tương lai.",
            "The rate's day cannot be in the future.",
        );
        match (rate, as_of) {
            (Some(rate), Some(as_of)) if errors.is_empty() => {
                Ok(ForeignRate { currency: self.tien.clone(), rate, source, as_of })
            }
            _ => Err(errors),
        }
    }
}

/// `26120,5`, `26.120,50` and `26120.50` are one number; the last sign with one or two digits behind it is the point.
fn hundredths(typed: &str) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let (whole, part) = match typed.rfind([',', '.']) {
        Some(at) if (1..=2).contains(&(typed.len() - at - 1)) => (&typed[..at], &typed[at + 1..]),
        _ => (typed.as_str(), ""),
    };
    let whole: String = whole.chars().filter(|c| !matches!(c, '.' | ',')).collect();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 10 || !digits(&whole) || !digits(part) {
        return None;
    }
    let number: i64 = format!("{whole}{part:0<2}").parse().ok()?;
    (1..=1_000_000_000_000).contains(&number).then_some(number)
}

/// A rate as a page shows it: `26.120,50`.
pub(super) fn shown(rate: i64) -> String {
    let whole = Vnd(rate / 100).to_string();
    format!("{},{:02}", whole.trim_end_matches(['₫', '\u{a0}', ' ']), rate % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(currency: &str, rate: i64) -> ForeignRate {
        let as_of = "2026-11-22".parse().unwrap();
        ForeignRate { currency: currency.into(), rate, source: "Vietcombank".into(), as_of }
    }

    #[test]
    fn sums_are_rounded_in_their_own_money() {
        let dollar = rate("USD", 2_612_050);
        assert_eq!(dollar.worth(Vnd(250_000), Lang::En), "9.57 USD");
        assert_eq!(dollar.worth(Vnd(250_000_000), Lang::Vi), "9.571,03 USD");
        assert_eq!(dollar.worth(Vnd(0), Lang::En), "0.00 USD");
        assert_eq!(rate("JPY", 16_950).worth(Vnd(250_000), Lang::En), "1,475 JPY");
        assert!(!rate("USD", 1).worth(Vnd(i64::MAX), Lang::En).is_empty());
        let said = dollar.estimate(Vnd(250_000), Lang::Vi);
        assert_eq!(said, "≈ 9,57 USD (ước tính, tỷ giá Vietcombank ngày 22/11/2026)");
    }

    #[test]
    fn rates_are_read_as_banks_write_them() {
        for (typed, read) in [
            ("26120,5", Some(2_612_050)),
            ("26.120,50", Some(2_612_050)),
            ("26,120.50", Some(2_612_050)),
            ("26.120", Some(2_612_000)),
            ("169,5", Some(16_950)),
            ("0", None),
            ("-5", None),
            ("", None),
            (",5", None),
            ("1e9", None),
            ("99999999999", None),
        ] {
            assert_eq!(hundredths(typed), read, "{typed}");
        }
        assert_eq!(shown(2_612_050), "26.120,50");
    }
}
