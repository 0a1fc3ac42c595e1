//! Who may order for others.

use super::{error::AssistedError, queries};
use crate::{
    kernel::{Actor, Cx, PersonId},
    places::{self, Point},
    platform::audit,
    web::{PageError, SignedIn},
};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// The clerk of an open point. To anybody else the page does not exist.
#[derive(Debug, Clone)]
pub struct Clerk {
    pub person: PersonId,
    pub point: Point,
}

impl<S> FromRequestParts<S> for Clerk
where
    S: Send + Sync,
    PgPool: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let SignedIn(viewer) = SignedIn::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let found = of_person(&PgPool::from_ref(state), viewer.id).await;
        let found = found.map_err(|error| PageError::from(error).into_response())?;
        found.ok_or_else(|| PageError::not_found().into_response())
    }
}

async fn of_person(db: &PgPool, person: PersonId) -> sqlx::Result<Option<Clerk>> {
    let mut db = db.acquire().await?;
    let Some(point) = queries::point_of(&mut db, person).await? else { return Ok(None) };
    let point = places::point(&mut db, point).await?;
    Ok(point.map(|point| Clerk { person, point }))
}

fn by(cx: &Cx) -> Uuid {
    match cx.actor {
        Actor::Person(id) => id.0,
        Actor::Guest | Actor::System => Uuid::nil(),
    }
}

/// Makes somebody the clerk of a point; one who is a clerk already moves to it.
///
/// # Errors
/// [`AssistedError::NotFound`] when there is no such open point.
pub async fn grant(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    point: Uuid,
) -> Result<(), AssistedError> {
    if places::point(db, point).await?.is_none() {
        return Err(AssistedError::NotFound);
    }
    queries::grant(db, person, point, by(cx), cx.now).await?;
    let subject = format!("person:{person}");
    audit::record(db, cx, "assisted.grant", &subject, json!({ "point": point })).await?;
    Ok(())
}

/// Takes it away; an open visit ends.
///
/// # Errors
/// [`AssistedError::NotFound`] unless the person is a clerk.
pub(super) async fn revoke(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
) -> Result<(), AssistedError> {
    if !queries::revoke(db, person, by(cx), cx.now).await? {
        return Err(AssistedError::NotFound);
    }
    queries::end(db, person, cx.now).await?;
    audit::record(db, cx, "assisted.revoke", &format!("person:{person}"), json!({})).await?;
    Ok(())
}
