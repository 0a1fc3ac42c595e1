//! Lines that a service sent and nobody could read: the seller sees them as they came, and says when he has looked.

use super::queries_unread;
use crate::{
    kernel::{Cx, SellerId},
    payments::PaymentError,
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A line that could not be read.
#[derive(Debug, Clone)]
pub struct Unread {
    pub id: Uuid,
    pub noted_at: DateTime<Utc>,
    /// `sepay`, `casso`.
    pub service: String,
    /// As it came, cut.
    pub text: String,
}

/// The lines of a seller at which nobody has looked.
///
/// # Errors
/// Whatever the database says.
pub async fn unread_lines(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Unread>> {
    queries_unread::waiting(db, seller).await
}

/// The seller has looked at a line and done what is to be done about it.
///
/// # Errors
/// [`PaymentError::NotFound`] unless it is his and waits.
pub async fn have_seen(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    id: Uuid,
) -> Result<(), PaymentError> {
    match queries_unread::see(db, cx, seller, id).await? {
        true => Ok(()),
        false => Err(PaymentError::NotFound),
    }
}
