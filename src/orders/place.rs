//! A checkout becomes orders.

use super::{
    error::OrderError,
    events::OrderPlaced,
    machine,
    model::{NewGroup, NewLine, NewOrder, Placed, PlacedOrder},
    queries::{self, Fresh, Totals},
    times::Times,
};
use crate::{
    kernel::{Cx, GroupId, OrderId, VariantId, Vnd, code_from},
    payments::{self, NewIntent},
    platform::outbox,
    stock::{self, StockError},
};
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// Places all orders of a checkout in the caller's transaction: all of them or none.
///
/// Goods are reserved, payments opened, prices and taxes frozen. The same checkout again, at the same
/// moment or later, gives the orders that it made the first time. Mail follows from a job.
///
/// # Errors
/// [`OrderError::Short`] when goods are no longer there, [`OrderError::Amounts`] and
/// [`OrderError::NoAccount`] for what a checkout should not have sent. The transaction must then be
/// rolled back.
pub async fn place(db: &mut PgConnection, cx: &Cx, group: NewGroup) -> Result<Placed, OrderError> {
    if group.orders.is_empty() {
        return Err(OrderError::Amounts);
    }
    // A code that is taken is one chance in 10¹³; three are never taken.
    for _ in 0..3 {
        let id = GroupId(cx.new_id());
        let code = code_from(id.0);
        if queries::insert_group(db, cx, id, &code, &group).await? {
            let orders = place_all(db, cx, (id, &group)).await?;
            return Ok(Placed { group_code: code, orders });
        }
        if let Some((id, group_code)) = queries::group_of(db, group.checkout).await? {
            return Ok(Placed { group_code, orders: queries::placed_of(db, id).await? });
        }
    }
    Err(OrderError::Db(sqlx::Error::RowNotFound))
}

async fn place_all(
    db: &mut PgConnection,
    cx: &Cx,
    group: (GroupId, &NewGroup),
) -> Result<Vec<PlacedOrder>, OrderError> {
    let times = Times::on(db, cx).await?;
    // Everybody reserves in the order of seller and variant, so that no two wait for each other.
    let mut sorted: Vec<&NewOrder> = group.1.orders.iter().collect();
    sorted.sort_by_key(|order| order.seller.id);
    let mut placed = Vec::with_capacity(sorted.len());
    for order in sorted {
        placed.push(place_one(db, cx, group, order, &times).await?);
    }
    Ok(placed)
}

async fn place_one(
    db: &mut PgConnection,
    cx: &Cx,
    group: (GroupId, &NewGroup),
    order: &NewOrder,
    times: &Times,
) -> Result<PlacedOrder, OrderError> {
    let (amounts, totals) = totals(order).ok_or(OrderError::Amounts)?;
    let (state, deadline) = machine::start(order.payment);
    let due = times.due(deadline, cx.now);
    let secret = secret();
    let mut written = None;
    for _ in 0..3 {
        let id = OrderId(cx.new_id());
        let code = code_from(id.0);
        let fresh = Fresh { id, code: &code, secret: &secret, totals: &totals, state, due };
        if queries::insert_order(db, cx, group, order, &fresh).await? {
            written = Some((id, code));
            break;
        }
    }
    let (id, code) = written.ok_or(OrderError::Db(sqlx::Error::RowNotFound))?;
    queries::insert_lines(db, cx, id, &order.lines, &amounts, state).await?;
    reserve(db, cx, id, &order.lines).await?;
    let intent = NewIntent {
        order: id,
        seller: order.seller.id,
        method: order.payment,
        amount: totals.total,
        account: order.bank.as_ref(),
    };
    payments::open(db, cx, &intent).await?;
    let news = OrderPlaced { order: id, group: group.0, seller: order.seller.id };
    outbox::publish(db, cx, &news).await?;
    Ok(PlacedOrder { id, code, secret, seller: order.seller.id, total: totals.total })
}

/// Reserves each variant once, in the order of ids.
async fn reserve(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    lines: &[NewLine],
) -> Result<(), OrderError> {
    let mut wanted: BTreeMap<VariantId, i64> = BTreeMap::new();
    for line in lines {
        let sum = wanted.entry(line.variant).or_default();
        *sum = sum.checked_add(line.quantity).ok_or(OrderError::Amounts)?;
    }
    let wanted: Vec<(VariantId, i64)> = wanted.into_iter().collect();
    stock::reserve(db, cx, order, &wanted).await.map_err(|error| match error {
        StockError::Short { variant, available } => {
            let line = lines.iter().find(|l| l.variant == variant);
            let name = line.map(NewLine::shown).unwrap_or_default();
            OrderError::Short { variant, name, available }
        }
        other => other.into(),
    })
}

/// Each line's total and the tax in it, and their sums; `None` when they cannot be counted.
fn totals(order: &NewOrder) -> Option<(Vec<(Vnd, Vnd)>, Totals)> {
    let mut amounts = Vec::with_capacity(order.lines.len());
    let (mut goods, mut tax) = (Vnd::ZERO, Vnd::ZERO);
    for line in &order.lines {
        let fits = line.quantity > 0 && line.unit_price.0 > 0 && (0..=10_000).contains(&line.tax.0);
        let total = line.unit_price.times(line.quantity).filter(|_| fits)?;
        let contained = total.contained_tax(line.tax);
        (goods, tax) = (goods.plus(total)?, tax.plus(contained)?);
        amounts.push((total, contained));
    }
    let total = goods.plus(order.delivery.fee).filter(|_| order.delivery.fee.0 >= 0)?;
    (!amounts.is_empty()).then_some((amounts, Totals { goods, tax, total }))
}

/// The guest's key to an order: 130 random bits in base 32.
fn secret() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let bytes: [u8; 26] = rand::random();
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kernel::{BasisPoints, ProductId, SellerId},
        orders::{DeliveryMethod, NewDelivery, PaymentMethod, SellerSnapshot},
    };
    use proptest::prelude::*;
    use uuid::Uuid;

    fn order(lines: &[(i64, i64, i32)], fee: i64) -> NewOrder {
        let line = |(quantity, price, bps): &(i64, i64, i32)| NewLine {
            variant: VariantId(Uuid::nil()),
            product: ProductId(Uuid::nil()),
            sku: "A".into(),
            name: "A".into(),
            label: String::new(),
            unit: "kg".into(),
            picture: String::new(),
            quantity: *quantity,
            unit_price: Vnd(*price),
            tax: BasisPoints(*bps),
        };
        let seller = SellerSnapshot {
            id: SellerId(Uuid::nil()),
            name: "S".into(),
            tax_code: None,
            address: String::new(),
            phone: String::new(),
            email: String::new(),
        };
        let delivery = NewDelivery {
            method: DeliveryMethod::Own,
            text: String::new(),
            commune: None,
            days: String::new(),
            fee: Vnd(fee),
        };
        let lines = lines.iter().map(line).collect();
        let (payment, note) = (PaymentMethod::Cod, String::new());
        NewOrder { seller, bank: None, delivery, payment, note, lines }
    }

    #[test]
    fn what_cannot_be_counted_is_refused() {
        for bad in [
            order(&[], 0),
            order(&[(0, 1, 0)], 0),
            order(&[(1, -1, 0)], 0),
            order(&[(2, i64::MAX, 0)], 0),
            order(&[(1, i64::MAX, 0)], 1),
            order(&[(1, 1, 0)], -1),
            order(&[(1, 1, -5)], 0),
        ] {
            assert!(totals(&bad).is_none(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn the_order_is_the_sum_of_its_lines(
            lines in prop::collection::vec((1i64..1000, 1i64..1_000_000_000, 0i32..=1000), 1..9), fee in 0i64..1_000_000,
        ) {
            let (amounts, sum) = totals(&order(&lines, fee)).unwrap();
            prop_assert_eq!(amounts.iter().map(|a| a.0.0).sum::<i64>(), sum.goods.0);
            prop_assert_eq!(amounts.iter().map(|a| a.1.0).sum::<i64>(), sum.tax.0);
            prop_assert_eq!(sum.goods.0 + fee, sum.total.0);
            prop_assert!(amounts.iter().all(|(total, tax)| tax.0 >= 0 && tax.0 < total.0));
        }

        #[test]
        fn keys_do_not_repeat(_ in 0..8u8) {
            let key = secret();
            prop_assert_eq!(key.len(), 26);
            prop_assert_ne!(key, secret());
        }
    }
}
