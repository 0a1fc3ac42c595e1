//! Whoever has opened what a notice leads to, by whatever way, has read the notice.

use super::queries;
use crate::{
    kernel::Cx,
    web::{Viewer, viewer},
};
use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use sqlx::PgPool;

/// Where notices lead; other pages cost nothing.
const LEADS: [&str; 7] = [
    "/don-hang/",
    "/tin-nhan",
    "/ban-hang/",
    "/san-pham/",
    "/to-chuc/",
    "/su-kien/",
    "/tai-khoan/lich-hen",
];

/// Marks one's own notices of the page that is asked for as read, before its bell is counted. Stands within the layer
/// that knows the viewer; who has nothing unread costs no statement.
pub async fn seen_layer(State(db): State<PgPool>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let leads = request.method() == Method::GET && LEADS.iter().any(|lead| path.starts_with(lead));
    let extensions = request.extensions();
    if let (true, Some(viewer), Some(cx)) =
        (leads, extensions.get::<Viewer>(), extensions.get::<Cx>())
        && viewer.unread > 0
    {
        let (mut viewer, cx, uri) = (viewer.clone(), cx.clone(), request.uri().clone());
        let whole = uri.path_and_query().map_or(uri.path(), |whole| whole.as_str());
        let hrefs = [uri.path().to_owned(), whole.to_owned()];
        match mark(&db, &cx, &viewer, &hrefs).await {
            Ok(0) => {}
            Ok(read) => {
                viewer.unread = viewer.unread.saturating_sub(read).max(0);
                viewer::set(request.extensions_mut(), viewer);
            }
            // The page matters more than its bell.
            Err(error) => tracing::warn!(%error, "a notice was not marked as read"),
        }
    }
    next.run(request).await
}

async fn mark(db: &PgPool, cx: &Cx, viewer: &Viewer, hrefs: &[String]) -> sqlx::Result<i64> {
    queries::read_of(&mut *db.acquire().await?, cx, viewer.id, hrefs).await
}
