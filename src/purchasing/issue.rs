//! Issuing a purchase order.

use super::{
    error::PurchasingError,
    events::PoMoved,
    model::{PoState, Terms, line_total},
    queries::{self, Head, LineRow, NewEvent},
};
use crate::{
    catalogue, enterprises,
    kernel::{BasisPoints, Cx, Day, Lang, OrgId, PersonId, SellerId, VariantId, Vnd, day_of},
    organisations,
    platform::outbox,
    wholesale::{self, Unit},
};
use chrono::Datelike;
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// One line as it was agreed.
#[derive(Debug, Clone)]
pub struct NewPoLine {
    /// `None`: in words only, nothing of the floor's stock.
    pub variant: Option<VariantId>,
    pub name: String,
    pub sku: String,
    pub unit: String,
    /// Thousandths of the unit.
    pub quantity: i64,
    /// Tax included.
    pub unit_price: Vnd,
    pub tax: BasisPoints,
    /// The category's slug.
    pub category: Option<String>,
}

/// What both sides have agreed.
#[derive(Debug, Clone)]
pub struct NewPurchaseOrder {
    pub org: OrgId,
    pub seller: SellerId,
    pub asked_by: PersonId,
    /// The quote and its version; one purchase order each.
    pub quote: Option<(Uuid, i32)>,
    pub title: String,
    pub lines: Vec<NewPoLine>,
    pub delivery_fee: Vnd,
    pub delivery_text: String,
    pub delivery_commune: Option<String>,
    pub wanted_by: Option<Day>,
    pub terms: Terms,
    pub lang: Lang,
}

/// A purchase order that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedPo {
    pub id: Uuid,
    pub number: String,
}

/// Lines in one order.
const MOST_LINES: usize = 500;

struct Totals {
    lines: Vec<Vnd>,
    goods: Vnd,
    tax: Vnd,
    whole: Vnd,
}

fn totals(new: &NewPurchaseOrder) -> Result<Totals, PurchasingError> {
    let bad = PurchasingError::Invalid;
    if !(1..=MOST_LINES).contains(&new.lines.len()) {
        return Err(bad("lines"));
    }
    let terms = &new.terms;
    let shares = [terms.deposit_bps, terms.on_delivery_bps];
    if shares.iter().any(|s| !(0..=10_000).contains(s)) || shares.iter().sum::<i32>() > 10_000 {
        return Err(bad("shares"));
    }
    if terms.net_days.is_some_and(|days| !(0..=365).contains(&days)) || new.delivery_fee.0 < 0 {
        return Err(bad("terms"));
    }
    let (mut lines, mut goods, mut tax) = (Vec::new(), Vnd::ZERO, Vnd::ZERO);
    for line in &new.lines {
        let words = !line.name.trim().is_empty() && !line.unit.trim().is_empty();
        if line.quantity <= 0
            || line.unit_price.0 < 0
            || !words
            || !(0..=10_000).contains(&line.tax.0)
        {
            return Err(bad("line"));
        }
        let total = line_total(line.quantity, line.unit_price).ok_or(bad("sum"))?;
        goods = goods.plus(total).ok_or(bad("sum"))?;
        tax = tax.plus(total.contained_tax(line.tax)).ok_or(bad("sum"))?;
        lines.push(total);
    }
    let whole = goods.plus(new.delivery_fee).ok_or(bad("sum"))?;
    if whole.0 <= 0 {
        return Err(bad("sum"));
    }
    Ok(Totals { lines, goods, tax, whole })
}

/// Issues a purchase order in the caller's transaction: the seller is to confirm it.
///
/// # Errors
/// [`PurchasingError::Again`] when the quote has one; the transaction can go on. [`PurchasingError::NotSelling`],
/// [`PurchasingError::Invalid`], [`PurchasingError::NotFound`] without such an organisation.
pub async fn issue(
    db: &mut PgConnection,
    cx: &Cx,
    new: NewPurchaseOrder,
) -> Result<PlacedPo, PurchasingError> {
    let totals = totals(&new)?;
    let org = organisations::organisation(db, new.org).await?.ok_or(PurchasingError::NotFound)?;
    if !enterprises::is_selling(db, new.seller).await? {
        return Err(PurchasingError::NotSelling);
    }
    let facts = enterprises::facts(db, &[new.seller]).await?.remove(&new.seller);
    let facts = facts.ok_or(PurchasingError::NotSelling)?;
    let id = cx.new_id();
    let year = day_of(cx.now).year();
    let number = format!("DM{:02}-{:06}", year % 100, queries::next_number(db, year).await?);
    let head = Head {
        id,
        number: &number,
        new: &new,
        goods_total: totals.goods,
        tax_total: totals.tax,
        total: totals.whole,
        buyer: (&org.name, &org.tax_code, &org.address),
        seller: &facts,
    };
    if !queries::insert(db, cx, &head).await? {
        return Err(PurchasingError::Again);
    }
    let units = units(db, cx, &new).await?;
    let lines: Vec<LineRow<'_>> = new
        .lines
        .iter()
        .zip(&totals.lines)
        .map(|(line, total)| LineRow { line, total: *total, factor: factor(line, &units) })
        .collect();
    queries::insert_lines(db, id, &lines).await?;
    let state = PoState::Issued;
    let event = NewEvent { order: id, version: 1, side: "buyer", event: "issued", state, note: "" };
    queries::insert_event(db, cx, &event).await?;
    let news = PoMoved {
        order: id,
        org: new.org,
        seller: new.seller,
        event: "issued".to_owned(),
        state: state.code().to_owned(),
        version: 1,
    };
    outbox::publish(db, cx, &news).await?;
    Ok(PlacedPo { id, number })
}

/// The units of the lines' own variants: the one that the stock is counted in, then those they are sold in besides.
async fn units(
    db: &mut PgConnection,
    cx: &Cx,
    new: &NewPurchaseOrder,
) -> sqlx::Result<HashMap<VariantId, Vec<Unit>>> {
    let variants: Vec<VariantId> = new.lines.iter().filter_map(|line| line.variant).collect();
    if variants.is_empty() {
        return Ok(HashMap::new());
    }
    let offers = catalogue::offers(db, cx, &variants).await?;
    let own: Vec<_> = offers.into_iter().filter(|offer| offer.seller == new.seller).collect();
    let variants: Vec<VariantId> = own.iter().map(|offer| offer.variant).collect();
    let mut more = wholesale::units(db, &variants).await?;
    let all = |offer: catalogue::Offer| {
        let sold = more.remove(&offer.variant).unwrap_or_default();
        (offer.variant, std::iter::once(Unit::piece(&offer.unit)).chain(sold).collect())
    };
    Ok(own.into_iter().map(all).collect())
}

/// The line's unit in pieces, as it is today; where the whole line comes to no whole pieces the seller counts.
fn factor(line: &NewPoLine, units: &HashMap<VariantId, Vec<Unit>>) -> Option<(i64, i64)> {
    let unit = units.get(&line.variant?)?.iter().find(|unit| unit.is_called(&line.unit))?;
    unit.pieces(line.quantity)?;
    Some((unit.units, unit.base))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_is_frozen_where_it_comes_to_whole_pieces() {
        let variant = VariantId(Uuid::from_u128(7));
        let sack = Unit { name: "kg".into(), units: 50, base: 1 };
        let units = HashMap::from([(variant, vec![Unit::piece("bao"), sack])]);
        let line = |unit: &str, quantity| NewPoLine {
            variant: Some(variant),
            name: "Gạo".into(),
            sku: String::new(),
            unit: unit.into(),
            quantity,
            unit_price: Vnd(1),
            tax: BasisPoints(0),
            category: None,
        };
        assert_eq!(factor(&line("Bao", 3_000), &units), Some((1, 1)));
        assert_eq!(factor(&line("kg", 150_000), &units), Some((50, 1)));
        assert_eq!(factor(&line("kg", 120_000), &units), None, "no whole sacks");
        assert_eq!(factor(&line("bao", 2_500), &units), None);
        assert_eq!(factor(&line("thùng", 1_000), &units), None);
        assert_eq!(factor(&NewPoLine { variant: None, ..line("kg", 50_000) }, &units), None);
    }
}
