//! Goods leave beside what their order took when it was handed over.

use super::{StockError, model::in_lock_order, queries_leave as queries};
use crate::kernel::{Cx, OrderId, VariantId};
use sqlx::PgConnection;

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
    for (variant, quantity) in in_lock_order(goods).into_iter().filter(|(_, n)| *n > 0) {
        if let Some(free) = queries::leave(db, cx, (order, note), variant, quantity).await?
            && free < quantity
        {
            return Err(StockError::Short { variant, available: free.max(0) });
        }
    }
    Ok(())
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
    for (variant, quantity) in in_lock_order(goods).into_iter().filter(|(_, n)| *n > 0) {
        queries::leave(db, cx, (order, note), variant, quantity).await?;
    }
    Ok(())
}

/// Whether the order's goods left when it was handed over.
///
/// # Errors
/// Whatever the database says.
pub async fn was_shipped(db: &mut PgConnection, order: OrderId) -> sqlx::Result<bool> {
    queries::was_shipped(db, order).await
}

/// Whether goods have left under this note.
///
/// # Errors
/// Whatever the database says.
pub async fn left_as(db: &mut PgConnection, order: OrderId, note: &str) -> sqlx::Result<bool> {
    queries::left_as(db, order, note).await
}
