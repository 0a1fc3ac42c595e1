//! What a payment is of: an order, or an instalment of a purchase order.

use crate::{
    kernel::{OrderId, SellerId, normalise},
    orders::{self, Asker, OrderName},
    purchasing,
};
use sqlx::PgConnection;
use std::collections::HashMap;

pub(super) type Names = HashMap<OrderId, OrderName>;

/// What these payments are of: orders, and instalments of purchase orders.
pub(super) async fn names(db: &mut PgConnection, ids: &[OrderId]) -> sqlx::Result<Names> {
    let mut names = orders::names(&mut *db, ids).await?;
    let others: Vec<OrderId> = ids.iter().filter(|id| !names.contains_key(id)).copied().collect();
    if !others.is_empty() {
        let parts = purchasing::names(db, &others).await?;
        let name = |(id, (code, buyer))| (id, OrderName { code, buyer });
        names.extend(parts.into_iter().map(name));
    }
    Ok(names)
}

/// The seller's order, or instalment of a purchase order, with a typed code.
pub(super) async fn typed_order(
    db: &mut PgConnection,
    seller: SellerId,
    typed: &str,
) -> sqlx::Result<Option<OrderId>> {
    match orders::find(db, &normalise(typed), Asker::Seller(seller)).await? {
        Some(order) => Ok(Some(order.head.id)),
        None => purchasing::named(db, seller, typed).await,
    }
}
