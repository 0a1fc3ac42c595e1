//! The shop's one answer.

use super::{error::ReviewError, events::ReviewAnswered, queries};
use crate::{
    kernel::{Cx, PersonId, SellerId},
    platform::outbox,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Answers a review of the shop's goods, or changes the answer.
///
/// # Errors
/// [`ReviewError::NotFound`] unless the review is shown and of this shop.
pub async fn answer(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, person): (SellerId, PersonId),
    review: Uuid,
    body: &str,
) -> Result<(), ReviewError> {
    let found = queries::lock_shown(db, review, seller).await?.ok_or(ReviewError::NotFound)?;
    let first = queries::save_answer(db, cx, review, person, body).await?;
    queries::count(db, found.product, found.seller, [0; 5]).await?;
    if first {
        outbox::publish(db, cx, &ReviewAnswered { review }).await?;
    }
    Ok(())
}
