//! What others may know of reviews.

use super::{model::Totals, queries_read};
use crate::kernel::{Cx, OrderId, PersonId, ProductId, SellerId};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// What letters about a review need.
#[derive(Debug, Clone)]
pub struct Told {
    pub seller: SellerId,
    /// `None`: a guest.
    pub author: Option<PersonId>,
    pub author_name: String,
    pub stars: i16,
    pub position: i32,
    pub hidden: bool,
    /// The order's code and the key of its link.
    pub code: String,
    pub secret: String,
    /// The buyer's address, as the order has it.
    pub email: Option<String>,
    pub lang: String,
    pub product_name: String,
    pub slug: String,
}

/// One review, for letters about it.
///
/// # Errors
/// Whatever the database says.
pub async fn told(db: &mut PgConnection, review: Uuid) -> sqlx::Result<Option<Told>> {
    queries_read::told(db, review).await
}

/// The stars of a shop.
///
/// # Errors
/// Whatever the database says.
pub async fn totals(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Totals> {
    Ok(queries_read::totals(db, "seller", &[seller.0]).await?.remove(&seller.0).unwrap_or_default())
}

pub(super) async fn of_product(db: &mut PgConnection, product: ProductId) -> sqlx::Result<Totals> {
    let mut found = queries_read::totals(db, "product", &[product.0]).await?;
    Ok(found.remove(&product.0).unwrap_or_default())
}

/// A line of a completed order that has no review.
#[derive(Debug, Clone)]
pub struct OpenLine {
    pub order: OrderId,
    pub position: i32,
    pub product: ProductId,
    pub seller: SellerId,
    pub buyer_name: String,
    pub completed_at: DateTime<Utc>,
}

/// Lines that may be reviewed, the latest first.
///
/// # Errors
/// Whatever the database says.
pub async fn open_lines(db: &mut PgConnection, most: i64) -> sqlx::Result<Vec<OpenLine>> {
    queries_read::open_lines(db, most).await
}

/// Whether each line of an order has its review: there is nothing left to ask.
///
/// # Errors
/// Whatever the database says.
pub async fn all_reviewed(db: &mut PgConnection, order: OrderId) -> sqlx::Result<bool> {
    queries_read::all_reviewed(db, order).await
}

/// Reviews of the last thirty days that their shops have not answered.
///
/// # Errors
/// Whatever the database says.
pub async fn unanswered(db: &mut PgConnection, cx: &Cx) -> sqlx::Result<HashMap<SellerId, i64>> {
    let since = cx.now - TimeDelta::days(30);
    Ok(queries_read::unanswered(db, since).await?.into_iter().collect())
}
