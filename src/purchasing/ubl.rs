//! A purchase order as an OASIS UBL 2.1 `Order`, for the firms' own systems. Pure.

use super::read::{PoLine, Whole};
use crate::kernel::{BasisPoints, Vnd, day_of};
use askama::Template;

#[derive(Template)]
#[template(path = "purchasing/order.xml")]
struct Order<'a> {
    whole: &'a Whole,
    issued_on: String,
    terms: Vec<String>,
    net: Vnd,
    lines: Vec<Line<'a>>,
}

struct Line<'a> {
    line: &'a PoLine,
    quantity: String,
    unit_code: &'static str,
    tax: Vnd,
    net: Vnd,
    price: String,
    percent: String,
}

impl<'a> Line<'a> {
    fn of(line: &'a PoLine) -> Self {
        let contained = line.total.contained_tax(line.tax);
        Self {
            line,
            quantity: decimal(line.quantity),
            unit_code: unit_code(&line.unit),
            tax: contained,
            net: Vnd(line.total.0 - contained.0),
            price: net_price(line.unit_price, line.tax),
            percent: decimal(i64::from(line.tax.0) * 10),
        }
    }
}

/// The code of UN/ECE Recommendation 20 for a unit; `C62` (one) for what has none, its name stands beside it.
fn unit_code(unit: &str) -> &'static str {
    match unit.trim().to_lowercase().as_str() {
        "kg" => "KGM",
        "g" => "GRM",
        "tấn" => "TNE",
        "tạ" => "DTN",
        "lít" | "l" => "LTR",
        "ml" => "MLT",
        "m" | "mét" => "MTR",
        "m²" | "m2" => "MTK",
        "m³" | "m3" => "MTQ",
        "thùng" => "CT",
        "hộp" => "BX",
        "bao" => "BG",
        _ => "C62",
    }
}

/// `12.5`: as XML writes thousandths.
fn decimal(thousandths: i64) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The price without tax, to the hundredth of a đồng.
fn net_price(price: Vnd, tax: BasisPoints) -> String {
    let hundredths = i128::from(price.0) * 1_000_000 / (10_000 + i128::from(tax.0));
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The document.
pub(super) fn order(whole: &Whole) -> String {
    let head = &whole.head;
    let document = Order {
        whole,
        issued_on: day_of(head.issued_at).to_string(),
        terms: head.terms(crate::kernel::Lang::of(&head.lang)),
        net: Vnd(head.goods_total.0 - head.tax_total.0),
        lines: whole.lines.iter().map(Line::of).collect(),
    };
    // Rendering into a string cannot fail: the template calls nothing that does.
    document.render().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_machines() {
        assert_eq!([1_000, 12_500, 125, 20_050].map(decimal), ["1", "12.5", "0.125", "20.05"]);
        assert_eq!(net_price(Vnd(108_000), BasisPoints(800)), "100000.00");
    }
}
