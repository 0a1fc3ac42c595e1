//! For which shop the signed-in person acts.

use super::{
    error::SellerError,
    model::{Role, State},
    queries_people,
};
use crate::{
    kernel::{PersonId, SellerId},
    web::{PageError, SignedIn, go},
};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
    response::{IntoResponse, Response},
};
use sqlx::PgPool;

/// One membership of a person.
#[derive(Debug, Clone)]
pub struct Membership {
    pub seller: SellerId,
    pub role: Role,
    pub state: State,
    pub shop_name: String,
}

/// The shop that a request of the seller's desk is about. A handler that takes it cannot be reached
/// by anybody who is not a member; every seller's query takes `seller` from here.
#[derive(Debug, Clone)]
pub struct SellerScope {
    pub seller: SellerId,
    pub person: PersonId,
    pub role: Role,
    pub state: State,
    pub shop_name: String,
    /// All shops of this person, the one acted for among them.
    pub shops: Vec<Membership>,
}

impl SellerScope {
    /// Lets only owners pass.
    ///
    /// # Errors
    /// [`SellerError::OwnersOnly`] for staff.
    pub fn owner(&self) -> Result<(), SellerError> {
        if self.is_owner() { Ok(()) } else { Err(SellerError::OwnersOnly) }
    }

    /// Whether the person owns the shop.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.role == Role::Owner
    }
}

impl<S> FromRequestParts<S> for SellerScope
where
    S: Send + Sync,
    PgPool: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let SignedIn(viewer) = SignedIn::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let shops = of_person(&PgPool::from_ref(state), viewer.id)
            .await
            .map_err(|error| PageError::from(error).into_response())?;
        let chosen = shops.iter().find(|m| Some(m.seller.0) == viewer.acting_for);
        let Some(chosen) = chosen.or(shops.first()).cloned() else {
            return Err(go("/mo-gian-hang"));
        };
        Ok(Self {
            seller: chosen.seller,
            person: viewer.id,
            role: chosen.role,
            state: chosen.state,
            shop_name: chosen.shop_name,
            shops,
        })
    }
}

async fn of_person(db: &PgPool, person: PersonId) -> sqlx::Result<Vec<Membership>> {
    queries_people::memberships(&mut *db.acquire().await?, person).await
}
