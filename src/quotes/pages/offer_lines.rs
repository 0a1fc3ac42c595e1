//! The lines of an offer as a seller types them.

use super::{
    super::{
        model::{Amount, Break, OfferLine},
        queries_read::Line,
    },
    cut,
    offer::OfferRow,
    own_goods::{Named, Own},
};
use crate::kernel::{Errors, Vnd};

const MOST_PRICE: i64 = 1_000_000_000_000;

fn price(e: &mut Errors, field: &str, typed: &str) -> Option<Vnd> {
    let price = Vnd::read(typed).filter(|p| (1..=MOST_PRICE).contains(&p.0));
    e.check(price.is_some(), field, "Đơn giá chưa đúng.", "This is not a price.");
    price
}

/// What is offered for a line: nothing, as asked, an alternative, or both.
pub(super) fn offer_lines(
    e: &mut Errors,
    line: &Line,
    row: &OfferRow,
    named: &Named,
) -> Vec<OfferLine> {
    let field = |name: &str| format!("{name}-{}", row.number);
    if row.price.is_empty() && row.other_price.is_empty() {
        return Vec::new();
    }
    let quantity = Amount::read(&row.quantity);
    e.check(
        quantity.is_some(),
        &field("sl"),
        "Số lượng chưa đúng, ví dụ 120 hoặc 1,5.",
        "This is not a quantity, e.g. 120 or 1,5.",
    );
    let lead = row.lead.parse::<i32>().ok().filter(|d| (0..=365).contains(d));
    e.check(
        lead.is_some(),
        &field("ngay_giao"),
        "Số ngày từ 0 tới 365.",
        "Between 0 and 365 days.",
    );
    let breaks = breaks(&row.breaks);
    e.check(
        breaks.is_some(),
        &field("bac"),
        "Giá theo số lượng ghi như: 200: 18.000; 500: 17.500",
        "Prices by quantity are written like: 200: 18.000; 500: 17.500",
    );
    let (Some(quantity), Some(lead_days), Some(breaks)) = (quantity, lead, breaks) else {
        return Vec::new();
    };
    let asked_here = line.variant.filter(|_| row.is_own);
    let asked_here =
        asked_here.map(|variant| Own { variant, sku: line.sku.clone(), tax: line.tax });
    let own = asked_here.or_else(|| own(e, &field("ma"), &row.sku, named));
    let other = own_other(e, row, named);
    let base = OfferLine {
        position: line.position,
        choice: 0,
        variant: own.as_ref().map(|own| own.variant),
        name: line.name.clone(),
        sku: own.as_ref().map(|own| own.sku.clone()).unwrap_or_default(),
        unit: line.unit.clone(),
        quantity,
        price: Vnd::ZERO,
        tax: own.as_ref().map_or(line.tax, |own| own.tax),
        lead_days,
        note: cut(&row.note, 500),
        breaks,
    };
    let mut all = Vec::new();
    if !row.price.is_empty() {
        let price = price(e, &field("gia"), &row.price);
        all.extend(price.map(|price| OfferLine { price, ..base.clone() }));
    }
    let tax = other.as_ref().map_or(line.tax, |own| own.tax);
    all.extend(alternative(e, row, OfferLine { tax, ..base }, other));
    all
}

/// The goods of his own that he names; nothing where he names none.
fn own(e: &mut Errors, field: &str, typed: &str, named: &Named) -> Option<Own> {
    if typed.is_empty() {
        return None;
    }
    let found = named.get(typed).cloned();
    e.check(
        found.is_some(),
        field,
        "Không có sản phẩm nào của bạn với mã hoặc tên này.",
        "None of your products has this code or name.",
    );
    found
}

fn own_other(e: &mut Errors, row: &OfferRow, named: &Named) -> Option<Own> {
    let typed = if row.other_price.is_empty() { "" } else { &row.other_sku };
    own(e, &format!("khac_ma-{}", row.number), typed, named)
}

/// What he offers instead, if he does.
fn alternative(
    e: &mut Errors,
    row: &OfferRow,
    base: OfferLine,
    own: Option<Own>,
) -> Option<OfferLine> {
    if row.other_price.is_empty() {
        return None;
    }
    let price = price(e, &format!("khac_gia-{}", row.number), &row.other_price);
    let name = cut(&row.other, 200);
    e.check(
        !name.is_empty(),
        &format!("khac_ten-{}", row.number),
        "Xin ghi tên hàng thay thế.",
        "Please name the alternative.",
    );
    let other = OfferLine {
        choice: 1,
        variant: own.as_ref().map(|own| own.variant),
        sku: own.map(|own| own.sku).unwrap_or_default(),
        breaks: Vec::new(),
        name,
        ..base
    };
    price.map(|price| OfferLine { price, ..other })
}

/// `200: 18.000; 500: 17.500`.
fn breaks(typed: &str) -> Option<Vec<Break>> {
    let parts = typed.split(';').map(str::trim).filter(|part| !part.is_empty());
    let one = |part: &str| {
        let (min, price) = part.split_once(':')?;
        let price = Vnd::read(price).filter(|p| (1..=MOST_PRICE).contains(&p.0))?;
        Some(Break { min: Amount::read(min)?, price })
    };
    let mut all: Vec<Break> = parts.map(one).collect::<Option<_>>()?;
    all.sort_by_key(|b| b.min);
    let twice = all.windows(2).any(|pair| pair[0].min == pair[1].min);
    (all.len() <= 8 && !twice).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_are_read_as_they_are_told() {
        let read = breaks("500: 17.500; 200:18.000 ;").unwrap();
        assert_eq!(read[0], Break { min: Amount(200_000), price: Vnd(18_000) });
        assert_eq!(read[1], Break { min: Amount(500_000), price: Vnd(17_500) });
        assert_eq!(breaks(""), Some(Vec::new()));
        for typed in ["x", "200", "200: -1", "200: 1; 200: 2", "0: 5"] {
            assert_eq!(breaks(typed), None, "{typed}");
        }
    }
}
