//! Pictures and drawings: addresses that never change their contents.

use crate::{catalogue::art, platform::files::Files, web::PageError};
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};

const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// `GET /anh/{*key}`: `pictures/<id>-<width>.webp` or `.jpg`.
pub(in crate::catalogue) async fn picture(
    State(files): State<Files>,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    let kind = match key.rsplit_once('.') {
        Some((_, "webp")) => "image/webp",
        Some((_, "jpg")) => "image/jpeg",
        _ => return Err(PageError::not_found()),
    };
    // Papers and other private files share the store.
    if !key.starts_with("pictures/") || key.contains("..") {
        return Err(PageError::not_found());
    }
    let bytes = files.read(&key).await.map_err(PageError::internal)?;
    let bytes = bytes.ok_or_else(PageError::not_found)?;
    let head = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_GOOD)];
    Ok((head, bytes).into_response())
}

/// `GET /tranh/{art}/{tint}.svg`
pub(in crate::catalogue) async fn drawing(
    Path((name, tint)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let tint = tint.strip_suffix(".svg").ok_or_else(PageError::not_found)?;
    let svg = art::drawing(&name, tint).ok_or_else(PageError::not_found)?;
    // Drawings may be redrawn by a release.
    let head = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=604800"),
    ];
    Ok((head, svg).into_response())
}
