//! A checkout becomes orders.

use super::{
    error::OrderError,
    events::OrderPlaced,
    machine,
    model::{GroupNames, NewGroup, NewLine, NewOrder, Placed, PlacedOrder, secret},
    queries_place::{self, Fresh, LineTotals, Names, Totals},
    times,
};
use crate::{
    kernel::{Cx, OrderId, VariantId, Vnd, code_from},
    payments::{self, NewIntent},
    platform::outbox,
    promotions::{self, Take},
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
    // Everybody reserves in the order of seller and variant, so that no two wait for each other.
    let mut sorted: Vec<&NewOrder> = group.orders.iter().collect();
    sorted.sort_by_key(|order| order.seller.id);
    if sorted.is_empty() {
        return Err(OrderError::Amounts);
    }
    let GroupNames { id, code, secret: key } = group.names.clone();
    let mut names = Names { id, code, written: false };
    let mut key = Some(key);
    let mut orders = Vec::with_capacity(sorted.len());
    for order in sorted {
        let key = key.take().unwrap_or_else(secret);
        match place_one(db, cx, (&mut names, &group), order, key).await? {
            Some(placed) => orders.push(placed),
            None => return earlier(db, &group).await?.ok_or(TAKEN),
        }
    }
    Ok(Placed { group_code: names.code, orders })
}

/// Codes that are taken are one chance in 10¹³; three in a row are never taken.
const TAKEN: OrderError = OrderError::Db(sqlx::Error::RowNotFound);

fn new_names(cx: &Cx) -> Names {
    let GroupNames { id, code, .. } = GroupNames::new(cx);
    Names { id, code, written: false }
}

/// What this checkout has made before.
async fn earlier(db: &mut PgConnection, group: &NewGroup) -> Result<Option<Placed>, OrderError> {
    let Some((id, group_code)) = queries_place::group_of(db, group.checkout).await? else {
        return Ok(None);
    };
    Ok(Some(Placed { group_code, orders: queries_place::placed_of(db, id).await? }))
}

/// One order; `None` when the checkout has made its orders before.
async fn place_one(
    db: &mut PgConnection,
    cx: &Cx,
    (names, group): (&mut Names, &NewGroup),
    order: &NewOrder,
    secret: String,
) -> Result<Option<PlacedOrder>, OrderError> {
    let totals = totals(order).ok_or(OrderError::Amounts)?;
    let (state, deadline) = machine::start(order.payment);
    let clock = times::of_new(deadline);
    let mut written = None;
    for _ in 0..3 {
        let id = OrderId(cx.new_id());
        let code = code_from(id.0);
        let fresh = Fresh { id, code: &code, secret: &secret, totals: &totals, state, clock };
        let done = queries_place::insert(db, cx, (names, group), order, &fresh).await?;
        names.written |= done.group;
        if done.order {
            written = Some((id, code));
            break;
        }
        if !names.written {
            if queries_place::group_of(db, group.checkout).await?.is_some() {
                return Ok(None);
            }
            *names = new_names(cx);
        }
    }
    let (id, code) = written.ok_or(TAKEN)?;
    reserve(db, cx, id, &order.lines).await?;
    redeem(db, cx, id, (group, order), totals.goods).await?;
    let intent = NewIntent {
        order: id,
        seller: order.seller.id,
        method: order.payment,
        amount: totals.total,
        account: order.bank.as_ref(),
    };
    payments::open(db, cx, &intent).await?;
    let news = OrderPlaced { order: id, group: names.id, seller: order.seller.id };
    outbox::publish(db, cx, &news).await?;
    Ok(Some(PlacedOrder { id, code, secret, seller: order.seller.id, total: totals.total }))
}

/// Counts the use of the order's voucher, if it has one.
async fn redeem(
    db: &mut PgConnection,
    cx: &Cx,
    id: OrderId,
    (group, order): (&NewGroup, &NewOrder),
    goods: Vnd,
) -> Result<(), OrderError> {
    let Some(voucher) = &order.voucher else { return Ok(()) };
    let take = Take {
        voucher: voucher.id,
        order: id,
        seller: order.seller.id,
        person: group.buyer,
        phone: &group.contact.phone,
        goods,
        discount: voucher.discount,
    };
    promotions::take(db, cx, &take)
        .await?
        .map_err(|refusal| OrderError::Voucher { code: voucher.code.clone(), refusal })
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

/// What the order comes to; `None` when it cannot be counted.
fn totals(order: &NewOrder) -> Option<Totals> {
    let mut amounts = Vec::with_capacity(order.lines.len());
    let mut goods = Vnd::ZERO;
    for line in &order.lines {
        let fits = line.quantity > 0 && line.unit_price.0 > 0 && (0..=10_000).contains(&line.tax.0);
        let total = line.unit_price.times(line.quantity).filter(|_| fits)?;
        goods = goods.plus(total)?;
        amounts.push(total);
    }
    let discount = order.voucher.as_ref().map_or(Vnd::ZERO, |voucher| voucher.discount);
    if discount.0 < 0 || (discount.0 > 0 && discount >= goods) {
        return None;
    }
    let shares = promotions::share(discount, &amounts);
    let mut tax = Vnd::ZERO;
    let mut lines = Vec::with_capacity(amounts.len());
    for ((total, share), line) in amounts.into_iter().zip(shares).zip(&order.lines) {
        // The tax is contained in what is paid.
        let contained = Vnd(total.0 - share.0).contained_tax(line.tax);
        tax = tax.plus(contained)?;
        lines.push(LineTotals { total, discount: share, tax: contained });
    }
    let paid = Vnd(goods.0 - discount.0);
    let total = paid.plus(order.delivery.fee).filter(|_| order.delivery.fee.0 >= 0)?;
    (!lines.is_empty()).then_some(Totals { lines, goods, discount, tax, total })
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
        NewOrder { seller, bank: None, delivery, payment, note, voucher: None, lines }
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
            let sum = totals(&order(&lines, fee)).unwrap();
            prop_assert_eq!(sum.lines.iter().map(|l| l.total.0).sum::<i64>(), sum.goods.0);
            prop_assert_eq!(sum.lines.iter().map(|l| l.tax.0).sum::<i64>(), sum.tax.0);
            prop_assert_eq!(sum.goods.0 + fee, sum.total.0);
            prop_assert!(sum.lines.iter().all(|l| l.tax.0 >= 0 && l.tax.0 < l.total.0));
        }

        #[test]
        fn a_discount_is_shared_and_the_tax_is_of_what_is_paid(
            lines in prop::collection::vec((1i64..100, 1i64..1_000_000, 0i32..=1000), 1..9), part in 0i64..100,
        ) {
            let plain = totals(&order(&lines, 0)).unwrap();
            let discount = Vnd(plain.goods.0 * part / 100);
            let id = crate::kernel::VoucherId(Uuid::nil());
            let terms = crate::kernel::Text::new("", "");
            let voucher = Some(promotions::Redeemed { id, code: "A".into(), terms, discount });
            let sum = totals(&NewOrder { voucher, ..order(&lines, 0) }).unwrap();
            prop_assert_eq!(sum.lines.iter().map(|l| l.discount.0).sum::<i64>(), discount.0);
            prop_assert_eq!(sum.goods.0 - discount.0, sum.total.0);
            prop_assert!(sum.tax <= plain.tax && sum.total.0 > 0);
            for l in &sum.lines {
                prop_assert!(l.discount <= l.total && l.tax.0 <= l.total.0 - l.discount.0);
            }
        }

        #[test]
        fn keys_do_not_repeat(_ in 0..8u8) {
            let key = secret();
            prop_assert_eq!(key.len(), 26);
            prop_assert_ne!(key, secret());
        }
    }
}
