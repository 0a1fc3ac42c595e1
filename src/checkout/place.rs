//! A checkout becomes orders: the one place where wishes turn into promises.

use super::{
    agreement,
    error::CheckoutError,
    facts::Facts,
    ground::Ground,
    keeper::Buyer,
    load,
    plan::{Missing, Plan},
    queries::{self, Wish},
    queries_checkouts::{self, Taken, Whose},
};
use crate::{
    assisted, documents,
    kernel::{CheckoutId, Cx, Lang, PersonId, VariantId},
    orders::{self, GroupNames},
    platform::idempotency::Once,
    wholesale,
};
use sqlx::PgConnection;
use std::collections::HashSet;
use uuid::Uuid;

/// Which checkout, on whose behalf, and what was shown before the button was pressed.
pub(super) struct Asked<'a> {
    pub(super) whose: Whose<'a>,
    pub(super) checkout: CheckoutId,
    pub(super) buyer: Buyer,
    pub(super) lang: Lang,
    /// The form's key: the checkout keeps it, and whoever sends it again gets the answer of the first time.
    pub(super) once: &'a Once,
    /// The digest that the form carried.
    pub(super) shown: &'a str,
    /// The buyer said whom an invoice is to name.
    pub(super) invoice: bool,
    /// The visit at a point of assistance, and its clerk.
    pub(super) assisted: Option<(PersonId, Uuid)>,
}

/// What came of it.
pub(super) enum Outcome {
    /// The orders are placed; `to` is where their confirmation is.
    Placed {
        to: String,
        /// Pieces still in the basket.
        left: i64,
        /// The buyer's number; `None` when an earlier request placed them.
        phone: Option<String>,
    },
    /// The key has placed these orders with other contents.
    Misused,
    /// Something is not as it was shown: nothing was placed.
    Changed(Box<Plan>),
    /// The firm has not agreed: nothing was placed.
    NotAgreed(Box<Plan>),
    /// Something is missing: nothing was placed.
    NotYet(Missing),
}

/// Places the orders of a checkout in the caller's transaction: all of them or none.
///
/// Takes the checkout first, so that two requests for one make one group of orders: the second finds it completed.
/// Then reads everything anew and compares it with what the buyer was shown. Unless the orders are placed, the
/// transaction must be rolled back: the basket is as it was.
///
/// # Errors
/// [`CheckoutError::NotFound`] when this basket has no such checkout; what `orders` says, such as
/// that fewer pieces are left than ordered.
pub(super) async fn place(
    db: &mut PgConnection,
    cx: &Cx,
    places: &Ground,
    asked: &Asked<'_>,
) -> Result<Outcome, CheckoutError> {
    let names = GroupNames::new(cx);
    let expected = confirmation(&names.code, &names.secret);
    let said = (asked.once, expected.as_str());
    let taken = queries_checkouts::take(db, (asked.checkout, asked.whose), said, cx.now).await?;
    let Some(Taken { basket, draft, wishes }) = taken else { return earlier(db, asked).await };
    let scene = load::chosen_scene(db, cx, places, asked.buyer, (draft, &wishes)).await?;
    let plan = match scene.plan(places, asked.lang) {
        Ok(plan) => plan,
        Err(missing) => return Ok(Outcome::NotYet(missing)),
    };
    if Facts::of(&plan).digest() != asked.shown {
        return Ok(Outcome::Changed(Box::new(plan)));
    }
    if !agreement::of(db, &plan, asked.buyer.person).await?.allows() {
        return Ok(Outcome::NotAgreed(Box::new(plan)));
    }
    if let Some(samples) = &plan.samples {
        let who = (samples.org, asked.buyer.person);
        if !wholesale::take_samples(db, cx, who, &samples.taken).await? {
            return Err(CheckoutError::SampleTaken);
        }
    }
    let placed = orders::place(db, cx, plan.group(names, asked.buyer.person, asked.lang)).await?;
    let secret = placed.orders.first().map(|order| order.secret.as_str()).unwrap_or_default();
    let to = match asked.assisted {
        Some((clerk, visit)) => assisted::ordered(db, cx, clerk, visit, &placed).await?,
        None => confirmation(&placed.group_code, secret),
    };
    if to != expected {
        queries_checkouts::answer(db, asked.checkout, &to).await?;
    }
    if asked.invoice {
        let orders: Vec<_> = placed.orders.iter().map(|order| (order.id, order.seller)).collect();
        documents::asked_at_checkout(db, cx, asked.checkout, &orders).await?;
    }
    let bought: HashSet<VariantId> =
        plan.shops.iter().flat_map(|shop| &shop.shop.lines).map(|line| line.variant).collect();
    let rest: Vec<&Wish> = wishes.iter().filter(|wish| !bought.contains(&wish.variant)).collect();
    if !rest.is_empty() {
        queries_checkouts::put_back(db, basket, &rest, cx.now).await?;
    }
    let left = rest.iter().map(|wish| wish.quantity).sum();
    Ok(Outcome::Placed { to, left, phone: Some(plan.recipient.contact.phone) })
}

/// Where the buyer reads what he has ordered.
fn confirmation(group_code: &str, secret: &str) -> String {
    format!("/dat-hang/xong/{group_code}?k={secret}")
}

/// What an earlier request has made of the checkout.
async fn earlier(db: &mut PgConnection, asked: &Asked<'_>) -> Result<Outcome, CheckoutError> {
    let done = queries_checkouts::completed(db, asked.checkout, asked.whose).await?;
    let done = done.ok_or(CheckoutError::NotFound)?;
    if asked.once.was_misused(done.key, done.fingerprint.as_deref()) {
        return Ok(Outcome::Misused);
    }
    let left = queries::pieces(db, done.basket).await?;
    Ok(Outcome::Placed { to: done.answer, left, phone: None })
}
