//! `GET /tin-nhan/tep/{id}`: a file of a message, for the two alone.

use crate::{
    messages::{queries_read, routes::Deps},
    web::{Page, PageError, Query},
};
use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::messages) struct Asked {
    k: String,
    /// `240`: the small picture.
    co: String,
}

/// `GET /tin-nhan/tep/{id}`
pub(in crate::messages) async fn show(
    State(deps): State<Deps>,
    page: Page,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let person = page.viewer.as_ref().map(|v| v.id);
    let mut db = deps.db.acquire().await?;
    let found = queries_read::file(&mut db, id, person, &asked.k).await?;
    drop(db);
    let (kind, key, name) = found.ok_or_else(PageError::not_found)?;
    let picture = kind == "picture";
    let bytes = if picture {
        let size = if asked.co == "240" { "240.jpg" } else { "960.jpg" };
        deps.pictures.read(&key, size).await
    } else {
        deps.files.read(&key).await
    };
    let bytes = bytes.map_err(PageError::internal)?.ok_or_else(PageError::not_found)?;
    let kind = if picture { "image/jpeg" } else { "application/pdf" };
    // A PDF is saved, never opened within the site.
    let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let disposition = if picture {
        "inline".to_owned()
    } else {
        format!("attachment; filename*=UTF-8''{}", encoded.replace('+', "%20"))
    };
    let disposition = HeaderValue::from_str(&disposition).map_err(PageError::internal)?;
    let head: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=600")),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((head, bytes).into_response())
}
