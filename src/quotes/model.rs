//! Requests and offers, quantities and sums; pure.

use crate::kernel::{BasisPoints, Day, Lang, OrgId, PersonId, SellerId, Text, VariantId, Vnd};
use chrono::{DateTime, Utc};
use std::fmt;

/// Lines that a request may have, sellers that may be chosen for one, files of one side.
pub(super) const MOST_LINES: usize = 40;
pub(super) const MOST_SELLERS: usize = 20;
pub(super) const MOST_FILES: usize = 6;

/// A quantity in thousandths of its unit: `1500` kg is one and a half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Amount(pub i64);

impl Amount {
    /// Reads what people write: `12`, `1,5`, `1.5`, `0.125`, `1.000` (a thousand).
    ///
    /// ```
    /// use santinh::quotes::Amount;
    /// for (typed, milli) in [("12", 12_000), ("1,5", 1_500), ("1.5", 1_500), ("0.125", 125), ("1.000", 1_000_000), ("1.250,75", 1_250_750)] {
    ///     assert_eq!(Amount::read(typed), Some(Amount(milli)), "{typed}");
    /// }
    /// for typed in ["", "0", "-1", "1,2345", "x", "9999999999", "1,5,5"] {
    ///     assert_eq!(Amount::read(typed), None, "{typed}");
    /// }
    /// ```
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        const MOST: i64 = 100_000_000_000;
        let typed = typed.trim();
        let (whole, part) = match typed.split_once(',') {
            Some((whole, part)) => (whole.to_owned(), part),
            None => match typed.rsplit_once('.') {
                // Three digits after each mark are thousands; there are none of nothing.
                Some((whole, part)) if part.len() == 3 && whole != "0" => (typed.to_owned(), ""),
                Some((whole, part)) => (whole.to_owned(), part),
                None => (typed.to_owned(), ""),
            },
        };
        let whole = if whole.contains('.') { Vnd::read(&whole)?.0 } else { digits(&whole)? };
        let part = if part.is_empty() && !typed.ends_with([',', '.']) {
            0
        } else {
            (part.len() <= 3).then(|| digits(&format!("{part:0<3}")))??
        };
        let all = whole.checked_mul(1000)?.checked_add(part)?;
        (all > 0 && all <= MOST).then_some(Self(all))
    }
}

fn digits(typed: &str) -> Option<i64> {
    let fine = !typed.is_empty() && typed.chars().all(|c| c.is_ascii_digit());
    fine.then(|| typed.parse().ok())?
}

impl fmt::Display for Amount {
    /// `1.250,75`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = Vnd(self.0 / 1000).to_string();
        f.write_str(whole.trim_end_matches(['₫', '\u{a0}']))?;
        let part = format!("{:03}", self.0 % 1000);
        let part = part.trim_end_matches('0');
        if part.is_empty() { Ok(()) } else { write!(f, ",{part}") }
    }
}

/// What `quantity` costs at a price for one unit, rounded half up; `None` when it leaves `i64`.
#[must_use]
pub fn cost(price: Vnd, quantity: Amount) -> Option<Vnd> {
    let exact = i128::from(price.0) * i128::from(quantity.0);
    i64::try_from((exact + 500).div_euclid(1000)).ok().map(Vnd)
}

/// Whom a request is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// These sellers.
    Chosen(Vec<SellerId>),
    /// All sellers of a category (its own slug and those below it) in an area: none named is anywhere.
    Open { category: String, slugs: Vec<String>, area: Area, communes: Option<Vec<String>> },
}

/// Where the sellers of an open request are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    Anywhere,
    /// The deployment's own province.
    Province,
    /// Around the place of delivery.
    Near,
}

impl Area {
    /// All of them, as they are listed.
    pub const ALL: [Self; 3] = [Self::Anywhere, Self::Province, Self::Near];

    /// As stored and as forms send it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Anywhere => "all",
            Self::Province => "province",
            Self::Near => "near",
        }
    }

    /// The area of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|area| area.code() == code)
    }

    /// For people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Anywhere => Text::new("Mọi nơi", "Anywhere"),
            Self::Province => Text::new("Trong tỉnh", "In the province"),
            Self::Near => Text::new("Gần nơi giao (30 km)", "Near the place of delivery (30 km)"),
        }
    }
}

/// A line that is asked for.
#[derive(Debug, Clone)]
pub struct NewLine {
    /// The listing that it was asked from, and whose that is.
    pub variant: Option<(VariantId, SellerId)>,
    pub name: String,
    pub sku: String,
    pub unit: String,
    pub quantity: Amount,
    pub note: String,
    pub wanted_on: Option<Day>,
    pub category: Option<String>,
    pub tax: BasisPoints,
}

/// A file that is kept already.
#[derive(Debug, Clone)]
pub struct NewFile {
    pub key: String,
    pub name: String,
    pub mime: &'static str,
    pub size: i64,
}

/// A request to be sent.
#[derive(Debug, Clone)]
pub struct NewRequest {
    pub org: OrgId,
    pub org_name: String,
    pub org_tax_code: String,
    pub asked_by: PersonId,
    pub lang: Lang,
    pub title: String,
    pub body: String,
    pub lines: Vec<NewLine>,
    pub audience: Audience,
    pub sealed: bool,
    pub closes_at: DateTime<Utc>,
    pub delivery_commune: Option<String>,
    pub delivery_text: String,
    pub wanted_by: Option<Day>,
    pub files: Vec<NewFile>,
}

/// How an offer is to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    pub deposit: i32,
    pub on_delivery: i32,
    /// Days after delivery in which the rest is due.
    pub net_days: Option<i32>,
    pub note: String,
}

impl Terms {
    /// For people: `Đặt cọc 30 %, khi giao 70 %`.
    #[must_use]
    pub fn told(&self, lang: Lang) -> String {
        let share = |bps: i32| {
            let (whole, part) = (bps / 100, bps % 100);
            if part == 0 { format!("{whole} %") } else { format!("{whole},{part:02} %") }
        };
        let mut parts = Vec::new();
        if self.deposit > 0 {
            parts.push(format!("{} {}", lang.t("đặt cọc", "deposit"), share(self.deposit)));
        }
        if self.on_delivery > 0 {
            parts.push(format!(
                "{} {}",
                lang.t("khi giao", "on delivery"),
                share(self.on_delivery)
            ));
        }
        let rest = 10_000 - self.deposit - self.on_delivery;
        if let Some(days) = self.net_days.filter(|_| rest > 0) {
            let days = match lang {
                Lang::Vi => format!("{} trong {days} ngày", share(rest)),
                Lang::En => format!("{} within {days} days", share(rest)),
            };
            parts.push(days);
        }
        parts.join(", ")
    }
}

/// A price at another quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Break {
    pub min: Amount,
    pub price: Vnd,
}

/// One line of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferLine {
    /// Of the request's line.
    pub position: i32,
    /// 0: as asked; others: alternatives.
    pub choice: i32,
    pub variant: Option<VariantId>,
    pub name: String,
    pub sku: String,
    pub unit: String,
    pub quantity: Amount,
    pub price: Vnd,
    pub tax: BasisPoints,
    pub lead_days: i32,
    pub note: String,
    pub breaks: Vec<Break>,
}

impl OfferLine {
    /// What one unit costs when so much is taken; `None`: less than was offered.
    #[must_use]
    pub fn price_at(&self, quantity: Amount) -> Option<Vnd> {
        let own = Break { min: self.quantity, price: self.price };
        let all = self.breaks.iter().copied().chain([own]);
        all.filter(|b| b.min <= quantity).max_by_key(|b| b.min).map(|b| b.price)
    }

    /// What the line costs as offered.
    #[must_use]
    pub fn total(&self) -> Vnd {
        cost(self.price, self.quantity).unwrap_or(Vnd(i64::MAX))
    }
}

/// An offer, or a counter-offer, to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOffer {
    pub lines: Vec<OfferLine>,
    pub delivery_fee: Vnd,
    pub deliver_on: Option<Day>,
    pub valid_until: DateTime<Utc>,
    pub terms: Terms,
    pub note: String,
}

impl NewOffer {
    /// Goods as asked and delivery; alternatives are not counted twice. `None` when it leaves `i64`.
    #[must_use]
    pub fn total(&self) -> Option<Vnd> {
        let mut sum = self.delivery_fee;
        let mut seen = Vec::new();
        let mut lines: Vec<&OfferLine> = self.lines.iter().collect();
        lines.sort_by_key(|l| (l.position, l.choice));
        for line in lines {
            if !seen.contains(&line.position) {
                seen.push(line.position);
                sum = sum.plus(cost(line.price, line.quantity)?)?;
            }
        }
        Some(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(price: i64, quantity: i64, breaks: &[(i64, i64)]) -> OfferLine {
        OfferLine {
            position: 1,
            choice: 0,
            variant: None,
            name: "Gạo".into(),
            sku: String::new(),
            unit: "kg".into(),
            quantity: Amount(quantity),
            price: Vnd(price),
            tax: BasisPoints(500),
            lead_days: 3,
            note: String::new(),
            breaks: breaks.iter().map(|(m, p)| Break { min: Amount(*m), price: Vnd(*p) }).collect(),
        }
    }

    #[test]
    fn a_price_holds_from_its_quantity_on() {
        let rice = line(20_000, 100_000, &[(50_000, 22_000), (500_000, 18_000)]);
        assert_eq!(rice.price_at(Amount(49_999)), None);
        assert_eq!(rice.price_at(Amount(50_000)), Some(Vnd(22_000)));
        assert_eq!(rice.price_at(Amount(100_000)), Some(Vnd(20_000)));
        assert_eq!(rice.price_at(Amount(700_000)), Some(Vnd(18_000)));
        assert_eq!(rice.total(), Vnd(2_000_000));
    }

    #[test]
    fn alternatives_are_not_counted_twice() {
        let mut other = line(10_000, 100_000, &[]);
        other.choice = 1;
        let offer = NewOffer {
            lines: vec![other, line(20_000, 1_500, &[])],
            delivery_fee: Vnd(5_000),
            deliver_on: None,
            valid_until: DateTime::UNIX_EPOCH,
            terms: Terms::default(),
            note: String::new(),
        };
        assert_eq!(offer.total(), Some(Vnd(35_000)));
    }

    #[test]
    fn terms_are_told_in_words() {
        let terms =
            Terms { deposit: 3_000, on_delivery: 2_050, net_days: Some(30), ..Terms::default() };
        assert_eq!(terms.told(Lang::Vi), "đặt cọc 30 %, khi giao 20,50 %, 49,50 % trong 30 ngày");
        let all = Terms { on_delivery: 10_000, ..Terms::default() };
        assert_eq!(all.told(Lang::En), "on delivery 100 %");
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(milli in 1i64..100_000_000_000) {
            prop_assert_eq!(Amount::read(&Amount(milli).to_string()), Some(Amount(milli)));
        }

        #[test]
        fn a_cost_is_off_by_half_a_dong_at_most(price in 1i64..1_000_000_000, milli in 1i64..1_000_000_000) {
            let exact = i128::from(price) * i128::from(milli);
            let got = i128::from(cost(Vnd(price), Amount(milli)).unwrap().0) * 1000;
            prop_assert!((got - exact).abs() <= 500);
        }
    }
}
