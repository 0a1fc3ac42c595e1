//! Goods that left come back.

use super::{StockChanged, StockError, model::in_lock_order, queries, queries_leave};
use crate::{
    kernel::{Cx, OrderId, VariantId},
    platform::outbox,
};
use sqlx::PgConnection;

/// Adds what came back of `order` to what there is, never more than has left under it. The caller holds the order's
/// row and sees to it that this happens once.
///
/// # Errors
/// [`StockError::BadQuantity`], or whatever the database says.
pub async fn put_back(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    goods: &[(VariantId, i64)],
) -> Result<(), StockError> {
    if goods.iter().any(|(_, quantity)| *quantity < 0) {
        return Err(StockError::BadQuantity);
    }
    let mut again = Vec::new();
    let out = queries_leave::out(db, order).await?;
    for (variant, quantity) in in_lock_order(goods) {
        // What never left cannot come back.
        let quantity = quantity.min(out.get(&variant).copied().unwrap_or_default());
        if quantity <= 0 {
            continue;
        }
        let Some(level) = queries::put_back(db, variant, quantity, cx.now).await? else { continue };
        if level.unlimited {
            continue;
        }
        let kind = super::CountKind::Return.code();
        let movement = queries::Movement { variant, kind, quantity, order: Some(order) };
        queries::insert_movement(db, cx, movement).await?;
        // Before it came back there was none for sale.
        if (1..=quantity).contains(&level.available()) {
            again.push(variant);
        }
    }
    if !again.is_empty() {
        outbox::publish(db, cx, &StockChanged { variants: again }).await?;
    }
    Ok(())
}
