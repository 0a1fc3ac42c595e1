//! Putting things into a basket, changing how many, taking them out.

use super::{
    error::CheckoutError,
    model::{MOST_LINES, MOST_OF_ONE},
    queries::{self, Wish},
};
use crate::{
    catalogue::{self, Offer},
    kernel::{Cx, VariantId},
    wholesale,
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

/// Pieces in `quantity` of a selling unit; the unit without a name is the piece.
///
/// # Errors
/// [`CheckoutError::NoUnit`] when the goods are not sold so, or that is no whole number of pieces.
pub(super) async fn in_pieces(
    db: &mut PgConnection,
    variant: VariantId,
    unit: &str,
    quantity: i64,
) -> Result<i64, CheckoutError> {
    if unit.is_empty() {
        return Ok(quantity);
    }
    let units = wholesale::units(db, &[variant]).await?.remove(&variant).unwrap_or_default();
    let unit = units.iter().find(|known| known.is_called(unit)).ok_or(CheckoutError::NoUnit)?;
    let pieces = quantity.checked_mul(1_000).and_then(|n| unit.pieces(n));
    pieces.filter(|n| (1..=MOST_OF_ONE).contains(n)).ok_or(CheckoutError::NoUnit)
}

/// What came of putting many things in at once.
#[derive(Debug, Clone, Default)]
pub(super) struct Many {
    pub(super) added: usize,
    /// Not sold, or sold out.
    pub(super) left_out: Vec<String>,
    /// Fewer than wished for.
    pub(super) cut: Vec<String>,
}

/// Puts many things into the basket, which the caller has locked, as [`add`] does one. What cannot be bought is left
/// out.
///
/// # Errors
/// [`CheckoutError::Full`] when they do not all have room: then none is put in.
pub(super) async fn add_many(
    db: &mut PgConnection,
    cx: &Cx,
    basket: Uuid,
    wishes: &[(VariantId, i64)],
) -> Result<Many, CheckoutError> {
    let ids: Vec<VariantId> = wishes.iter().map(|(variant, _)| *variant).collect();
    let offers = catalogue::offers(db, cx, &ids).await?;
    let there = queries::lines(db, basket).await?;
    let known = |variant: VariantId| there.iter().find(|wish| wish.variant == variant);
    let new = ids.iter().filter(|variant| known(**variant).is_none()).count();
    if there.len() + new > MOST_LINES {
        return Err(CheckoutError::Full);
    }
    let mut many = Many::default();
    for (variant, quantity) in wishes {
        let Some(offer) = offers.iter().find(|offer| offer.variant == *variant) else { continue };
        let left = left(offer);
        if !offer.sellable || left == 0 {
            many.left_out.push(offer.name.clone());
            continue;
        }
        let wish = Wish { variant: *variant, quantity: *quantity, seen_price: offer.price };
        let now = queries::add(db, basket, &wish, left, cx.now).await?;
        let before = known(*variant).map_or(0, |wish| wish.quantity);
        if now < before.saturating_add(*quantity) {
            many.cut.push(offer.name.clone());
        }
        many.added += 1;
    }
    Ok(many)
}
