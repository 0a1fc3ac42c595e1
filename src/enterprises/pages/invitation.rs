//! `/loi-moi/{token}`: an invitation is read and accepted.

use super::super::{
    error::SellerError,
    members::{self, Invitation},
    routes::Deps,
};
use crate::{
    accounts,
    kernel::{Cx, date, day_of},
    web::{Html, Page, PageError, SignedIn, Viewer, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State as Part},
    response::{IntoResponse, Response},
};

#[derive(Template)]
#[template(path = "enterprises/invitation.html")]
struct InvitationPage {
    page: Page,
    shop: String,
    role: String,
    until: String,
    email: String,
    token: String,
    /// Signed in with the invited address.
    is_theirs: bool,
    signed_in: bool,
}

/// `GET /loi-moi/{token}`
pub(in super::super) async fn read(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    viewer: Option<Viewer>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let found = members::invitation(&mut *deps.db.acquire().await?, &cx, &token).await?;
    let Invitation { shop_name, email, role, expires_at, .. } =
        found.ok_or(SellerError::BadInvitation)?;
    let own = viewer.as_ref().and_then(|v| v.email.as_deref());
    let shown = InvitationPage {
        is_theirs: own.is_some_and(|e| e.eq_ignore_ascii_case(&email)),
        signed_in: viewer.is_some(),
        role: role.label().get(page.lang).to_owned(),
        until: date(day_of(expires_at)),
        shop: shop_name,
        page,
        email,
        token,
    };
    Ok(Html(shown).into_response())
}

/// `POST /loi-moi/{token}`
pub(in super::super) async fn accept(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    SignedIn(viewer): SignedIn,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    let seller = members::accept(&mut tx, &cx, viewer.id, viewer.email.as_deref(), &token).await?;
    accounts::act_for(&mut tx, viewer.session, seller).await?;
    tx.commit().await?;
    let line = page.t("Bạn đã vào gian hàng.", "You have joined the shop.");
    Ok(go_with(&page, "/ban-hang", line))
}
