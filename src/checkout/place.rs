//! A checkout becomes orders: the one place where wishes turn into promises.

use super::{
    error::CheckoutError,
    facts::Facts,
    ground::Ground,
    load,
    plan::{Missing, Plan},
    queries_checkouts::{self, Locked},
};
use crate::{
    assisted, documents,
    kernel::{CheckoutId, Cx, Lang, PersonId, VariantId},
    orders,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Which checkout, on whose behalf, and what was shown before the button was pressed.
pub(super) struct Asked<'a> {
    pub(super) basket: Uuid,
    pub(super) checkout: CheckoutId,
    pub(super) person: Option<PersonId>,
    pub(super) lang: Lang,
    /// The digest that the form carried.
    pub(super) shown: &'a str,
    /// The buyer said whom an invoice is to name.
    pub(super) invoice: bool,
    /// The visit at a point of assistance, and its clerk.
    pub(super) assisted: Option<(PersonId, Uuid)>,
}

/// What placing leaves to be done.
pub(super) struct Made {
    /// The buyer's number.
    pub(super) phone: String,
    /// Pieces still in the basket.
    pub(super) left: i64,
}

/// What came of it.
pub(super) enum Outcome {
    /// The orders are placed; `to` is where their confirmation is.
    Placed {
        to: String,
        /// `None` when an earlier request placed them.
        made: Option<Made>,
    },
    /// Something is not as it was shown: nothing was placed.
    Changed(Box<Plan>),
    /// Something is missing: nothing was placed.
    NotYet(Missing),
}

/// Places the orders of a checkout in the caller's transaction: all of them or none.
///
/// Reads everything anew under the checkout's lock and compares it with what the buyer was shown.
/// Two requests for one checkout make one group of orders: the second finds it completed.
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
    let locked = queries_checkouts::lock(db, asked.checkout, asked.basket).await?;
    let Locked { answer, draft, wishes } = locked.ok_or(CheckoutError::NotFound)?;
    if let Some(answer) = answer {
        return Ok(Outcome::Placed { to: answer, made: None });
    }
    let scene = load::chosen_scene(db, cx, places, asked.person, (draft, &wishes)).await?;
    let plan = match scene.plan(places, asked.lang) {
        Ok(plan) => plan,
        Err(missing) => return Ok(Outcome::NotYet(missing)),
    };
    if Facts::of(&plan).digest() != asked.shown {
        return Ok(Outcome::Changed(Box::new(plan)));
    }
    let placed = orders::place(db, cx, plan.group(asked.person, asked.lang)).await?;
    let secret = placed.orders.first().map(|order| order.secret.as_str()).unwrap_or_default();
    let answer = match asked.assisted {
        Some((clerk, visit)) => assisted::ordered(db, cx, clerk, visit, &placed).await?,
        None => format!("/dat-hang/xong/{}?k={secret}", placed.group_code),
    };
    if asked.invoice {
        let orders: Vec<_> = placed.orders.iter().map(|order| (order.id, order.seller)).collect();
        documents::asked_at_checkout(db, cx, asked.checkout, &orders).await?;
    }
    let bought: Vec<VariantId> =
        plan.shops.iter().flat_map(|shop| &shop.shop.lines).map(|line| line.variant).collect();
    let whose = (asked.checkout, asked.basket);
    let left = queries_checkouts::complete(db, whose, &bought, &answer, cx.now).await?;
    let left = left.ok_or(CheckoutError::NotFound)?;
    let made = Made { phone: plan.recipient.contact.phone, left };
    Ok(Outcome::Placed { to: answer, made: Some(made) })
}
