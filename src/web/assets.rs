//! The files of `static/`: embedded in the binary, addressed with their digest, cached for good.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};
use std::{collections::HashMap, sync::Arc};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/static");

struct Asset {
    bytes: &'static [u8],
    mime: &'static str,
    digest: String,
}

/// All static files by path.
pub struct Assets(HashMap<String, Asset>);

impl Default for Assets {
    fn default() -> Self {
        let mut found = HashMap::new();
        collect(&FILES, &mut found);
        Self(found)
    }
}

fn collect(folder: &'static Dir<'static>, into: &mut HashMap<String, Asset>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().into_owned();
        let digest: String =
            Sha256::digest(file.contents()).iter().take(5).map(|b| format!("{b:02x}")).collect();
        let mime = match path.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("woff2") => "font/woff2",
            Some("png") => "image/png",
            Some("webp") => "image/webp",
            Some("txt" | "md") => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        };
        into.insert(path, Asset { bytes: file.contents(), mime, digest });
    }
    for inner in folder.dirs() {
        collect(inner, into);
    }
}

impl Assets {
    /// `css/app.css` → `/static/css/app.1f2e3d4c5b.css`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        match (self.0.get(path), path.rsplit_once('.')) {
            (Some(asset), Some((stem, kind))) => format!("/static/{stem}.{}.{kind}", asset.digest),
            _ => format!("/static/{path}"),
        }
    }

    /// The file of an address, and whether the address carries its digest.
    fn find(&self, path: &str) -> Option<(&Asset, bool)> {
        if let Some(asset) = self.0.get(path) {
            return Some((asset, false));
        }
        let (rest, kind) = path.rsplit_once('.')?;
        let (stem, digest) = rest.rsplit_once('.')?;
        let asset = self.0.get(&format!("{stem}.{kind}"))?;
        Some((asset, asset.digest == digest))
    }
}

/// `GET /static/{*path}`
pub async fn serve(
    State(assets): State<Arc<Assets>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some((asset, exact)) = assets.find(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{}\"", asset.digest);
    let cache = if exact { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    let head = [
        (header::CONTENT_TYPE, asset.mime),
        (header::CACHE_CONTROL, cache),
        (header::ETAG, tag.as_str()),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|have| have.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    (head, asset.bytes).into_response()
}
