//! Goods leave.

use super::{StockError, model::in_lock_order, queries};
use crate::kernel::{Cx, OrderId};
use sqlx::PgConnection;

/// Takes what `order` holds out of stock. A second call does nothing.
///
/// # Errors
/// Whatever the database says.
pub async fn ship(db: &mut PgConnection, cx: &Cx, order: OrderId) -> Result<(), StockError> {
    let held = queries::end_reservations(db, order, "shipped", cx.now).await?;
    for (variant, quantity) in in_lock_order(&held) {
        let counted = queries::ship(db, variant, quantity, cx.now).await?;
        if counted {
            let movement = queries::Movement {
                variant,
                kind: "shipment",
                quantity: -quantity,
                order: Some(order),
            };
            queries::insert_movement(db, cx, movement).await?;
        }
    }
    Ok(())
}
