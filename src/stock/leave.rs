//! Goods leave beside what their order took when it was handed over.

use super::{StockChanged, StockError, model::in_lock_order, queries, queries_leave};
use crate::{
    kernel::{Cx, OrderId, VariantId},
    platform::outbox,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Goods of a lost parcel go out once more. `note` names what for: the same twice counts once.
///
/// # Errors
/// [`StockError::Short`] when they are not there; the transaction must then be rolled back.
pub async fn leave_again(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    note: &str,
    goods: &[(VariantId, i64)],
) -> Result<(), StockError> {
    let mut left = Vec::new();
    for (variant, quantity) in in_lock_order(goods).into_iter().filter(|(_, n)| *n > 0) {
        let Some(free) = queries_leave::leave(db, cx, (order, note), variant, quantity).await?
        else {
            continue;
        };
        if free < quantity {
            return Err(StockError::Short { variant, available: free.max(0) });
        }
        left.push(variant.0);
    }
    tell(db, cx, &left).await
}

/// Goods have left although the order took none, or took others: as many as are free are taken off. `note` names what
/// for: the same twice counts once.
///
/// # Errors
/// Whatever the database says.
pub async fn have_left(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    note: &str,
    goods: &[(VariantId, i64)],
) -> Result<(), StockError> {
    let mut left = Vec::new();
    for (variant, quantity) in in_lock_order(goods).into_iter().filter(|(_, n)| *n > 0) {
        if queries_leave::leave(db, cx, (order, note), variant, quantity).await?.is_some() {
            left.push(variant.0);
        }
    }
    tell(db, cx, &left).await
}

/// Tells which of these can no longer be bought now.
async fn tell(db: &mut PgConnection, cx: &Cx, left: &[Uuid]) -> Result<(), StockError> {
    if left.is_empty() {
        return Ok(());
    }
    let levels = queries::levels(db, left).await?;
    let gone: Vec<VariantId> = levels
        .into_iter()
        .filter(|(_, level)| level.available() == 0)
        .map(|(variant, _)| variant)
        .collect();
    if !gone.is_empty() {
        outbox::publish(db, cx, &StockChanged { variants: gone }).await?;
    }
    Ok(())
}

/// Whether the order's goods left when it was handed over.
///
/// # Errors
/// Whatever the database says.
pub async fn was_shipped(db: &mut PgConnection, order: OrderId) -> sqlx::Result<bool> {
    queries_leave::was_shipped(db, order).await
}

/// Whether goods have left under this note.
///
/// # Errors
/// Whatever the database says.
pub async fn left_as(db: &mut PgConnection, order: OrderId, note: &str) -> sqlx::Result<bool> {
    queries_leave::left_as(db, order, note).await
}
