//! Writing a review, and changing it.

use super::{
    error::ReviewError,
    events::ReviewWritten,
    model::{MOST_PICTURES, change, shown_name},
    queries,
};
use crate::{
    kernel::{Cx, OrderId},
    platform::{kept_pictures::KeptPicture, outbox},
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// What somebody says of one line of his order.
#[derive(Debug, Clone)]
pub struct NewReview {
    /// One to five.
    pub stars: i16,
    pub body: String,
    pub pictures: Vec<KeptPicture>,
}

/// Writes the review of one line; the caller knows that he may act for the buyer.
///
/// # Errors
/// [`ReviewError::OwnShop`], [`ReviewError::Already`], [`ReviewError::NotNow`] unless the order was completed after
/// `since`.
pub async fn write(
    db: &mut PgConnection,
    cx: &Cx,
    (order, position): (OrderId, i32),
    buyer_name: &str,
    new: &NewReview,
    since: DateTime<Utc>,
) -> Result<Uuid, ReviewError> {
    if new.pictures.len() > MOST_PICTURES {
        return Err(ReviewError::TooManyPictures);
    }
    if queries::is_own(db, order).await? {
        return Err(ReviewError::OwnShop);
    }
    if queries::exists(db, order, position).await? {
        return Err(ReviewError::Already);
    }
    let id = cx.new_id();
    let name = shown_name(buyer_name);
    let written = queries::insert(db, cx, id, (order, position), &name, new, since).await?;
    let (product, seller) = written.ok_or(ReviewError::NotNow)?;
    add_pictures(db, cx, id, &new.pictures).await?;
    queries::count(db, product, seller, change(new.stars, 1)).await?;
    outbox::publish(db, cx, &ReviewWritten { review: id, order, product, seller }).await?;
    Ok(id)
}

/// Changes a review that is shown and younger than `since`. Pictures named in `without` go, new ones come behind.
/// Answers the keys of those that are gone, to be taken out of the store once the transaction is committed.
///
/// # Errors
/// [`ReviewError::Fixed`] when it may no longer be changed.
pub async fn edit(
    db: &mut PgConnection,
    cx: &Cx,
    review: Uuid,
    new: &NewReview,
    without: &[Uuid],
    since: DateTime<Utc>,
) -> Result<Vec<String>, ReviewError> {
    let before = queries::lock_editable(db, review, since).await?.ok_or(ReviewError::Fixed)?;
    queries::update(db, cx, review, new).await?;
    let gone = queries::remove_pictures(db, review, without).await?;
    add_pictures(db, cx, review, &new.pictures).await?;
    if queries::count_pictures(db, review).await? > MOST_PICTURES as i64 {
        return Err(ReviewError::TooManyPictures);
    }
    let mut changed = change(new.stars, 1);
    for (now, was) in changed.iter_mut().zip(change(before.stars, -1)) {
        *now += was;
    }
    queries::count(db, before.product, before.seller, changed).await?;
    Ok(gone)
}

async fn add_pictures(
    db: &mut PgConnection,
    cx: &Cx,
    review: Uuid,
    pictures: &[KeptPicture],
) -> sqlx::Result<()> {
    for picture in pictures {
        queries::insert_picture(db, cx.new_id(), review, picture).await?;
    }
    Ok(())
}
