//! Goods leave, arrive and are accepted.

use super::{
    act::{hold, step},
    error::PurchasingError,
    instalments::{self, Kind},
    machine::{Deed, Side},
    model::line_total,
    queries_act, queries_read,
    read::{Delivery, Po, PoLine},
};
use crate::{
    kernel::{Cx, OrderId, VariantId, Vnd},
    payments::PayAccount,
    stock,
};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

/// So much of a line is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    pub position: i32,
    /// Thousandths of the line's unit.
    pub quantity: i64,
    /// Pieces that leave the stock of the floor, where the line does not say how many its unit is.
    pub pieces: i64,
}

/// How it is sent.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    pub goods: &'a [Sent],
    pub carrier: &'a str,
    pub note: &'a str,
}

/// The seller sends goods: never more than is open, never what is not there.
///
/// # Errors
/// [`PurchasingError::Delivery`], [`PurchasingError::Stock`] when goods are short (the transaction must then be rolled
/// back), [`PurchasingError::Moved`].
pub async fn send(
    db: &mut PgConnection,
    cx: &Cx,
    (id, seen): (Uuid, Option<i32>),
    sending: &Sending<'_>,
) -> Result<i32, PurchasingError> {
    let mut po = hold(db, id, seen).await?;
    let lines = queries_read::lines(db, id).await?;
    let (delivery, nth) = queries_act::insert_delivery(db, cx, id, sending).await?;
    let mut goods = Vec::new();
    let mut any = false;
    for sent in sending.goods.iter().filter(|sent| sent.quantity > 0) {
        let line = lines.iter().find(|line| line.position == sent.position);
        let line = line.ok_or(PurchasingError::Delivery)?;
        let pieces = pieces(line, sent)?;
        if !queries_act::send_line(db, id, (delivery, sent.position), sent.quantity, pieces).await?
        {
            return Err(PurchasingError::Delivery);
        }
        goods.extend(line.variant.filter(|_| pieces > 0).map(|v| (VariantId(v), pieces)));
        any = true;
    }
    if !any {
        return Err(PurchasingError::Delivery);
    }
    stock::leave_again(db, cx, OrderId(delivery), "purchasing", &goods).await?;
    queries_act::cancel_asked(db, id, None).await?;
    step(db, cx, &mut po, (Side::Seller, Deed::Send), &format!("{nth}")).await?;
    Ok(nth)
}

/// Pieces of the stock: by the line's factor where it has one, otherwise what the seller says. Goods leave in whole pieces;
/// only the last of a line may be the rest of a piece that was opened, and leaves as a whole one.
fn pieces(line: &PoLine, sent: &Sent) -> Result<i64, PurchasingError> {
    let Some(unit) = line.factor().filter(|_| line.variant.is_some()) else {
        return match line.variant {
            None => Ok(0),
            Some(_) if sent.pieces >= 0 => Ok(sent.pieces),
            Some(_) => Err(PurchasingError::Delivery),
        };
    };
    if let Some(pieces) = unit.pieces(sent.quantity) {
        return Ok(pieces);
    }
    if sent.quantity != line.open() {
        return Err(PurchasingError::Pieces(line.name.clone()));
    }
    let (all, of) =
        (i128::from(sent.quantity) * i128::from(unit.base), i128::from(unit.units) * 1_000);
    i64::try_from((all + of - 1) / of).map_err(|_| PurchasingError::Delivery)
}

/// The buyer has received a delivery: `received` by position, all of it where nothing is said. What is missing is
/// open again. A share of the price may be due.
///
/// # Errors
/// [`PurchasingError::NotFound`] without such a delivery under way; [`PurchasingError::Delivery`] for more than was sent;
/// [`PurchasingError::NoAccount`].
pub async fn receive(
    db: &mut PgConnection,
    cx: &Cx,
    (id, nth): (Uuid, i32),
    received: &BTreeMap<i32, i64>,
    remark: &str,
    account: Option<&PayAccount>,
) -> Result<(), PurchasingError> {
    let mut po = hold(db, id, None).await?;
    let deliveries = queries_read::deliveries(db, id).await?;
    let found = deliveries.iter().find(|d| d.nth == nth && d.received_at.is_none());
    let delivery = found.ok_or(PurchasingError::NotFound)?;
    for line in &delivery.lines {
        let came = received.get(&line.position).copied().unwrap_or(line.quantity);
        if !(0..=line.quantity).contains(&came) {
            return Err(PurchasingError::Delivery);
        }
        queries_act::receive_line(db, id, (delivery.id, line.position), came).await?;
    }
    queries_act::received(db, cx, delivery.id, remark).await?;
    let open = queries_read::lines(db, id).await?.iter().any(|line| line.open() > 0);
    let under_way = deliveries.iter().any(|d| d.nth != nth && d.received_at.is_none());
    let deed = if open || under_way { Deed::Receive } else { Deed::ReceiveAll };
    step(db, cx, &mut po, (Side::Buyer, deed), &format!("{nth}")).await?;
    let share = share_of_deliveries(db, &po, deed == Deed::ReceiveAll).await?;
    if share.0 > 0 {
        let account = account.ok_or(PurchasingError::NoAccount)?;
        instalments::open(db, cx, &po, Kind::Delivery, share, account).await?;
    }
    Ok(())
}

/// What is due for what has arrived so far and was not asked for yet; the last delivery takes the rest.
async fn share_of_deliveries(db: &mut PgConnection, po: &Po, all: bool) -> sqlx::Result<Vnd> {
    let asked: i64 = queries_read::instalments(db, po.id)
        .await?
        .iter()
        .filter(|i| i.kind == "delivery")
        .map(|i| i.amount.0)
        .sum();
    let value: i64 = queries_read::deliveries(db, po.id).await?.iter().map(value).sum();
    Ok(Vnd(due_so_far(po.on_delivery(), value, po.goods_total, all).0 - asked))
}

fn value(delivery: &Delivery) -> i64 {
    let came = delivery
        .lines
        .iter()
        .filter_map(|line| line_total(line.received?, line.unit_price).map(|total| total.0));
    came.sum()
}

/// Of what is due with the deliveries, the share that belongs to goods worth `value`.
fn due_so_far(whole: Vnd, value: i64, goods: Vnd, all: bool) -> Vnd {
    if all || goods.0 <= 0 {
        return whole;
    }
    let share = i128::from(whole.0) * i128::from(value) / i128::from(goods.0);
    Vnd(i64::try_from(share).unwrap_or(whole.0).clamp(0, whole.0))
}

/// The buyer accepts the goods: the rest of the price is due, at once or on credit.
///
/// # Errors
/// [`PurchasingError::NoAccount`], [`PurchasingError::Moved`].
pub async fn accept(
    db: &mut PgConnection,
    cx: &Cx,
    (id, seen): (Uuid, Option<i32>),
    note: &str,
    account: Option<&PayAccount>,
) -> Result<(), PurchasingError> {
    let mut po = hold(db, id, seen).await?;
    step(db, cx, &mut po, (Side::Buyer, Deed::Accept), note).await?;
    queries_act::accepted(db, cx, id, note).await?;
    let asked: i64 = queries_read::instalments(db, id).await?.iter().map(|i| i.amount.0).sum();
    let rest = Vnd(po.total.0 - asked);
    if rest.0 > 0 {
        let account = account.ok_or(PurchasingError::NoAccount)?;
        instalments::open(db, cx, &po, Kind::Final, rest, account).await?;
    }
    instalments::close_if_paid(db, cx, &mut po).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::BasisPoints;
    use proptest::prelude::*;

    fn line(variant: bool, factor: Option<(i64, i64)>, (quantity, sent): (i64, i64)) -> PoLine {
        PoLine {
            position: 1,
            variant: variant.then(|| Uuid::from_u128(7)),
            name: "Gạo".into(),
            sku: String::new(),
            unit: "kg".into(),
            quantity,
            unit_price: Vnd(1),
            tax: BasisPoints(0),
            total: Vnd(1),
            units: factor.map(|f| f.0),
            base: factor.map(|f| f.1),
            sent,
        }
    }

    #[test]
    fn pieces_follow_from_the_factor_and_nobody_is_stuck_with_a_rest() {
        let send = |quantity, pieces| Sent { position: 1, quantity, pieces };
        let sacks = line(true, Some((50, 1)), (150_000, 0));
        assert_eq!(pieces(&sacks, &send(100_000, 9)).ok(), Some(2), "what is typed is not asked");
        assert!(matches!(pieces(&sacks, &send(30_000, 0)), Err(PurchasingError::Pieces(_))));
        // A kilogram was missing: a sack is opened for it.
        let rest = line(true, Some((50, 1)), (150_000, 149_000));
        assert_eq!(pieces(&rest, &send(1_000, 0)).ok(), Some(1));
        let cartons = line(true, Some((1, 24)), (5_000, 0));
        assert_eq!(pieces(&cartons, &send(2_500, 0)).ok(), Some(60));
        assert_eq!(pieces(&line(true, None, (5_000, 0)), &send(2_000, 7)).ok(), Some(7));
        assert!(pieces(&line(true, None, (5_000, 0)), &send(2_000, -1)).is_err());
        assert_eq!(pieces(&line(false, None, (5_000, 0)), &send(2_000, 7)).ok(), Some(0));
    }

    proptest! {
        /// However the goods are divided, the shares of the deliveries come to the whole, none of them negative.
        #[test]
        fn shares_come_to_the_whole(whole in 0i64..1_000_000_000, parts in prop::collection::vec(0i64..100_000_000, 1..8)) {
            let goods = Vnd(parts.iter().sum());
            let (mut value, mut asked) = (0, 0);
            for (at, part) in parts.iter().enumerate() {
                value += part;
                let due = due_so_far(Vnd(whole), value, goods, at + 1 == parts.len()).0 - asked;
                prop_assert!(due >= 0);
                asked += due;
            }
            prop_assert_eq!(asked, whole);
        }
    }
}
