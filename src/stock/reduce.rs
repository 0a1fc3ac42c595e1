//! Taking a part of a promise back.

use super::{StockChanged, StockError, model::in_lock_order, queries};
use crate::{
    kernel::{Cx, OrderId, VariantId},
    platform::outbox,
};
use sqlx::PgConnection;

/// Frees some of what `order` holds. Whoever calls it holds the order's row and calls it once a change.
///
/// # Errors
/// [`StockError::Short`] when it holds fewer; the transaction must then be rolled back.
pub async fn reduce(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    fewer: &[(VariantId, i64)],
) -> Result<(), StockError> {
    let mut back = Vec::new();
    for (variant, quantity) in in_lock_order(fewer) {
        if !queries::reduce(db, order, variant, quantity, cx.now).await? {
            return Err(StockError::Short { variant, available: 0 });
        }
        let level = queries::unreserve(db, variant, quantity, cx.now).await?;
        if !level.unlimited && (1..=quantity).contains(&level.available()) {
            back.push(variant);
        }
    }
    if !back.is_empty() {
        outbox::publish(db, cx, &StockChanged { variants: back }).await?;
    }
    Ok(())
}
