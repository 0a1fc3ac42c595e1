//! Booking what has happened.

use super::{
    commission,
    model::{Agreed, change, standing},
    queries::{self, NewEntry},
};
use crate::{
    catalogue::{self, Categories},
    kernel::{Cx, OrderId, SellerId, VariantId, day_of},
    orders::{self, Order},
    payments::{self, Fact, Position, Sums, Told},
};
use sqlx::PgConnection;
use std::collections::{HashMap, HashSet};

/// Books every event of an order's money that is not booked yet, each once. Safe to run at any time and as often as
/// one likes; entries of one order wait for each other.
///
/// # Errors
/// Whatever the database says.
pub async fn post(db: &mut PgConnection, cx: &Cx, order: OrderId) -> sqlx::Result<()> {
    let Some(first) = payments::told(db, order).await?.into_iter().next() else { return Ok(()) };
    let agreed = queries::lock(db, cx, order, first.seller).await?;
    book(db, order, agreed).await?;
    Ok(())
}

/// Books what is new and gives where the money is then. The order is locked.
async fn book(db: &mut PgConnection, order: OrderId, agreed: Agreed) -> sqlx::Result<Position> {
    // Read again under the lock: what another run has booked meanwhile is known here.
    let told = payments::told(db, order).await?;
    let booked: HashSet<String> = queries::causes(db, order).await?.into_iter().collect();
    let is_booked = |event: &Told| booked.contains(&event.id.to_string());
    let mut facts: Vec<&Fact> =
        told.iter().filter(|event| is_booked(event)).map(|event| &event.fact).collect();
    let mut at = Sums::of(facts.iter().copied()).position();
    for event in told.iter().filter(|event| !is_booked(event)) {
        facts.push(&event.fact);
        let next = Sums::of(facts.iter().copied()).position();
        let entry = NewEntry {
            order,
            seller: event.seller,
            cause: &event.id.to_string(),
            kind: event.fact.kind.code(),
            at: event.noted_at,
            postings: &change(&standing(&at, agreed), &standing(&next, agreed)),
        };
        queries::insert(db, &entry).await?;
        at = next;
    }
    Ok(at)
}

/// The order is complete: the operator's commission is due on what is due of it, by the rules of that day.
///
/// # Errors
/// Whatever the database says.
pub async fn complete(
    db: &mut PgConnection,
    cx: &Cx,
    categories: &Categories,
    order: OrderId,
) -> sqlx::Result<()> {
    let Some(found) = orders::by_id(db, order).await? else { return Ok(()) };
    let seller = found.head.seller;
    let before = queries::lock(db, cx, order, seller).await?;
    let at = book(db, order, before).await?;
    let cause = format!("completed:{order}");
    if queries::causes(db, order).await?.contains(&cause) {
        return Ok(());
    }
    let commission = agreed_commission(db, cx, categories, &found).await?;
    let billed = i64::try_from(at.billed.max(0)).unwrap_or(i64::MAX);
    let agreed = Agreed { commission, billed };
    queries::agree(db, cx, order, agreed).await?;
    let entry = NewEntry {
        order,
        seller,
        cause: &cause,
        kind: "completed",
        at: cx.now,
        postings: &change(&standing(&at, before), &standing(&at, agreed)),
    };
    queries::insert(db, &entry).await
}

/// The commission on every line of an order.
async fn agreed_commission(
    db: &mut PgConnection,
    cx: &Cx,
    categories: &Categories,
    order: &Order,
) -> sqlx::Result<i64> {
    let rules = queries::rules_on(db, day_of(cx.now)).await?;
    if rules.is_empty() {
        return Ok(0);
    }
    let variants: Vec<VariantId> = order.lines.iter().map(|line| line.variant).collect();
    let offers = catalogue::offers(db, cx, &variants).await?;
    let of: HashMap<VariantId, String> =
        offers.into_iter().map(|o| (o.variant, o.category_slug)).collect();
    let share = |line: &orders::Line| {
        let trail = of.get(&line.variant).map(|slug| trail(categories, slug)).unwrap_or_default();
        commission::on(line.paid(), commission::rate(&rules, seller_of(order), &trail))
    };
    Ok(order.lines.iter().map(share).sum())
}

fn seller_of(order: &Order) -> SellerId {
    order.head.seller
}

/// A category and what lies above it, nearest first.
fn trail(categories: &Categories, slug: &str) -> Vec<String> {
    let mut trail: Vec<String> =
        categories.trail(slug).into_iter().map(|category| category.slug.clone()).collect();
    trail.reverse();
    trail
}
