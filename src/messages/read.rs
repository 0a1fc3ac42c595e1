//! What others may know of messages.

use super::queries_read;
use crate::kernel::SellerId;
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// A thread with unread messages, for letters about it; nothing of what was said.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub thread: Uuid,
    pub subject: String,
    pub buyer_name: String,
    pub shop_name: String,
    pub buyer_unread: i32,
    pub seller_unread: i32,
    /// Of the order that it is about: code, key of its link, the buyer's address and language.
    pub code: Option<String>,
    pub secret: Option<String>,
    pub email: Option<String>,
    pub lang: String,
}

/// These threads as they stand now.
///
/// # Errors
/// Whatever the database says.
pub async fn waiting(db: &mut PgConnection, threads: &[Uuid]) -> sqlx::Result<Vec<Waiting>> {
    queries_read::waiting(db, threads).await
}

/// How many messages each shop has not read.
///
/// # Errors
/// Whatever the database says.
pub async fn waiting_by_seller(db: &mut PgConnection) -> sqlx::Result<HashMap<SellerId, i64>> {
    Ok(queries_read::unread_by_seller(db).await?.into_iter().collect())
}
