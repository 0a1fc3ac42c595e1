//! Opening a thread: one for an order, one for a product and a buyer.

use super::{
    error::MessageError,
    model::{A_DAY, Side},
    queries,
};
use crate::kernel::{Cx, OrderId, PersonId, ProductId};
use chrono::TimeDelta;
use sqlx::PgConnection;
use uuid::Uuid;

/// What a thread is about.
#[derive(Debug, Clone)]
pub enum About {
    Order(OrderId),
    /// A product on display, and the buyer's account and name.
    Product(ProductId, PersonId, String),
}

/// The thread about this; made if there is none. The caller knows that the asker is one of the two.
///
/// # Errors
/// [`MessageError::NotFound`], [`MessageError::OwnShop`], [`MessageError::TooMany`].
pub async fn open(
    db: &mut PgConnection,
    cx: &Cx,
    about: &About,
    side: Side,
) -> Result<Uuid, MessageError> {
    match about {
        About::Order(order) => {
            queries::open_for_order(db, cx, *order, side).await?;
            queries::of_order(db, *order).await?.ok_or(MessageError::NotFound)
        }
        About::Product(product, buyer, name) => {
            if let Some(id) = queries::of_product(db, *product, *buyer).await? {
                return Ok(id);
            }
            if queries::is_own(db, *product, *buyer).await? {
                return Err(MessageError::OwnShop);
            }
            let since = cx.now - TimeDelta::days(1);
            if queries::opened_since(db, *buyer, since).await? >= A_DAY {
                return Err(MessageError::TooMany);
            }
            queries::open_for_product(db, cx, *product, *buyer, name).await?;
            queries::of_product(db, *product, *buyer).await?.ok_or(MessageError::NotFound)
        }
    }
}
