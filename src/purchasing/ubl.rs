//! A purchase order as an OASIS UBL 2.1 `Order`, for the firms' own systems. Pure.

use super::{
    model::PoState,
    read::{Delivery, DeliveryLine, PoLine, Whole},
    ubl_read::unit_code,
};
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

/// The seller's answer to it; `None` while there is none.
pub(super) fn response(whole: &Whole) -> Option<String> {
    let head = &whole.head;
    // Accepted, rejected: UN/EDIFACT 4343.
    let code = match head.state {
        PoState::Declined => "RE",
        _ if head.confirmed_at.is_some() => "AP",
        _ => return None,
    };
    let answered_at =
        whole.history.iter().find(|h| matches!(h.event.as_str(), "confirm" | "decline"));
    let answered_on = day_of(answered_at.map_or(head.issued_at, |h| h.at)).to_string();
    let lines = whole.lines.iter().map(Line::of).collect();
    Some(Response { whole, code, answered_on, lines }.render().unwrap_or_default())
}

/// What one delivery carries.
pub(super) fn despatch(whole: &Whole, delivery: &Delivery) -> String {
    let sent_on = day_of(delivery.sent_at).to_string();
    let line = |line| Sent::of(whole, line);
    let lines = delivery.lines.iter().map(line).collect();
    Despatch { whole, delivery, sent_on, lines }.render().unwrap_or_default()
}

#[derive(Template)]
#[template(path = "purchasing/order_response.xml")]
struct Response<'a> {
    whole: &'a Whole,
    code: &'static str,
    answered_on: String,
    lines: Vec<Line<'a>>,
}

#[derive(Template)]
#[template(path = "purchasing/despatch_advice.xml")]
struct Despatch<'a> {
    whole: &'a Whole,
    delivery: &'a Delivery,
    sent_on: String,
    lines: Vec<Sent<'a>>,
}

struct Sent<'a> {
    line: &'a DeliveryLine,
    sku: &'a str,
    quantity: String,
    unit_code: &'static str,
}

impl<'a> Sent<'a> {
    fn of(whole: &'a Whole, line: &'a DeliveryLine) -> Self {
        let ordered = whole.lines.iter().find(|ordered| ordered.position == line.position);
        Self {
            line,
            sku: ordered.map_or("", |ordered| &ordered.sku),
            quantity: decimal(line.quantity),
            unit_code: unit_code(&line.unit),
        }
    }
}

#[cfg(test)]
#[path = "ubl_tests.rs"]
mod tests;
