//! Who is looking: filled in by the session middleware, asked for by handlers.

use crate::kernel::{Actor, Cx, PersonId};
use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{Method, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use std::convert::Infallible;
use uuid::Uuid;

use super::error::PageError;

/// The person of this request's session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    pub id: PersonId,
    /// Names the session, not its secret.
    pub session: Uuid,
    pub name: String,
    pub email: Option<String>,
    pub is_officer: bool,
    pub is_operator: bool,
    /// Member of at least one shop.
    pub has_shop: bool,
    /// The second factor was given in this session.
    pub second_factor: bool,
    /// What he has been told and not read: the bell, counted to a hundred.
    pub unread: i64,
    /// The shop chosen in the seller's desk, if he chose one.
    pub acting_for: Option<Uuid>,
    /// The organisation that he chose to buy for, or [`FOR_HIMSELF`].
    pub buying_for: Option<Uuid>,
    /// The organisations that he may buy for, with their names, the oldest membership first.
    pub orgs: Vec<(Uuid, String)>,
}

/// Chosen by somebody who belongs to organisations and buys for himself.
pub const FOR_HIMSELF: Uuid = Uuid::nil();

impl Viewer {
    /// Id and name of the organisation that he buys for: the chosen one, or that of the oldest membership. `None`: for
    /// himself.
    #[must_use]
    pub fn buys_for(&self) -> Option<&(Uuid, String)> {
        if self.buying_for == Some(FOR_HIMSELF) {
            return None;
        }
        let chosen = self.orgs.iter().find(|(org, _)| Some(*org) == self.buying_for);
        chosen.or(self.orgs.first())
    }
}

/// Lays the viewer beside the request and names him in its [`Cx`]. For the session middleware.
pub fn set(parts: &mut axum::http::Extensions, viewer: Viewer) {
    if let Some(cx) = parts.get::<Cx>() {
        let cx = cx.by(Actor::Person(viewer.id));
        parts.insert(cx);
    }
    parts.insert(viewer);
}

/// The signed-in person. A handler that takes it cannot be reached without one; others are sent to
/// sign in and come back.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Viewer);

/// An officer of the Department, with his second factor given. To anybody else the page does not exist.
#[derive(Debug, Clone)]
pub struct Officer(pub Viewer);

/// Somebody of the operator, with his second factor given. To anybody else the page does not exist.
#[derive(Debug, Clone)]
pub struct Operator(pub Viewer);

/// Why somebody does not get to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denied {
    /// He must sign in first, and then comes back to this path.
    SignIn(String),
    /// To him the page does not exist.
    NotFound,
    /// He must give his second factor first.
    SecondFactor,
}

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(back) => {
                let back: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();
                Redirect::to(&format!("/dang-nhap?tiep={back}")).into_response()
            }
            Self::NotFound => PageError::not_found().into_response(),
            Self::SecondFactor => Redirect::to("/tai-khoan/hai-lop").into_response(),
        }
    }
}

fn viewer(parts: &Parts) -> Result<Viewer, Denied> {
    let back = match parts.method {
        Method::GET => parts.uri.path_and_query().map_or("/", |p| p.as_str()),
        // A form cannot be sent again for him; he comes back to its page.
        _ => parts.uri.path(),
    };
    parts.extensions.get().cloned().ok_or_else(|| Denied::SignIn(back.to_owned()))
}

fn with_second_factor(parts: &Parts, has_role: fn(&Viewer) -> bool) -> Result<Viewer, Denied> {
    let viewer = viewer(parts)?;
    match (has_role(&viewer), viewer.second_factor) {
        (false, _) => Err(Denied::NotFound),
        (true, false) => Err(Denied::SecondFactor),
        (true, true) => Ok(viewer),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Denied;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Denied> {
        viewer(parts).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Officer {
    type Rejection = Denied;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Denied> {
        with_second_factor(parts, |v| v.is_officer).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Operator {
    type Rejection = Denied;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Denied> {
        with_second_factor(parts, |v| v.is_operator).map(Self)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Viewer {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get().cloned())
    }
}
