//! `GET /danh-gia/anh/{file}`: the pictures of reviews that are shown.

use crate::{
    reviews::{queries_read, routes::Deps},
    web::{Page, PageError},
};
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use uuid::Uuid;

/// `GET /danh-gia/anh/{file}`: `<id>-<width>.webp` or `.jpg`. A hidden review's pictures are shown to those who
/// look after reviews, and to its author.
pub(in crate::reviews) async fn show(
    State(deps): State<Deps>,
    page: Page,
    Path(file): Path<String>,
) -> Result<Response, PageError> {
    let (id, size) = file.rsplit_once('-').ok_or_else(PageError::not_found)?;
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let kind = match size {
        "240.webp" | "480.webp" | "960.webp" => "image/webp",
        "240.jpg" | "480.jpg" | "960.jpg" => "image/jpeg",
        _ => return Err(PageError::not_found()),
    };
    let viewer = page.viewer.as_ref();
    let all = viewer.is_some_and(|v| v.second_factor && (v.is_officer || v.is_operator));
    let mut db = deps.db.acquire().await?;
    let key = queries_read::picture_key(&mut db, id, viewer.map(|v| v.id), all).await?;
    drop(db);
    let key = key.ok_or_else(PageError::not_found)?;
    let bytes = deps.pictures.read(&key, size).await.map_err(PageError::internal)?;
    let bytes = bytes.ok_or_else(PageError::not_found)?;
    // A review may be hidden: what was shown is asked for again before long.
    let head = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "private, max-age=600")];
    Ok((head, bytes).into_response())
}
