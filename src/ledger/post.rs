//! Booking what has happened.

use super::{
    commission,
    model::{Agreed, change, standing},
    queries::{self, NewEntry},
    queries_tax,
    tax::{self, Activity, Amounts, Taxed},
};
use crate::{
    catalogue::{self, Categories, Offer},
    enterprises::{self, Kind},
    kernel::{Cx, OrderId, SellerId, VariantId, day_of},
    orders::{self, Order},
    payments::{self, Fact, Position, Sums, Told},
    platform::rules_admin::{self, RuleRow},
};
use sqlx::PgConnection;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Books every event of an order's money that is not booked yet, each once. Safe to run at any time and as often as
/// one likes; entries of one order wait for each other.
///
/// # Errors
/// Whatever the database says.
pub async fn post(db: &mut PgConnection, cx: &Cx, order: OrderId) -> sqlx::Result<()> {
    let Some(first) = payments::told(db, order).await?.into_iter().next() else { return Ok(()) };
    let agreed = queries::lock(db, cx, order, first.seller).await?;
    book(db, order, &agreed).await?;
    Ok(())
}

/// Books what is new and gives where the money is then. The order is locked.
async fn book(db: &mut PgConnection, order: OrderId, agreed: &Agreed) -> sqlx::Result<Position> {
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
            id: Cx::at(event.noted_at).new_id(),
            order,
            seller: event.seller,
            cause: &event.id.to_string(),
            kind: event.fact.kind.code(),
            at: event.noted_at,
            postings: &change(&standing(&at, agreed), &standing(&next, agreed)),
        };
        let taxes = tax::difference(&agreed.tax.left(at.due), &agreed.tax.left(next.due));
        write(db, &entry, agreed, &taxes).await?;
        at = next;
    }
    Ok(at)
}

/// An entry of the books, and what it changes of the tax.
async fn write(
    db: &mut PgConnection,
    entry: &NewEntry<'_>,
    agreed: &Agreed,
    taxes: &[(Activity, Amounts)],
) -> sqlx::Result<()> {
    queries::insert(db, entry).await?;
    let about = (entry.id, entry.order, entry.seller, entry.at);
    queries_tax::insert(db, about, agreed, taxes).await
}

/// The order is complete: the operator's commission is due on what is due of it, by the rules of that day; and of a
/// household's order it is written what is taxed.
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
    let at = book(db, order, &before).await?;
    let cause = format!("completed:{order}");
    if queries::causes(db, order).await?.contains(&cause) {
        return Ok(());
    }
    let rules = queries::rules_on(db, day_of(cx.now)).await?;
    let taxes = tax_rules(db, seller).await?;
    let mut goods: HashMap<VariantId, Offer> = HashMap::new();
    if !rules.is_empty() || taxes.is_some() {
        let variants: Vec<VariantId> = found.lines.iter().map(|line| line.variant).collect();
        let offers = catalogue::offers(db, cx, &variants).await?;
        goods.extend(offers.into_iter().map(|offer| (offer.variant, offer)));
    }
    let fees = fees(&rules, categories, &found, &goods);
    let tax = taxes.map(|rules| taxed(&rules, cx, &found, &goods)).unwrap_or_default();
    let billed = i64::try_from(at.billed.max(0)).unwrap_or(i64::MAX);
    let agreed = Agreed { commission: fees.commission, billed, tax };
    queries::agree(db, cx, order, &agreed, (fees.base, &fees.rates)).await?;
    let entry = NewEntry {
        id: cx.new_id(),
        order,
        seller,
        cause: &cause,
        kind: "completed",
        at: cx.now,
        postings: &change(&standing(&at, &before), &standing(&at, &agreed)),
    };
    let taxes = tax::difference(&before.tax.left(at.due), &agreed.tax.left(at.due));
    write(db, &entry, &agreed, &taxes).await
}

/// The commission of an order, and on what it is founded.
#[derive(Default)]
struct Fees {
    commission: i64,
    /// Goods with a rate above zero.
    base: i64,
    /// The rates, each once.
    rates: Vec<i32>,
}

/// The commission on every line of an order.
fn fees(
    rules: &[commission::Rule],
    categories: &Categories,
    order: &Order,
    goods: &HashMap<VariantId, Offer>,
) -> Fees {
    let mut fees = Fees::default();
    if rules.is_empty() {
        return fees;
    }
    for line in &order.lines {
        let slug = goods.get(&line.variant).map(|offer| offer.category_slug.as_str());
        let trail = slug.map(|slug| trail(categories, slug)).unwrap_or_default();
        let rate = commission::rate(rules, order.head.seller, &trail);
        if rate.0 > 0 {
            fees.commission += commission::on(line.paid(), rate);
            fees.base += line.paid().0;
            fees.rates.push(rate.0);
        }
    }
    fees.rates.sort_unstable();
    fees.rates.dedup();
    fees
}

/// The tax rules, for a household's order.
async fn tax_rules(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Option<Vec<RuleRow>>> {
    let facts = enterprises::facts(db, &[seller]).await?;
    match facts.get(&seller).is_some_and(|facts| facts.kind == Kind::Household) {
        true => Ok(Some(rules_admin::rules(db, "tax.").await?)),
        false => Ok(None),
    }
}

/// What of a household's order is taxed: what was paid for its lines, and its delivery.
fn taxed(rules: &[RuleRow], cx: &Cx, order: &Order, goods: &HashMap<VariantId, Offer>) -> Taxed {
    let day = day_of(cx.now);
    let mut paid = BTreeMap::from([(Activity::Transport, order.head.delivery_fee.0)]);
    for line in &order.lines {
        // What nobody can tell any more has the highest rates.
        let is_goods = goods.get(&line.variant).is_some_and(|offer| !offer.is_service);
        let activity = if is_goods { Activity::Goods } else { Activity::Services };
        *paid.entry(activity).or_default() += line.paid().0;
    }
    Taxed { mode: Some(tax::mode_on(rules, day)), parts: tax::parts(rules, day, &paid) }
}

/// A category and what lies above it, nearest first.
fn trail(categories: &Categories, slug: &str) -> Vec<String> {
    let mut trail: Vec<String> =
        categories.trail(slug).into_iter().map(|category| category.slug.clone()).collect();
    trail.reverse();
    trail
}
