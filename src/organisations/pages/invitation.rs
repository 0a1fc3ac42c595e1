//! `/to-chuc/loi-moi/{token}`: an invitation is read and accepted.

use crate::{
    accounts,
    kernel::{Cx, date, day_of},
    organisations::{OrgRole, error::OrgError, invitations, routes::Deps},
    web::{Html, Page, PageError, SignedIn, Viewer, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "organisations/invitation.html")]
struct InvitationPage {
    page: Page,
    org: String,
    roles: String,
    until: String,
    email: String,
    token: String,
    /// Signed in with the invited address.
    is_theirs: bool,
    signed_in: bool,
}

/// `GET /to-chuc/loi-moi/{token}`
pub(in crate::organisations) async fn read(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    viewer: Option<Viewer>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let found = invitations::invitation(&mut *deps.db.acquire().await?, &cx, &token).await?;
    let found = found.ok_or(OrgError::BadInvitation)?;
    let own = viewer.as_ref().and_then(|v| v.email.as_deref());
    let shown = InvitationPage {
        is_theirs: own.is_some_and(|e| e.eq_ignore_ascii_case(&found.email)),
        signed_in: viewer.is_some(),
        roles: OrgRole::shown(&found.roles, page.lang),
        until: date(day_of(found.expires_at)),
        org: found.name,
        email: found.email,
        page,
        token,
    };
    Ok(Html(shown).into_response())
}

/// `POST /to-chuc/loi-moi/{token}`
pub(in crate::organisations) async fn accept(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    SignedIn(viewer): SignedIn,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    let who = (viewer.id, viewer.email.as_deref());
    let org = invitations::accept(&mut tx, &cx, who, &token).await?;
    accounts::buy_for(&mut tx, viewer.session, Some(org)).await?;
    tx.commit().await?;
    let line = page.t("Bạn đã vào đơn vị mua hàng.", "You have joined the organisation.");
    Ok(go_with(&page, "/to-chuc", line))
}
