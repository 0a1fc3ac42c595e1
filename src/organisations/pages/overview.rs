//! `/to-chuc`: what there is to do for the firm, and for which one somebody buys.

use crate::{
    accounts,
    kernel::{Cx, OrgId},
    organisations::{
        OrgRole, OrgScope, error::OrgError, model::OrgState, queries, queries_people,
        queries_sites, routes::Deps,
    },
    web::{Form, Html, Page, PageError, SignedIn, go_with, local_path},
};
use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "organisations/overview.html")]
struct OverviewPage {
    page: Page,
    scope: OrgScope,
    roles: String,
    state: String,
    tone: &'static str,
    verified: bool,
    address: String,
    members: usize,
    invited: usize,
    sites: usize,
    has_approver: bool,
}

impl OverviewPage {
    /// Whether the person buys for it now.
    fn chosen(&self, org: &OrgId) -> bool {
        let choice = self.page.viewer.as_ref().and_then(|v| v.buys_for());
        choice.is_some_and(|(chosen, _)| *chosen == org.0)
    }

    fn for_himself(&self) -> bool {
        self.page.viewer.as_ref().is_none_or(|v| v.buys_for().is_none())
    }
}

/// `GET /to-chuc`
pub(in crate::organisations) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let org = queries::organisation(&mut db, scope.org).await?.ok_or(OrgError::NotFound)?;
    let members = queries_people::members(&mut db, scope.org).await?;
    let invited = queries_people::open_invitations(&mut db, &cx, scope.org).await?.len();
    let sites = queries_sites::all(&mut db, scope.org).await?.len();
    drop(db);
    let others_approve = |m: &crate::organisations::Member| m.roles.contains(&OrgRole::Approver);
    let shown = OverviewPage {
        roles: OrgRole::shown(&scope.roles, page.lang),
        state: scope.state.label().get(page.lang).to_owned(),
        tone: scope.state.tone(),
        verified: scope.state == OrgState::Verified,
        address: format!("{}, {}", org.address, deps.places.shown(&org.commune_code)),
        has_approver: members.iter().filter(|m| others_approve(m)).count() > 1,
        members: members.len(),
        invited,
        sites,
        page: page.in_section("org"),
        scope,
    };
    Ok(Html(shown).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::organisations) struct Choice {
    /// Empty: for himself.
    don_vi: String,
    tiep: String,
}

/// `POST /to-chuc/chon`: buys for another organisation, or for himself.
pub(in crate::organisations) async fn choose(
    State(deps): State<Deps>,
    page: Page,
    SignedIn(viewer): SignedIn,
    Form { data: choice, .. }: Form<Choice>,
) -> Result<Response, PageError> {
    let mut tx = deps.db.begin().await?;
    let (org, line) = match choice.don_vi.as_str() {
        "" => {
            let line = page.t("Bạn đang mua cho bản thân.", "You are now buying for yourself.");
            (None, line.to_owned())
        }
        id => {
            let id: OrgId = id.parse().map_err(|_| PageError::not_found())?;
            let orgs = queries::memberships(&mut tx, viewer.id).await?;
            let org = orgs.iter().find(|m| m.org == id).ok_or_else(PageError::not_found)?;
            let now = page.t("Bạn đang mua cho", "You are now buying for");
            (Some(id), format!("{now} {}.", org.name))
        }
    };
    accounts::buy_for(&mut tx, viewer.session, org).await?;
    tx.commit().await?;
    let usual = if org.is_some() { "/to-chuc" } else { "/" };
    Ok(go_with(&page, local_path(&choice.tiep).unwrap_or(usual), &line))
}
