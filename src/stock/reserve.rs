//! Promising goods to an order.

use super::{StockChanged, StockError, model::in_lock_order, queries};
use crate::{
    kernel::{Cx, OrderId, VariantId},
    platform::outbox,
};
use sqlx::PgConnection;

/// Reserves all of `wishes` for `order`, or nothing.
///
/// # Errors
/// [`StockError::Short`] names the first variant that is short and how many there are;
/// [`StockError::NotFound`] a variant without stock.
pub async fn reserve(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    wishes: &[(VariantId, i64)],
) -> Result<(), StockError> {
    let wishes = in_lock_order(wishes);
    if wishes.iter().any(|(_, quantity)| *quantity < 1) {
        return Err(StockError::BadQuantity);
    }
    let mut gone = Vec::new();
    for (at, (variant, quantity)) in wishes.iter().enumerate() {
        match queries::reserve(db, order, *variant, *quantity, cx.now).await? {
            Some(level) if level.available() == 0 => gone.push(*variant),
            Some(_) => {}
            None => {
                // The caller may go on with his transaction: what was taken is given back.
                let taken: Vec<_> = wishes[..at].iter().map(|(variant, _)| variant.0).collect();
                queries::take_back(db, order, &taken, cx.now).await?;
                let level = queries::levels(db, &[variant.0]).await?.remove(variant);
                let available = level.ok_or(StockError::NotFound)?.available();
                return Err(StockError::Short { variant: *variant, available });
            }
        }
    }
    if !gone.is_empty() {
        outbox::publish(db, cx, &StockChanged { variants: gone }).await?;
    }
    Ok(())
}
