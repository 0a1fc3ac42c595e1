//! Lines of invoices as a table for the seller's own invoice software. Pure.

use super::{ask::Recipient, contract_paper::rate};
use crate::{
    enterprises::Kind,
    kernel::{BasisPoints, Day, Lang, Vnd, date, day_of},
    orders::{Line, OrderHead},
};

/// Which invoice a seller issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InvoiceKind {
    /// Value added tax by deduction: prices without tax, rates, sums by rate.
    Vat,
    /// The sales invoice (*hóa đơn bán hàng*): households pay tax by a share of their revenue and show none.
    Sales,
}

impl InvoiceKind {
    pub(super) const fn of(seller: Kind) -> Self {
        match seller {
            Kind::Household => Self::Sales,
            Kind::Enterprise | Kind::Cooperative => Self::Vat,
        }
    }
}

/// The rate of the delivery fee by the day of the order.
pub(super) struct FeeRates(pub(super) Vec<(Day, Option<Day>, i64)>);

impl FeeRates {
    /// The rule that holds them.
    pub(super) const RULE: &'static str = "vat.delivery_bps";
    /// Where no row is valid.
    const USUAL: BasisPoints = BasisPoints(1000);

    pub(super) fn on(&self, day: Day) -> BasisPoints {
        let held =
            self.0.iter().rev().find(|(from, to, _)| *from <= day && to.is_none_or(|to| day < to));
        held.and_then(|(.., bps)| i32::try_from(*bps).ok()).map_or(Self::USUAL, BasisPoints)
    }
}

/// An order with whom its invoice is to name.
pub(super) struct Due {
    pub(super) head: OrderHead,
    pub(super) lines: Vec<Line>,
    pub(super) asked: Option<Recipient>,
    /// The rate of the tax contained in the delivery fee.
    pub(super) fee_rate: BasisPoints,
}

/// One row of an invoice: goods, or the delivery fee.
pub(super) struct Item<'a> {
    pub(super) sku: &'a str,
    pub(super) name: String,
    pub(super) unit: &'a str,
    pub(super) quantity: i64,
    pub(super) rate: BasisPoints,
    pub(super) paid: Vnd,
    /// Contained in it.
    pub(super) tax: Vnd,
}

impl Item<'_> {
    pub(super) const fn net(&self) -> Vnd {
        Vnd(self.paid.0 - self.tax.0)
    }
}

/// Whom the invoice names: as asked; else the buying firm; else the buyer himself.
pub(super) fn recipient(head: &OrderHead, asked: Option<&Recipient>) -> Recipient {
    if let Some(asked) = asked {
        return asked.clone();
    }
    let firm = head.buyer_tax_code.is_some();
    Recipient {
        name: if firm { head.buyer_org.clone() } else { head.buyer_name.clone() },
        tax_code: head.buyer_tax_code.clone(),
        address: head.delivery_text.clone(),
        email: head.buyer_email.clone().unwrap_or_default(),
    }
}

impl Due {
    pub(super) fn recipient(&self) -> Recipient {
        recipient(&self.head, self.asked.as_ref())
    }

    /// The goods, and the delivery fee with its own rate.
    pub(super) fn items(&self) -> Vec<Item<'_>> {
        let goods = self.lines.iter().map(|line| Item {
            sku: &line.sku,
            name: match line.label.as_str() {
                "" => line.name.clone(),
                label => format!("{} ({label})", line.name),
            },
            unit: &line.unit,
            quantity: line.quantity,
            rate: line.tax_bps,
            paid: line.paid(),
            tax: line.tax,
        });
        let fee = Some(self.head.delivery_fee).filter(|fee| fee.0 > 0).map(|fee| Item {
            sku: "",
            name: "Phí giao hàng".to_owned(),
            unit: "",
            quantity: 1,
            rate: self.fee_rate,
            paid: fee,
            tax: fee.contained_tax(self.fee_rate),
        });
        goods.chain(fee).collect()
    }
}

/// `net ÷ quantity` with up to six decimals, rounded down: the price without tax.
pub(super) fn unit_price(net: Vnd, quantity: i64) -> String {
    let micro = i128::from(net.0) * 1_000_000 / i128::from(quantity.max(1));
    let (whole, rest) = (micro / 1_000_000, micro % 1_000_000);
    match rest {
        0 => whole.to_string(),
        _ => format!("{whole}.{}", format!("{rest:06}").trim_end_matches('0')),
    }
}

/// The columns, in the reader's language.
pub(super) fn header(lang: Lang) -> [&'static str; 17] {
    match lang {
        Lang::Vi => [
            "Mã đơn",
            "Ngày đặt",
            "Tên trên hóa đơn",
            "Mã số thuế",
            "Địa chỉ",
            "E-mail",
            "Hình thức thanh toán",
            "STT",
            "Mã hàng",
            "Tên hàng",
            "Đơn vị tính",
            "Số lượng",
            "Đơn giá chưa thuế",
            "Thuế suất",
            "Tiền chưa thuế",
            "Tiền thuế",
            "Thành tiền",
        ],
        Lang::En => [
            "Order",
            "Placed on",
            "Invoice name",
            "Tax code",
            "Address",
            "E-mail",
            "Payment",
            "No.",
            "SKU",
            "Goods",
            "Unit",
            "Quantity",
            "Price before tax",
            "VAT rate",
            "Amount before tax",
            "VAT",
            "Amount",
        ],
    }
}

/// One row a line, and one for the delivery fee. A sales invoice has neither rate nor tax.
pub(super) fn rows(due: &Due, kind: InvoiceKind, lang: Lang) -> Vec<[String; 17]> {
    let head = &due.head;
    let to = due.recipient();
    let row = |(at, item): (usize, &Item<'_>)| {
        let (price, tax, bps) = match kind {
            InvoiceKind::Vat => (item.net(), item.tax.0.to_string(), rate(item.rate)),
            InvoiceKind::Sales => (item.paid, String::new(), String::new()),
        };
        [
            head.code.clone(),
            date(day_of(head.placed_at)),
            to.name.clone(),
            to.tax_code.clone().unwrap_or_default(),
            to.address.clone(),
            to.email.clone(),
            head.payment_method.label().get(lang).to_owned(),
            (at + 1).to_string(),
            item.sku.to_owned(),
            item.name.clone(),
            item.unit.to_owned(),
            item.quantity.to_string(),
            unit_price(price, item.quantity),
            bps.replace('\u{a0}', ""),
            price.0.to_string(),
            tax,
            item.paid.0.to_string(),
        ]
    };
    due.items().iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_without_tax_is_written_with_a_point_and_no_float() {
        assert_eq!(unit_price(Vnd(100_000), 2), "50000");
        assert_eq!(unit_price(Vnd(100_000), 3), "33333.333333");
        assert_eq!(unit_price(Vnd(1), 8), "0.125");
        assert_eq!(unit_price(Vnd(i64::MAX), 1), i64::MAX.to_string());
    }

    #[test]
    fn the_fees_rate_is_that_of_its_day() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let rates = FeeRates(vec![
            (day("2025-07-01"), Some(day("2027-01-01")), 800),
            (day("2027-01-01"), None, 1000),
        ]);
        assert_eq!(rates.on(day("2026-12-31")), BasisPoints(800));
        assert_eq!(rates.on(day("2027-01-01")), BasisPoints(1000));
        assert_eq!(rates.on(day("2020-01-01")), FeeRates::USUAL);
    }
}
