//! The buyer chooses, line by line, once; a purchase order comes of each quote that he chooses from, when his firm agrees.

use super::{
    agreement::{self, Pick},
    error::QuoteError,
    machine::{Actor, Event, RequestEvent, quote_next, request_next},
    model::{Amount, OfferLine},
    queries::Held,
    queries_award,
    queries_offers::{self, HeldQuote, Version},
    queries_proposals,
    queries_read::{self, Line, Request},
    steps,
};
use crate::{
    approvals::{self, Standing},
    catalogue::Categories,
    enterprises,
    kernel::{Cx, Lang, OrgId, PersonId, SellerId, Vnd},
    purchasing::{self, NewPoLine, NewPurchaseOrder, PlacedPo},
};
use sqlx::PgConnection;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// One line of the request and the offer it goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    pub position: i32,
    pub quote: Uuid,
    /// The version that was looked at.
    pub version: i32,
    /// As asked, or which alternative.
    pub choice: i32,
    pub quantity: Amount,
}

/// A chosen line with the price that is frozen now.
pub(super) struct Won {
    pub chosen: Chosen,
    pub line: OfferLine,
    pub price: Vnd,
}

/// What a buyer has chosen, weighed at prices of this moment; the request and its quotes are held.
pub(super) struct Choice {
    pub(super) held: Held,
    pub(super) request: Request,
    pub(super) asked: Vec<Line>,
    winners: BTreeMap<Uuid, (HeldQuote, i32)>,
    pub(super) versions: Vec<Version>,
    /// Names of the shops by their quotes.
    pub(super) shops: HashMap<Uuid, String>,
    pub(super) won: Vec<Won>,
    pub(super) total: Vnd,
}

impl Choice {
    /// The chosen lines with their prices.
    pub(super) fn picks(&self) -> Vec<Pick> {
        self.won.iter().map(|won| Pick { chosen: won.chosen, price: won.price }).collect()
    }
}

/// What came of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Placed(Vec<PlacedPo>),
    /// The firm is asked to agree; what was chosen is kept.
    Waits,
}

/// The buyer chooses, in the caller's transaction. Where his firm has to agree it is asked, and nothing is awarded; the
/// same choice again is awarded once it has agreed, another one is asked anew.
///
/// # Errors
/// As [`award`]; [`QuoteError::Refused`] for what the firm has refused.
pub async fn choose(
    db: &mut PgConnection,
    cx: &Cx,
    tree: &Categories,
    whose: (OrgId, Uuid),
    who: (PersonId, Lang),
    (chosen, note): (&[Chosen], &str),
) -> Result<Outcome, QuoteError> {
    let choice = weigh(db, cx, whose, chosen).await?;
    match approvals::ask(db, cx, &agreement::of_choice(tree, who.0, &choice)).await? {
        Standing::NotNeeded | Standing::Approved => {
            Ok(Outcome::Placed(place(db, cx, choice, who, note).await?))
        }
        Standing::Waiting => {
            let (whose, picks) = ((choice.request.id, who.0), choice.picks());
            queries_proposals::keep(db, cx, whose, (&picks, choice.total)).await?;
            Ok(Outcome::Waits)
        }
        Standing::Refused => Err(QuoteError::Refused),
    }
}

/// Decides a request in the caller's transaction, where the buyer's firm needs not agree or has agreed to exactly this:
/// the chosen offers are accepted, all others are lost, and one purchase order is issued to each chosen seller.
///
/// # Errors
/// [`QuoteError::NotAgreed`] without the firm's agreement; [`QuoteError::Moved`] when it was decided before, is still
/// sealed, or an offer is not on the table any more; [`QuoteError::Changed`] when an offer is not the one that was looked
/// at; [`QuoteError::TooFew`], [`QuoteError::NotSelling`], [`QuoteError::Empty`].
pub async fn award(
    db: &mut PgConnection,
    cx: &Cx,
    tree: &Categories,
    whose: (OrgId, Uuid),
    who: (PersonId, Lang),
    (chosen, note): (&[Chosen], &str),
) -> Result<Vec<PlacedPo>, QuoteError> {
    let choice = weigh(db, cx, whose, chosen).await?;
    match approvals::hold(db, &agreement::of_choice(tree, who.0, &choice)).await? {
        Some(Standing::NotNeeded | Standing::Approved) => place(db, cx, choice, who, note).await,
        _ => Err(QuoteError::NotAgreed),
    }
}

/// Holds the request and its quotes, and reads what was chosen at the prices that stand.
async fn weigh(
    db: &mut PgConnection,
    cx: &Cx,
    (org, request): (OrgId, Uuid),
    chosen: &[Chosen],
) -> Result<Choice, QuoteError> {
    let held = steps::hold(db, request, Some(org)).await?;
    request_next(held.window(cx), RequestEvent::Award).ok_or(QuoteError::Moved)?;
    let mut once: Vec<i32> = chosen.iter().map(|c| c.position).collect();
    once.sort_unstable();
    once.dedup();
    if chosen.is_empty() || once.len() != chosen.len() {
        return Err(QuoteError::Empty);
    }
    let quotes = queries_offers::lock_all(db, request).await?;
    let winners = winners(cx, &held, quotes, chosen)?;
    let whole = queries_read::request(db, request).await?.ok_or(QuoteError::NotFound)?;
    let asked = queries_read::lines(db, request).await?;
    let (ids, numbers): (Vec<Uuid>, Vec<i32>) =
        winners.values().map(|(quote, version)| (quote.id, *version)).unzip();
    let versions = queries_offers::versions(db, &ids, Some(&numbers)).await?;
    let won = prices(&versions, chosen)?;
    let total = total(&versions, &won)?;
    let sellers: Vec<SellerId> = winners.values().map(|(quote, _)| quote.seller).collect();
    let mut facts = enterprises::facts(db, &sellers).await?;
    let name =
        |(quote, _): &(HeldQuote, i32)| Some((quote.id, facts.remove(&quote.seller)?.shop_name));
    let shops = winners.values().filter_map(name).collect();
    Ok(Choice { held, request: whole, asked, winners, versions, shops, won, total })
}

/// Writes the award of a choice to which the firm needs not agree, or has agreed.
async fn place(
    db: &mut PgConnection,
    cx: &Cx,
    choice: Choice,
    (by, lang): (PersonId, Lang),
    note: &str,
) -> Result<Vec<PlacedPo>, QuoteError> {
    let Choice { held, request, asked, winners, versions, won, total, .. } = choice;
    if !queries_award::insert(db, cx, request.id, by, (total, note)).await? {
        return Err(QuoteError::Moved);
    }
    for one in &won {
        queries_award::insert_line(db, request.id, one).await?;
    }
    let mut placed = Vec::new();
    for (quote, number) in winners.into_values() {
        let version = versions.iter().find(|v| v.quote == quote.id).ok_or(QuoteError::Changed)?;
        let own: Vec<&Won> = won.iter().filter(|w| w.chosen.quote == quote.id).collect();
        let wanted = order_of(&request, (quote.seller, by, lang), &asked, (version, &own));
        let order = order(db, cx, wanted).await?;
        queries_award::insert_order(db, request.id, quote.id, &order).await?;
        let named = (Some(number), order.number.as_str());
        steps::move_quote(db, cx, &held, quote, Event::Accept, named).await?;
        placed.push(order);
    }
    let step = (RequestEvent::Award, Actor::Buyer);
    steps::move_request(db, cx, &held, step, None, note).await?;
    Ok(placed)
}

/// The held quotes that were chosen from, each with the version that was looked at and still stands.
fn winners(
    cx: &Cx,
    held: &Held,
    quotes: Vec<HeldQuote>,
    chosen: &[Chosen],
) -> Result<BTreeMap<Uuid, (HeldQuote, i32)>, QuoteError> {
    let mut winners = BTreeMap::new();
    for one in chosen {
        let quote = quotes.iter().find(|q| q.id == one.quote).ok_or(QuoteError::NotFound)?;
        if quote.offer != Some(one.version) {
            return Err(QuoteError::Changed);
        }
        let next = quote_next(held.window(cx), quote.state, quote.is_valid(cx), Event::Accept);
        next.ok_or(QuoteError::Moved)?;
        winners.insert(quote.id, (quote.clone(), one.version));
    }
    Ok(winners)
}

/// What each chosen line costs at its quantity.
fn prices(versions: &[Version], chosen: &[Chosen]) -> Result<Vec<Won>, QuoteError> {
    let price = |one: &Chosen| {
        let version = versions.iter().find(|v| v.quote == one.quote).ok_or(QuoteError::Changed)?;
        let fits = |l: &&OfferLine| (l.position, l.choice) == (one.position, one.choice);
        let line = version.offer.lines.iter().find(fits).ok_or(QuoteError::Changed)?;
        let price = line.price_at(one.quantity).ok_or(QuoteError::TooFew(one.position))?;
        Ok(Won { chosen: *one, line: line.clone(), price })
    };
    chosen.iter().map(price).collect()
}

fn total(versions: &[Version], won: &[Won]) -> Result<Vnd, QuoteError> {
    let fees = versions.iter().map(|v| Some(v.offer.delivery_fee));
    let goods = won.iter().map(|w| super::model::cost(w.price, w.chosen.quantity));
    let sum = fees.chain(goods).try_fold(Vnd::ZERO, |sum, part| sum.plus(part?));
    sum.ok_or(QuoteError::Amounts)
}

/// The purchase order of one quote, its prices frozen.
fn order_of(
    request: &Request,
    (seller, asked_by, lang): (SellerId, PersonId, Lang),
    asked: &[Line],
    (version, won): (&Version, &[&Won]),
) -> NewPurchaseOrder {
    let offer = &version.offer;
    let line = |one: &&Won| NewPoLine {
        variant: one.line.variant,
        name: one.line.name.clone(),
        sku: one.line.sku.clone(),
        unit: one.line.unit.clone(),
        quantity: one.chosen.quantity.0,
        unit_price: one.price,
        tax: one.line.tax,
        category: asked
            .iter()
            .find(|l| l.position == one.chosen.position)
            .and_then(|l| l.category.clone()),
    };
    NewPurchaseOrder {
        org: request.org,
        seller,
        asked_by,
        quote: Some((version.quote, version.version)),
        title: request.title.clone(),
        lines: won.iter().map(line).collect(),
        delivery_fee: offer.delivery_fee,
        delivery_text: request.delivery_text.clone(),
        delivery_commune: request.delivery_commune.clone(),
        wanted_by: offer.deliver_on.or(request.wanted_by),
        terms: purchasing::Terms {
            deposit_bps: offer.terms.deposit,
            on_delivery_bps: offer.terms.on_delivery,
            net_days: offer.terms.net_days,
            note: offer.terms.note.clone(),
        },
        lang,
    }
}

/// Where an award leads.
async fn order(
    db: &mut PgConnection,
    cx: &Cx,
    wanted: NewPurchaseOrder,
) -> Result<PlacedPo, QuoteError> {
    if !enterprises::is_selling(db, wanted.seller).await? {
        return Err(QuoteError::NotSelling);
    }
    Ok(purchasing::issue(db, cx, wanted).await?)
}
