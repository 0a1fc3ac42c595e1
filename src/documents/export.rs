//! Lines of invoices as a table for the seller's own invoice software. Pure.

use super::{ask::Recipient, contract_paper::rate};
use crate::{
    kernel::{Lang, Vnd, date, day_of},
    orders::Order,
};

/// An order with whom its invoice is to name.
pub(super) struct Due {
    pub(super) order: Order,
    pub(super) asked: Option<Recipient>,
}

impl Due {
    /// Whom the invoice names: as asked; else the buying firm; else the buyer himself.
    pub(super) fn recipient(&self) -> Recipient {
        if let Some(asked) = &self.asked {
            return asked.clone();
        }
        let head = &self.order.head;
        let firm = head.buyer_tax_code.is_some();
        Recipient {
            name: if firm { head.buyer_org.clone() } else { head.buyer_name.clone() },
            tax_code: head.buyer_tax_code.clone(),
            address: head.delivery_text.clone(),
            email: head.buyer_email.clone().unwrap_or_default(),
        }
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

/// One row a line, and one for the delivery fee, whose rate the seller's accountant decides.
pub(super) fn rows(due: &Due, lang: Lang) -> Vec<[String; 17]> {
    let head = &due.order.head;
    let to = due.recipient();
    let row = |at: usize, tail: [String; 9]| {
        let [sku, name, unit, quantity, price, rate, net, tax, total] = tail;
        [
            head.code.clone(),
            date(day_of(head.placed_at)),
            to.name.clone(),
            to.tax_code.clone().unwrap_or_default(),
            to.address.clone(),
            to.email.clone(),
            head.payment_method.label().get(lang).to_owned(),
            at.to_string(),
            sku,
            name,
            unit,
            quantity,
            price,
            rate,
            net,
            tax,
            total,
        ]
    };
    let mut rows: Vec<[String; 17]> = Vec::new();
    for (at, line) in due.order.lines.iter().enumerate() {
        let net = Vnd(line.paid().0 - line.tax.0);
        let name = if line.label.is_empty() {
            line.name.clone()
        } else {
            format!("{} ({})", line.name, line.label)
        };
        rows.push(row(
            at + 1,
            [
                line.sku.clone(),
                name,
                line.unit.clone(),
                line.quantity.to_string(),
                unit_price(net, line.quantity),
                rate(line.tax_bps).replace('\u{a0}', ""),
                net.0.to_string(),
                line.tax.0.to_string(),
                line.paid().0.to_string(),
            ],
        ));
    }
    if head.delivery_fee.0 > 0 {
        let fee = head.delivery_fee.0.to_string();
        let name = lang.t("Phí giao hàng", "Delivery").to_owned();
        let empty = String::new;
        rows.push(row(
            due.order.lines.len() + 1,
            [empty(), name, empty(), "1".into(), fee.clone(), empty(), fee.clone(), empty(), fee],
        ));
    }
    rows
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
}
