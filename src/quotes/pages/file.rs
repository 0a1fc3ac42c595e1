//! Files of a request: private to its two sides.

use super::{
    super::{
        queries_read::{self, File},
        routes::Deps,
    },
    id_of, own,
};
use crate::{enterprises::SellerScope, kernel::Cx, organisations::OrgScope, web::PageError};
use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

async fn answer(deps: &Deps, file: File) -> Result<Response, PageError> {
    let bytes = deps.files.read(&file.key).await.map_err(PageError::internal)?;
    let bytes = bytes.ok_or_else(PageError::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, file.mime),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    let mut answer = (headers, bytes).into_response();
    let name: String =
        file.name.chars().map(|c| if c.is_ascii_graphic() && c != '"' { c } else { '_' }).collect();
    if let Ok(name) = HeaderValue::from_str(&format!("inline; filename=\"{name}\"")) {
        answer.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(answer)
}

/// `GET /to-chuc/bao-gia/{id}/tep/{file}`: the buyer's own, and what sellers sent, once it may be read.
pub(in super::super) async fn buyer(
    State(deps): State<Deps>,
    cx: Cx,
    scope: OrgScope,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (id, file) = (id_of(&id)?, id_of(&file)?);
    let mut db = deps.db.acquire().await?;
    let request = own(queries_read::request(&mut db, id).await?, scope.org)?;
    let readable = request.window(&cx).is_readable();
    let files = queries_read::files(&mut db, id).await?;
    drop(db);
    let may_read = |f: &File| f.quote.is_none() || (readable && f.sent);
    let found = files.into_iter().find(|f| f.id == file && may_read(f));
    answer(&deps, found.ok_or_else(PageError::not_found)?).await
}

/// `GET /ban-hang/bao-gia/{id}/tep/{file}`: the buyer's, and the seller's own.
pub(in super::super) async fn seller(
    State(deps): State<Deps>,
    scope: SellerScope,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (id, file) = (id_of(&id)?, id_of(&file)?);
    let mut db = deps.db.acquire().await?;
    let quotes = queries_read::quotes(&mut db, id, Some(scope.seller)).await?;
    let own = quotes.first().ok_or_else(PageError::not_found)?;
    let files = queries_read::files(&mut db, id).await?;
    drop(db);
    let mine = |f: &File| f.id == file && f.quote.is_none_or(|quote| quote == own.id);
    let found = files.into_iter().find(mine);
    answer(&deps, found.ok_or_else(PageError::not_found)?).await
}
