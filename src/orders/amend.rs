//! Fewer goods before packing, as both sides agreed.

use super::{
    error::OrderError,
    events::OrderAmended,
    machine::{ActorKind, OrderState},
    queries::{self, NewEvent},
    queries_amend,
    read::Order,
};
use crate::{
    delivery,
    kernel::{Cx, OrderId, VariantId, Vnd},
    payments::{self, PaymentMethod},
    platform::outbox,
    stock,
};
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// What an order comes to with fewer goods. Pure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    /// Every line with how many are left of it; a line with none goes.
    pub lines: Vec<AmendedLine>,
    pub goods: Vnd,
    pub discount: Vnd,
    pub tax: Vnd,
    pub total: Vnd,
    /// What it costs less than before.
    pub less: Vnd,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmendedLine {
    pub position: i32,
    pub variant: VariantId,
    pub before: i64,
    pub quantity: i64,
    pub total: Vnd,
    pub discount: Vnd,
    pub tax: Vnd,
}

/// Whether the seller may still propose to change an order that stands so. One that awaits its money may change too, if
/// that comes by transfer: the code and the amount to pay follow. What was begun at a gateway has its amount.
const fn is_open(state: OrderState, payment: PaymentMethod) -> bool {
    match state {
        OrderState::Placed | OrderState::Confirmed => true,
        OrderState::AwaitingPayment => !payment.is_online(),
        _ => false,
    }
}

/// The same of an order, for pages.
#[must_use]
pub const fn is_amendable(order: &Order) -> bool {
    is_open(order.head.state, order.head.payment_method)
}

/// What `order` comes to with these quantities by position; lines that are not named stay as they are.
///
/// Each line keeps its price and its share of the discount for what is left of it, rounded down.
///
/// # Errors
/// [`OrderError::Moved`] once it is packed; [`OrderError::Change`] when nothing is less, something is more, or
/// nothing is left.
pub fn amended(order: &Order, wanted: &BTreeMap<i32, i64>) -> Result<Amendment, OrderError> {
    if !is_amendable(order) {
        return Err(OrderError::Moved(order.head.state));
    }
    let mut lines = Vec::with_capacity(order.lines.len());
    for line in &order.lines {
        let quantity = wanted.get(&line.position).copied().unwrap_or(line.quantity);
        if !(0..=line.quantity).contains(&quantity) {
            return Err(OrderError::Change);
        }
        let total = line.unit_price.times(quantity).ok_or(OrderError::Amounts)?;
        let part = i128::from(line.discount.0) * i128::from(quantity) / i128::from(line.quantity);
        let discount = Vnd(i64::try_from(part).map_err(|_| OrderError::Amounts)?);
        let tax = Vnd(total.0 - discount.0).contained_tax(line.tax_bps);
        let (position, variant, before) = (line.position, line.variant, line.quantity);
        lines.push(AmendedLine { position, variant, before, quantity, total, discount, tax });
    }
    let sum = |of: fn(&AmendedLine) -> Vnd| Vnd(lines.iter().map(|line| of(line).0).sum());
    let (goods, discount, tax) = (sum(|l| l.total), sum(|l| l.discount), sum(|l| l.tax));
    let total = Vnd(goods.0 - discount.0 + order.head.delivery_fee.0);
    let less = Vnd(order.head.total.0 - total.0);
    if goods == Vnd::ZERO || less.0 <= 0 {
        return Err(OrderError::Change);
    }
    Ok(Amendment { lines, goods, discount, tax, total, less })
}

/// Changes the order as both sides agreed, with its stock and its payment, in the caller's transaction. The buyer
/// has consented: he is named in the history.
///
/// # Errors
/// [`OrderError::Moved`] when the order has moved since version `seen`; [`OrderError::InParcels`] when some of it lies
/// in a parcel. The transaction must then be rolled back.
pub async fn amend(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    seen: i32,
    new: &Amendment,
    note: &str,
) -> Result<(), OrderError> {
    let head = queries::head(db, order).await?.ok_or(OrderError::NotFound)?;
    if head.version != seen || !is_open(head.state, head.payment) {
        return Err(OrderError::Moved(head.state));
    }
    if !queries_amend::change(db, cx, &head, new).await? {
        return Err(OrderError::Moved(head.state));
    }
    // What a parcel holds, and what is collected with it, is not changed behind its back.
    if delivery::packed(db, order).await?.values().any(|packed| *packed > 0) {
        return Err(OrderError::InParcels);
    }
    let fewer: Vec<(VariantId, i64)> = new
        .lines
        .iter()
        .filter(|line| line.quantity < line.before)
        .map(|line| (line.variant, line.before - line.quantity))
        .collect();
    stock::reduce(db, cx, order, &fewer).await?;
    let version = seen + 1;
    payments::amend(db, cx, order, Vnd(-new.less.0), &format!("order:{order}:{version}")).await?;
    let event = NewEvent {
        order,
        actor: ActorKind::Buyer,
        event: "amend",
        from: Some(head.state),
        to: head.state,
        note,
        version,
    };
    queries::insert_event(db, cx, &event).await?;
    let news = OrderAmended { order, seller: head.seller, less: new.less.0, version };
    outbox::publish(db, cx, &news).await?;
    Ok(())
}
