//! Putting things into a basket, changing how many, taking them out.

use super::{
    error::CheckoutError,
    model::{MOST_LINES, MOST_OF_ONE},
    queries::{self, Wish},
};
use crate::{
    catalogue::{self, Offer},
    kernel::{Cx, VariantId},
    stock,
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

async fn left(db: &mut PgConnection, variant: VariantId) -> Result<i64, CheckoutError> {
    let available = stock::available(db, &[variant]).await?;
    Ok(available.get(&variant).copied().unwrap_or(0).clamp(0, MOST_OF_ONE))
}

/// Puts `quantity` more of `variant` into the basket; nothing is reserved by that.
///
/// # Errors
/// [`CheckoutError::Gone`] when it is not sold or sold out, [`CheckoutError::Full`].
pub(super) async fn add(
    db: &mut PgConnection,
    cx: &Cx,
    basket: Uuid,
    variant: VariantId,
    quantity: i64,
) -> Result<Outcome, CheckoutError> {
    let offer = offered(db, cx, variant).await?;
    let left = left(db, variant).await?;
    if left == 0 {
        return Err(CheckoutError::Gone);
    }
    let have = queries::quantity(db, basket, variant).await?;
    if have == 0 && queries::lines(db, basket).await?.len() >= MOST_LINES {
        return Err(CheckoutError::Full);
    }
    let wish = Wish { variant, quantity, seen_price: offer.price };
    let now = queries::add(db, basket, &wish, left, cx.now).await?;
    Ok(Outcome { offer, quantity: now, cut: now < have.saturating_add(quantity) })
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
    let left = left(db, variant).await?;
    let kept = quantity.min(left.max(1));
    let wish = Wish { variant, quantity: kept, seen_price: offer.price };
    if !queries::set(db, basket, &wish).await? {
        return Err(CheckoutError::NotFound);
    }
    Ok(Some(Outcome { offer, quantity: kept, cut: kept < quantity }))
}
