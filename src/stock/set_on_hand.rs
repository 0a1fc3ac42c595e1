//! What the seller counts.

use super::{CountKind, NewLevel, StockChanged, StockError, queries};
use crate::{
    kernel::{Cx, SellerId, VariantId},
    platform::outbox,
};
use sqlx::PgConnection;

/// More than any warehouse of the province holds; keeps sums far from the end of `i64`.
pub(super) const MOST: i64 = 1_000_000_000;

/// Begins to keep stock of new variants.
///
/// # Errors
/// [`StockError::BadQuantity`], or whatever the database says.
pub async fn open(db: &mut PgConnection, cx: &Cx, levels: &[NewLevel]) -> Result<(), StockError> {
    if levels.iter().any(|level| !(0..=MOST).contains(&level.on_hand)) {
        return Err(StockError::BadQuantity);
    }
    Ok(queries::insert_levels(db, cx, levels).await?)
}

/// Sets how many of `seller`'s `variant` there are, and notes the difference as a movement.
///
/// # Errors
/// [`StockError::Promised`] when buyers have been promised more; [`StockError::NotFound`] unless it is
/// this seller's; [`StockError::BadQuantity`].
pub async fn set_on_hand(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    variant: VariantId,
    on_hand: i64,
    kind: CountKind,
) -> Result<(), StockError> {
    if !(0..=MOST).contains(&on_hand) {
        return Err(StockError::BadQuantity);
    }
    let before = queries::lock_level(db, seller, variant).await?.ok_or(StockError::NotFound)?;
    if before.on_hand == on_hand {
        return Ok(());
    }
    let after = queries::set_on_hand(db, variant, on_hand, cx.now)
        .await?
        .ok_or(StockError::Promised { reserved: before.reserved })?;
    let movement = queries::Movement {
        variant,
        kind: kind.code(),
        quantity: on_hand - before.on_hand,
        order: None,
    };
    queries::insert_movement(db, cx, movement).await?;
    tell(db, cx, variant, before.available(), after.available()).await
}

/// Says whether `seller`'s `variant` is sold without a limit.
///
/// # Errors
/// [`StockError::Promised`] when more are promised than there are; [`StockError::NotFound`].
pub async fn set_unlimited(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    variant: VariantId,
    unlimited: bool,
) -> Result<(), StockError> {
    let before = queries::lock_level(db, seller, variant).await?.ok_or(StockError::NotFound)?;
    if before.unlimited == unlimited {
        return Ok(());
    }
    let after = queries::set_unlimited(db, variant, unlimited, cx.now)
        .await?
        .ok_or(StockError::Promised { reserved: before.reserved })?;
    tell(db, cx, variant, before.available(), after.available()).await
}

async fn tell(
    db: &mut PgConnection,
    cx: &Cx,
    variant: VariantId,
    before: i64,
    after: i64,
) -> Result<(), StockError> {
    if (before == 0) != (after == 0) {
        outbox::publish(db, cx, &StockChanged { variants: vec![variant] }).await?;
    }
    Ok(())
}
