//! Pictures of a product: decoded, bounded, re-encoded, put in order.

use super::{
    edit, error::CatalogueError, listing::ListedPicture, queries::pictures as rows,
    routes::Decoders,
};
use crate::{
    kernel::{Cx, ProductId, SellerId, Text},
    platform::{files::Files, pictures},
};
use bytes::Bytes;
use sqlx::PgConnection;
use uuid::Uuid;

/// A product shows at most so many.
pub const MOST_PICTURES: usize = 8;

/// Makes a picture safe and keeps its sizes; two at a time, away from the request threads.
///
/// # Errors
/// Outer: the store. Inner: a text for the field, when it is no picture.
pub(super) async fn keep(
    cx: &Cx,
    files: &Files,
    decoders: &Decoders,
    bytes: Bytes,
) -> anyhow::Result<Result<ListedPicture, Text>> {
    let turn = decoders.0.acquire().await?;
    let made = tokio::task::spawn_blocking(move || pictures::sanitise(&bytes)).await?;
    drop(turn);
    let picture = match made {
        Ok(picture) => picture,
        Err(text) => return Ok(Err(text)),
    };
    let key = format!("pictures/{}", cx.new_id());
    for size in picture.sizes {
        files.put(&format!("{key}-{}.webp", size.width), size.webp).await?;
        files.put(&format!("{key}-{}.jpg", size.width), size.jpeg).await?;
    }
    let (width, height) = (i32::try_from(picture.width)?, i32::try_from(picture.height)?);
    Ok(Ok(ListedPicture { key, width, height, alt: String::new() }))
}

/// Adds kept pictures behind those there are.
///
/// # Errors
/// [`CatalogueError::TooManyPictures`] beyond eight; as for [`edit::save_about`].
pub(super) async fn add(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, product): (SellerId, ProductId),
    new: &[ListedPicture],
) -> Result<(), CatalogueError> {
    let before = edit::open(db, seller, product, None).await?;
    if rows::all(db, product).await?.len() + new.len() > MOST_PICTURES {
        return Err(CatalogueError::TooManyPictures);
    }
    for picture in new {
        rows::insert(db, cx, product, picture).await?;
    }
    edit::touched(db, cx, &before).await
}

/// What to do with the pictures of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrange {
    /// Keep the order; only the words have changed.
    Words,
    /// One place to the front.
    Forward(Uuid),
    Remove(Uuid),
}

/// Puts pictures in order, describes or removes them. They stay on sale.
///
/// # Errors
/// As for [`edit::save_about`].
pub(super) async fn arrange(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, product): (SellerId, ProductId),
    words: &[(Uuid, String)],
    act: Arrange,
) -> Result<(), CatalogueError> {
    let before = edit::open(db, seller, product, None).await?;
    let mut all = rows::all(db, product).await?;
    for (id, alt) in words {
        if let Some((_, picture)) = all.iter_mut().find(|(known, _)| known == id) {
            picture.alt.clone_from(alt);
        }
    }
    match act {
        Arrange::Words => {}
        Arrange::Forward(id) => {
            let at = all.iter().position(|(known, _)| *known == id);
            let at = at.ok_or(CatalogueError::NotFound)?;
            all.swap(at, at.saturating_sub(1));
        }
        Arrange::Remove(id) => {
            if !rows::delete(db, product, id).await? {
                return Err(CatalogueError::NotFound);
            }
            all.retain(|(known, _)| *known != id);
        }
    }
    let (ids, alts): (Vec<Uuid>, Vec<String>) =
        all.into_iter().map(|(id, picture)| (id, picture.alt)).unzip();
    rows::arrange(db, product, &ids, &alts).await?;
    edit::touched(db, cx, &before).await
}
