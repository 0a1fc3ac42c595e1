//! Putting things into a basket, changing how many, taking them out.

use super::{
    error::CheckoutError,
    model::{MOST_LINES, MOST_OF_ONE},
    queries::{self, Wish},
};
use crate::{
    catalogue::{self, Offer},
    kernel::{Cx, VariantId},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// What came of it.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub(super) offer: Offer,
    /// How many lie in the basket now.
    pub(super) quantity: i64,
    /// Fewer than wished for, because no more are left.
    pub(super) cut: bool,
}

async fn offered(
    db: &mut PgConnection,
    cx: &Cx,
    variant: VariantId,
) -> Result<Offer, CheckoutError> {
    let found = catalogue::offers(db, cx, &[variant]).await?.into_iter().next();
    let offer = found.ok_or(CheckoutError::NotFound)?;
    if offer.sellable { Ok(offer) } else { Err(CheckoutError::Gone) }
}

fn left(offer: &Offer) -> i64 {
    offer.available.clamp(0, MOST_OF_ONE)
}

/// Puts `quantity` more of `variant` into the basket, which the caller has locked; nothing is reserved by that.
/// Returns what came of it, and the pieces in the basket.
///
/// # Errors
/// [`CheckoutError::Gone`] when it is not sold or sold out, [`CheckoutError::Full`].
pub(super) async fn add(
    db: &mut PgConnection,
    cx: &Cx,
    basket: Uuid,
    variant: VariantId,
    quantity: i64,
) -> Result<(Outcome, i64), CheckoutError> {
    let offer = offered(db, cx, variant).await?;
    let left = left(&offer);
    if left == 0 {
        return Err(CheckoutError::Gone);
    }
    let (same, others): (Vec<Wish>, Vec<Wish>) =
        queries::lines(db, basket).await?.into_iter().partition(|wish| wish.variant == variant);
    if same.is_empty() && others.len() >= MOST_LINES {
        return Err(CheckoutError::Full);
    }
    let pieces = |wishes: &[Wish]| wishes.iter().map(|wish| wish.quantity).sum::<i64>();
    let wish = Wish { variant, quantity, seen_price: offer.price };
    let now = queries::add(db, basket, &wish, left, cx.now).await?;
    let cut = now < pieces(&same).saturating_add(quantity);
    Ok((Outcome { offer, quantity: now, cut }, pieces(&others) + now))
}

/// Makes it `quantity` of `variant`; none at all takes the line out.
///
/// # Errors
/// [`CheckoutError::NotFound`] when no such line is there.
pub(super) async fn change(
    db: &mut PgConnection,
    cx: &Cx,
    basket: Uuid,
    variant: VariantId,
    quantity: i64,
) -> Result<Option<Outcome>, CheckoutError> {
    if quantity == 0 {
        queries::remove(db, basket, &[variant]).await?;
        return Ok(None);
    }
    let offer = offered(db, cx, variant).await?;
    let kept = quantity.min(left(&offer).max(1));
    let wish = Wish { variant, quantity: kept, seen_price: offer.price };
    if !queries::set(db, basket, &wish).await? {
        return Err(CheckoutError::NotFound);
    }
    Ok(Some(Outcome { offer, quantity: kept, cut: kept < quantity }))
}
