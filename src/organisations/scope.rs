//! For which organisation the signed-in person acts.

use super::{
    error::OrgError,
    model::{Membership, OrgRole, OrgState, Organisation},
    queries,
};
use crate::{
    kernel::{OrgId, PersonId},
    web::{FOR_HIMSELF, PageError, SignedIn, go},
};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// The organisation that a request is about. A handler that takes it cannot be reached by anybody who is not a
/// member; every query of an organisation takes `org` from here.
#[derive(Debug, Clone)]
pub struct OrgScope {
    pub org: OrgId,
    pub person: PersonId,
    pub name: String,
    pub tax_code: String,
    pub state: OrgState,
    pub roles: Vec<OrgRole>,
    /// All organisations of this person, the one acted for among them.
    pub orgs: Vec<Membership>,
}

impl OrgScope {
    /// Whether the person has the role here.
    #[must_use]
    pub fn has(&self, role: OrgRole) -> bool {
        self.roles.contains(&role)
    }

    /// Lets only those pass who have the role.
    ///
    /// # Errors
    /// [`OrgError::NeedsRole`] for the others.
    pub fn needs(&self, role: OrgRole) -> Result<(), OrgError> {
        if self.has(role) { Ok(()) } else { Err(OrgError::NeedsRole(role)) }
    }
}

impl<S> FromRequestParts<S> for OrgScope
where
    S: Send + Sync,
    PgPool: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let SignedIn(viewer) = SignedIn::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let db = PgPool::from_ref(state);
        let orgs =
            of_person(&db, viewer.id).await.map_err(|e| PageError::from(e).into_response())?;
        let Some(chosen) = chosen(&orgs, viewer.buying_for).cloned() else {
            return Err(go("/to-chuc/mo"));
        };
        Ok(Self {
            org: chosen.org,
            person: viewer.id,
            name: chosen.name,
            tax_code: chosen.tax_code,
            state: chosen.state,
            roles: chosen.roles,
            orgs,
        })
    }
}

async fn of_person(db: &PgPool, person: PersonId) -> sqlx::Result<Vec<Membership>> {
    queries::memberships(&mut *db.acquire().await?, person).await
}

/// The one that the session chose, or the oldest membership.
fn chosen(orgs: &[Membership], choice: Option<Uuid>) -> Option<&Membership> {
    orgs.iter().find(|m| Some(m.org.0) == choice).or(orgs.first())
}

/// The organisation that a person buys for: the one that the session chose, or that of the oldest membership. `None`:
/// he belongs to none, or has chosen to buy for himself.
///
/// # Errors
/// Whatever the database says.
pub async fn acting(
    db: &mut PgConnection,
    person: PersonId,
    choice: Option<Uuid>,
) -> sqlx::Result<Option<Organisation>> {
    if choice == Some(FOR_HIMSELF) {
        return Ok(None);
    }
    let orgs = queries::memberships(db, person).await?;
    match chosen(&orgs, choice) {
        Some(membership) => queries::organisation(db, membership.org).await,
        None => Ok(None),
    }
}

/// The organisation for which a person may order: the one that he buys for, if he is a requester in it. To him who has
/// chosen to buy for himself the oldest one in which he is a requester is offered.
///
/// # Errors
/// Whatever the database says.
pub async fn offered(
    db: &mut PgConnection,
    person: PersonId,
    choice: Option<Uuid>,
) -> sqlx::Result<Option<Organisation>> {
    let orgs = queries::memberships(db, person).await?;
    let orders = |membership: &&Membership| membership.roles.contains(&OrgRole::Requester);
    let found = if choice == Some(FOR_HIMSELF) {
        orgs.iter().find(orders)
    } else {
        chosen(&orgs, choice).filter(orders)
    };
    match found {
        Some(membership) => queries::organisation(db, membership.org).await,
        None => Ok(None),
    }
}

/// The facts of an organisation.
///
/// # Errors
/// Whatever the database says.
pub async fn organisation(db: &mut PgConnection, org: OrgId) -> sqlx::Result<Option<Organisation>> {
    queries::organisation(db, org).await
}

/// The members with a role, oldest first: whom to write to.
///
/// # Errors
/// Whatever the database says.
pub async fn members_with(
    db: &mut PgConnection,
    org: OrgId,
    role: OrgRole,
) -> sqlx::Result<Vec<PersonId>> {
    queries::members_with(db, org, role).await
}
