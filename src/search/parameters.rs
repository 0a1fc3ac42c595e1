//! The question as it stands in an address: `?q=ca+phe&xa=19429&gia=duoi-50&sx=gia`.

use super::{BANDS, CERTIFICATES, QUANTITIES, Query, Sort};
use crate::kernel::SellerId;
use serde::Deserialize;

const MOST_CHOICES: usize = 40;
const MOST_PAGES: usize = 1_000_000;

/// What was asked for. Whatever is not understood counts as not asked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Parameters {
    pub q: Vec<String>,
    /// Category.
    pub nganh: Vec<String>,
    /// Communes.
    pub xa: Vec<String>,
    /// Price bands.
    pub gia: Vec<String>,
    /// Lowest price.
    pub tu: Vec<String>,
    /// Highest price.
    pub den: Vec<String>,
    /// Certificates.
    pub cn: Vec<String>,
    /// With prices for firms.
    pub si: Vec<String>,
    /// Ranges of the least quantity in trade.
    pub sl: Vec<String>,
    /// Shops.
    pub gh: Vec<String>,
    /// In stock.
    pub con: Vec<String>,
    /// The reader's commune.
    pub gan: Vec<String>,
    /// Brought to it.
    pub giao: Vec<String>,
    /// Exactly as typed.
    pub dung: Vec<String>,
    /// Sort.
    pub sx: Vec<String>,
    /// Page.
    pub trang: Vec<String>,
}

fn first(values: &[String]) -> &str {
    values.first().map_or("", |value| value.trim())
}

/// `50.000 ₫` → 50000.
fn amount(values: &[String]) -> Option<i64> {
    let digits: String = first(values).chars().filter(char::is_ascii_digit).take(18).collect();
    digits.parse().ok()
}

fn is_commune(code: &str) -> bool {
    code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit())
}

impl Parameters {
    /// The question, brought into one form: two addresses that ask the same give equal ones.
    #[must_use]
    pub fn query(&self) -> Query {
        let typed: String = first(&self.q).chars().filter(|c| !c.is_control()).take(200).collect();
        let mut communes: Vec<String> =
            self.xa.iter().filter(|code| is_commune(code)).take(MOST_CHOICES).cloned().collect();
        let mut bands: Vec<usize> =
            (0..BANDS.len()).filter(|i| self.gia.iter().any(|key| key == BANDS[*i].key)).collect();
        let mut certificates: Vec<String> = CERTIFICATES
            .iter()
            .filter(|known| self.cn.iter().any(|kind| kind == known.0))
            .map(|known| known.0.to_owned())
            .collect();
        let quantities = (0..QUANTITIES.len())
            .filter(|i| self.sl.iter().any(|key| key == QUANTITIES[*i].key))
            .collect();
        let mut sellers: Vec<SellerId> =
            self.gh.iter().filter_map(|id| id.parse().ok()).take(MOST_CHOICES).collect();
        sellers.sort_unstable();
        sellers.dedup();
        for list in [&mut communes, &mut certificates] {
            list.sort_unstable();
            list.dedup();
        }
        bands.dedup();
        let slug = |s: &&str| !s.is_empty() && s.len() <= 100;
        Query {
            q: typed.split_whitespace().collect::<Vec<_>>().join(" "),
            category: Some(first(&self.nganh)).filter(slug).map(str::to_owned),
            communes,
            bands,
            price_min: amount(&self.tu),
            price_max: amount(&self.den),
            certificates,
            business: first(&self.si) == "1",
            quantities,
            seller: None,
            sellers,
            in_stock: first(&self.con) == "1",
            near: Some(first(&self.gan)).filter(|code| is_commune(code)).map(str::to_owned),
            delivered: first(&self.giao) == "1",
            exactly: first(&self.dung) == "1",
            sort: Sort::of(first(&self.sx)),
            page: first(&self.trang).parse().unwrap_or(1).clamp(1, MOST_PAGES),
            length: 0,
        }
    }
}

impl Query {
    /// The question as pairs of an address, without its page.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut add = |name, value: &str| {
            if !value.is_empty() {
                pairs.push((name, value.to_owned()));
            }
        };
        add("q", &self.q);
        add("nganh", self.category.as_deref().unwrap_or_default());
        self.communes.iter().for_each(|code| add("xa", code));
        self.bands.iter().for_each(|i| add("gia", BANDS[*i].key));
        add("tu", &self.price_min.map(|n| n.to_string()).unwrap_or_default());
        add("den", &self.price_max.map(|n| n.to_string()).unwrap_or_default());
        self.certificates.iter().for_each(|kind| add("cn", kind));
        add("si", if self.business { "1" } else { "" });
        self.quantities.iter().for_each(|i| add("sl", QUANTITIES[*i].key));
        self.sellers.iter().for_each(|seller| add("gh", &seller.to_string()));
        add("con", if self.in_stock { "1" } else { "" });
        add("giao", if self.delivered { "1" } else { "" });
        add("dung", if self.exactly { "1" } else { "" });
        add("sx", self.sort.key());
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_question_and_its_address_are_the_same() {
        let asked = Parameters {
            q: vec!["  cà   phê ".into()],
            xa: vec!["19429".into(), "x".into(), "00001".into(), "19429".into()],
            gia: vec!["50-100".into(), "never".into(), "duoi-50".into()],
            den: vec!["90.000 ₫".into()],
            sx: vec!["gia".into()],
            trang: vec!["-7".into()],
            ..Parameters::default()
        };
        let query = asked.query();
        assert_eq!(query.communes, ["00001", "19429"]);
        assert_eq!((query.bands.as_slice(), query.page), ([0, 1].as_slice(), 1));
        let address =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(query.pairs()).finish();
        assert_eq!(
            address,
            "q=c%C3%A0+ph%C3%AA&xa=00001&xa=19429&gia=duoi-50&gia=50-100&den=90000&sx=gia"
        );
        let again: Parameters = serde_html_form::from_str(&address).unwrap();
        assert_eq!(again.query(), query);
    }

    proptest! {
        #[test]
        fn whatever_is_asked_is_a_question(values in proptest::collection::vec(".{0,30}", 5)) {
            let asked = Parameters {
                q: values[..1].to_vec(), xa: values.clone(), tu: values[1..2].to_vec(),
                trang: values[2..3].to_vec(), sx: values[3..].to_vec(), ..Parameters::default()
            };
            let query = asked.query();
            prop_assert!(query.page >= 1);
            let address = form_urlencoded::Serializer::new(String::new()).extend_pairs(query.pairs()).finish();
            let again: Parameters = serde_html_form::from_str(&address).unwrap();
            prop_assert_eq!(Query { page: 1, ..query }, again.query());
        }
    }
}
