//! Sheets, enquiries and the money of offers. Pure.

use crate::kernel::{ProductId, SellerId, Text};

/// The rules of Incoterms 2020 (International Chamber of Commerce), as they are written.
pub const INCOTERMS: [&str; 11] =
    ["EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"];

/// What a buyer abroad must know of a product.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// On the list of goods for export.
    pub shown: bool,
    /// Six, eight or ten digits of the Harmonised System; Vietnam's tariff has eight.
    pub hs_code: String,
    /// In English, as a certificate of origin would name it.
    pub origin: String,
    /// Some of [`INCOTERMS`]; the first is the usual one.
    pub incoterms: Vec<String>,
    /// The named place of the first of them.
    pub port: String,
    pub least: String,
    /// May be empty, like the next two.
    pub supply: String,
    pub packaging: String,
    pub shelf_life: String,
    pub about_en: String,
    /// May be empty.
    pub about_vi: String,
}

impl Sheet {
    /// `0901.21.10`.
    #[must_use]
    pub fn hs_shown(&self) -> String {
        let mut out = String::new();
        for (n, digit) in self.hs_code.chars().enumerate() {
            if n >= 4 && n % 2 == 0 {
                out.push('.');
            }
            out.push(digit);
        }
        out
    }
}

/// A product that is for export, as the list shows it.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub slug: String,
    pub name: String,
    pub name_en: String,
    pub shop: String,
    pub hs_code: String,
    pub origin: String,
    pub least: String,
}

/// How an enquiry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum EnquiryState {
    /// Its writer has not yet shown that the address is his.
    Unconfirmed,
    Open,
    Offered,
    Accepted,
    /// By the buyer.
    Declined,
    /// By the seller.
    Closed,
}

impl EnquiryState {
    /// For people.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Unconfirmed => Text::new("Chờ xác nhận qua thư", "To be confirmed by mail"),
            Self::Open => Text::new("Chờ chào giá", "Waits for an offer"),
            Self::Offered => Text::new("Đã chào giá", "Offer made"),
            Self::Accepted => Text::new("Đã nhận chào giá", "Offer accepted"),
            Self::Declined => Text::new("Người mua không nhận", "Declined by the buyer"),
            Self::Closed => Text::new("Đã đóng", "Closed by the seller"),
        }
    }

    /// The colour of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Open => "warn",
            Self::Offered => "info",
            Self::Accepted => "good",
            Self::Unconfirmed | Self::Declined | Self::Closed => "neutral",
        }
    }

    pub(super) const fn waits_for_seller(self) -> bool {
        matches!(self, Self::Open | Self::Offered)
    }
}

/// What an offer is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Currency {
    Usd,
    Eur,
    Cny,
    Thb,
    Jpy,
    Vnd,
}

impl Currency {
    /// All of them, as they are listed.
    pub const ALL: [Self; 6] = [Self::Usd, Self::Eur, Self::Cny, Self::Thb, Self::Jpy, Self::Vnd];

    /// ISO 4217.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::Eur => "EUR",
            Self::Cny => "CNY",
            Self::Thb => "THB",
            Self::Jpy => "JPY",
            Self::Vnd => "VND",
        }
    }

    /// The currency of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|currency| currency.code() == code)
    }

    /// How many decimals its amounts have (ISO 4217).
    const fn decimals(self) -> usize {
        match self {
            Self::Jpy | Self::Vnd => 0,
            _ => 2,
        }
    }

    /// Reads `4.25`, `4,25`, `105000`; `None` for what is no price, has more decimals than the currency, or can be
    /// read in two ways.
    #[must_use]
    pub fn read(self, typed: &str) -> Option<i64> {
        let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let decimals = self.decimals();
        let marks = typed.bytes().filter(|b| matches!(b, b',' | b'.')).count();
        let (whole, rest) = match typed.rsplit_once([',', '.']) {
            // `4.255` is four and a bit to one reader and four thousand to another.
            Some((_, rest)) if rest.len() == 3 && marks == 1 && decimals > 0 => return None,
            Some((whole, rest)) if rest.len() != 3 => (whole.replace([',', '.'], ""), rest),
            _ => (typed.replace([',', '.'], ""), ""),
        };
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 12 || rest.len() > decimals {
            return None;
        }
        if !digits(&whole) || !digits(rest) {
            return None;
        }
        let minor: i64 = format!("{whole}{rest:0<decimals$}").parse().ok()?;
        (minor > 0).then_some(minor)
    }

    /// `USD 4.25`.
    #[must_use]
    pub fn shown(self, minor: i64) -> String {
        match self.decimals() {
            0 => format!("{} {minor}", self.code()),
            _ => format!("{} {}.{:02}", self.code(), minor / 100, minor % 100),
        }
    }
}

/// The product that an enquiry is about.
#[derive(Debug, Clone)]
pub struct About {
    pub product: ProductId,
    pub seller: SellerId,
    /// In English where there is one.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prices_are_read_as_people_write_them() {
        for (typed, minor) in
            [("4.25", 425), ("4,2", 420), ("1,250.00", 125_000), ("1.250,50", 125_050)]
        {
            assert_eq!(Currency::Usd.read(typed), Some(minor), "{typed}");
        }
        assert_eq!(Currency::Vnd.read("105.000"), Some(105_000));
        for bad in ["", "0", "-1", "4.255555", "4.255", "1,250", "x", "4.2.5x", "1e9"] {
            assert_eq!(Currency::Usd.read(bad), None, "{bad}");
        }
        assert_eq!(Currency::Jpy.read("4.25"), None);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(minor in 1i64..1_000_000_000_000) {
            for currency in Currency::ALL {
                let shown = currency.shown(minor);
                let amount = shown.split_once(' ').unwrap().1;
                prop_assert_eq!(currency.read(amount), Some(minor));
            }
        }
    }

    #[test]
    fn hs_codes_have_dots() {
        let sheet = |code: &str| Sheet { hs_code: code.into(), ..Sheet::default() }.hs_shown();
        assert_eq!(sheet("090121"), "0901.21");
        assert_eq!(sheet("09012110"), "0901.21.10");
    }
}
