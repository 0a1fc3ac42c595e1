//! Taking a promise back.

use super::{StockChanged, StockError, model::in_lock_order, queries};
use crate::{
    kernel::{Cx, OrderId},
    platform::outbox,
};
use sqlx::PgConnection;

/// Frees what `order` holds. A second call, or one after shipping, does nothing.
///
/// # Errors
/// Whatever the database says.
pub async fn release(db: &mut PgConnection, cx: &Cx, order: OrderId) -> Result<(), StockError> {
    let held = queries::end_reservations(db, order, "released", cx.now).await?;
    let mut back = Vec::new();
    for (variant, quantity) in in_lock_order(&held) {
        let level = queries::unreserve(db, variant, quantity, cx.now).await?;
        // Before it came back there was none for sale.
        if !level.unlimited && (1..=quantity).contains(&level.available()) {
            back.push(variant);
        }
    }
    if !back.is_empty() {
        outbox::publish(db, cx, &StockChanged { variants: back }).await?;
    }
    Ok(())
}
