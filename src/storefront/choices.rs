//! The variants of a product as choices of its form: price, stock, price of a kilogram.

use super::firm::Firm;
use crate::{
    catalogue::{ListedVariant, Listing},
    kernel::Vnd,
    web::Page,
};

/// A variant as a choice of the form.
pub(super) struct Choice {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) price: String,
    pub(super) was: String,
    /// Price of a kilogram, where the weight is known and another one.
    pub(super) per_kilo: String,
    pub(super) available: i64,
    pub(super) stock: String,
    pub(super) chosen: bool,
    /// From how many, and the price then.
    pub(super) tiers: Vec<(String, String)>,
    /// Least quantity, units, lead times, sample: a line each.
    pub(super) terms: Vec<String>,
}

/// The variant that is chosen at first.
pub(super) fn first(listing: &Listing) -> usize {
    listing.variants.iter().position(|v| v.available > 0).unwrap_or(0)
}

/// Every variant with what the form says of it.
pub(super) fn choices(listing: &Listing, page: &Page, firm: &Firm) -> Vec<Choice> {
    let first = first(listing);
    let stock = |v: &ListedVariant| match v.available {
        _ if v.unlimited => page.t("Có sẵn", "Available").to_owned(),
        0 => page.t("Hết hàng", "Sold out").to_owned(),
        n if n <= 10 => format!("{} {n}", page.t("Chỉ còn", "Only")),
        n => format!("{} {n}", page.t("Còn", "In stock:")),
    };
    let per_kilo = |v: &ListedVariant| {
        let plain = v.weight_g > 0 && !v.label.is_empty();
        let grams = plain.then(|| grams(&v.label)).flatten().filter(|g| *g != 1000);
        let price = grams.and_then(|g| v.price.times(1000).map(|p| Vnd(p.0 / g)));
        price.map(|p| format!("{p} / kg")).unwrap_or_default()
    };
    let all = listing.variants.iter().enumerate();
    all.map(|(i, v)| Choice {
        id: v.id.to_string(),
        label: if v.label.is_empty() { listing.unit.clone() } else { v.label.clone() },
        price: v.price.to_string(),
        was: v.list_price.map(|p| p.to_string()).unwrap_or_default(),
        per_kilo: per_kilo(v),
        available: v.available,
        stock: stock(v),
        chosen: i == first,
        tiers: firm.tiers(v, &listing.unit),
        terms: firm.terms(v, listing, page),
    })
    .collect()
}

/// `500 g` → 500, `2 kg` → 2000; nothing else is guessed at.
fn grams(label: &str) -> Option<i64> {
    let (number, unit) = label.trim().split_once(' ')?;
    let number: f64 = number.replace(',', ".").parse().ok()?;
    let factor = match unit {
        "g" => 1.0,
        "kg" => 1000.0,
        _ => return None,
    };
    let grams = (number * factor).round();
    (1.0..=1_000_000.0).contains(&grams).then_some(grams as i64)
}

#[cfg(test)]
mod tests {
    use super::grams;

    #[test]
    fn only_plain_weights_are_read() {
        assert_eq!(grams("500 g"), Some(500));
        assert_eq!(grams("1,5 kg"), Some(1500));
        for other in ["10 gói × 12 g", "g", "0 g", "hộp 500 g", "-5 kg"] {
            assert_eq!(grams(other), None, "{other}");
        }
    }
}
