//! From the cookie to the viewer: one query for those who carry a session, none for the others.

use super::{device, queries_sessions as queries, sessions};
use crate::{
    kernel::{Cx, PersonId},
    web::{PageError, Viewer, context::Shell, viewer},
};
use axum::{
    extract::{OptionalFromRequestParts, Request, State},
    http::request::Parts,
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use sqlx::PgPool;
use std::convert::Infallible;

/// What is the same for everybody: no session is looked up.
const PUBLIC: [&str; 4] = ["/static/", "/anh/", "/tranh/", "/healthz"];
/// A session notes that it was used at most this often.
const SEEN: TimeDelta = TimeDelta::minutes(10);

/// A session whose password was right and whose second factor is still to be given. For every
/// page but that one its bearer is a guest.
#[derive(Debug, Clone)]
pub(super) struct Pending {
    pub(super) person: PersonId,
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Pending {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get().cloned())
    }
}

/// Fills in who is looking.
pub async fn session_layer(State(db): State<PgPool>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if PUBLIC.iter().any(|public| path.starts_with(public)) {
        return next.run(request).await;
    }
    let extensions = request.extensions();
    let (Some(shell), Some(cx)) = (extensions.get::<Shell>(), extensions.get::<Cx>()) else {
        return next.run(request).await;
    };
    let Some(token) = device::token(request.headers(), shell.site.https()) else {
        return next.run(request).await;
    };
    let cx = cx.clone();
    let found = match load(&db, &cx, &token).await {
        Ok(found) => found,
        Err(error) => return PageError::from(error).into_response(),
    };
    let Some(row) = found else { return next.run(request).await };
    if row.has_second_factor && row.second_factor_at.is_none() {
        request.extensions_mut().insert(Pending { person: row.person });
        return next.run(request).await;
    }
    let viewer = Viewer {
        id: row.person,
        session: row.id,
        name: row.name,
        email: row.email,
        is_officer: row.is_officer,
        is_operator: row.is_operator,
        has_shop: row.has_shop,
        second_factor: row.second_factor_at.is_some(),
        unread: row.unread,
        acting_for: row.acting_for,
        buying_for: row.buying_for,
        orgs: row.orgs.0,
    };
    viewer::set(request.extensions_mut(), viewer.clone());
    let mut response = next.run(request).await;
    // For the page of an error, which is made further out.
    response.extensions_mut().insert(viewer);
    response
}

async fn load(db: &PgPool, cx: &Cx, token: &str) -> sqlx::Result<Option<queries::Session>> {
    let mut db = db.acquire().await?;
    let hash = sessions::token_hash(token);
    let found = queries::session(&mut db, &hash, cx.now).await?;
    if let Some(row) = &found
        && row.last_seen_at < cx.now - SEEN
    {
        queries::touch(&mut db, &hash, cx.now, cx.now - SEEN).await?;
    }
    Ok(found)
}
