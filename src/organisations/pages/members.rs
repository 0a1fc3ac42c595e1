//! `/to-chuc/thanh-vien`: who buys for the firm, in which roles.

use super::is_email;
use crate::{
    accounts,
    kernel::{Cx, Errors, PersonId, Text, date, day_of},
    organisations::{
        OrgRole, OrgScope, invitations, letters, members, queries_people, routes::Deps,
    },
    platform::{
        bell, idempotency,
        mail::{self, Mail},
    },
    web::{Begun, Form, Html, Page, PageError, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

const HERE: &str = "/to-chuc/thanh-vien";

struct ShownMember {
    id: PersonId,
    name: String,
    contact: String,
    roles: String,
    /// Code, label, given.
    ticks: Vec<(&'static str, String, bool)>,
    since: String,
    itself: bool,
}

struct ShownInvitation {
    email: String,
    roles: String,
    until: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::organisations) struct InviteForm {
    key: String,
    email: String,
    vai_tro: Vec<String>,
}

#[derive(Template)]
#[template(path = "organisations/members.html")]
struct MembersPage {
    page: Page,
    scope: OrgScope,
    may: bool,
    members: Vec<ShownMember>,
    invitations: Vec<ShownInvitation>,
    /// Code, label, what it allows, ticked.
    roles: Vec<(&'static str, String, String, bool)>,
    form: InviteForm,
    errors: Errors,
}

async fn shown_members(
    deps: &Deps,
    page: &Page,
    scope: &OrgScope,
) -> sqlx::Result<Vec<ShownMember>> {
    let lang = page.lang;
    let mut db = deps.db.acquire().await?;
    let members = queries_people::members(&mut db, scope.org).await?;
    let ids: Vec<PersonId> = members.iter().map(|m| m.person).collect();
    let people = accounts::people(&mut db, &ids).await?;
    let shown = members.into_iter().map(|member| {
        let person = people.iter().find(|p| p.id == member.person);
        let contact = person.and_then(|p| p.email.clone().or_else(|| p.phone.clone()));
        let tick =
            |r: OrgRole| (r.code(), r.label().get(lang).to_owned(), member.roles.contains(&r));
        ShownMember {
            id: member.person,
            name: person.map(|p| p.name.clone()).unwrap_or_default(),
            contact: contact.unwrap_or_default(),
            ticks: OrgRole::ALL.map(tick).into(),
            roles: OrgRole::shown(&member.roles, lang),
            since: date(day_of(member.added_at)),
            itself: member.person == scope.person,
        }
    });
    Ok(shown.collect())
}

async fn show(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    scope: OrgScope,
    sent: Option<(InviteForm, Errors)>,
) -> Result<Response, PageError> {
    let lang = page.lang;
    let members = shown_members(deps, &page, &scope).await?;
    let mut db = deps.db.acquire().await?;
    let open = queries_people::open_invitations(&mut db, cx, scope.org).await?;
    drop(db);
    let invitations = open.into_iter().map(|i| ShownInvitation {
        roles: OrgRole::shown(&i.roles, lang),
        email: i.email,
        until: date(day_of(i.expires_at)),
    });
    let status = if sent.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let fresh = || InviteForm {
        vai_tro: vec![OrgRole::Requester.code().to_owned()],
        ..InviteForm::default()
    };
    let (mut form, errors) = sent.unwrap_or_else(|| (fresh(), Errors::new(lang)));
    if form.key.is_empty() {
        form.key = page.new_key();
    }
    let roles = OrgRole::ALL.map(|role| {
        let ticked = form.vai_tro.iter().any(|code| code == role.code());
        let (label, about) = (role.label(), role.about());
        (role.code(), label.get(lang).to_owned(), about.get(lang).to_owned(), ticked)
    });
    let shown = MembersPage {
        may: scope.has(OrgRole::Administrator),
        page: page.in_section("org-members"),
        scope,
        members,
        invitations: invitations.collect(),
        roles: roles.into(),
        form,
        errors,
    };
    Ok((status, Html(shown)).into_response())
}

/// `GET /to-chuc/thanh-vien`
pub(in crate::organisations) async fn list(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
) -> Result<Response, PageError> {
    show(&deps, &cx, page, scope, None).await
}

fn no_role(errors: &mut Errors, roles: &[OrgRole]) {
    errors.check(
        !roles.is_empty(),
        "vai_tro",
        "Chọn ít nhất một vai trò.",
        "Choose at least one role.",
    );
}

/// `POST /to-chuc/thanh-vien`: invites an address.
pub(in crate::organisations) async fn invite(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Form { data: form, raw }: Form<InviteForm>,
) -> Result<Response, PageError> {
    scope.needs(OrgRole::Administrator)?;
    let email = form.email.trim().to_lowercase();
    let roles = OrgRole::all_of(&form.vai_tro);
    let mut errors = Errors::new(page.lang);
    errors.check(
        is_email(&email),
        "email",
        "Địa chỉ thư chưa đúng, ví dụ ten@example.vn.",
        "This is not an e-mail address, e.g. name@example.vn.",
    );
    no_role(&mut errors, &roles);
    if !errors.is_empty() {
        return show(&deps, &cx, page, scope, Some((form, errors))).await;
    }
    let mut tx = deps.db.begin().await?;
    let asked = ("POST /to-chuc/thanh-vien", raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, scope.person, &form.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => {
            drop(tx);
            return show(&deps, &cx, page, scope, Some((form, errors))).await;
        }
    };
    idempotency::settle(&mut tx, &once, HERE).await?;
    let inviter = accounts::person(&mut tx, scope.person).await?;
    let inviter = inviter.map(|p| p.name).unwrap_or_default();
    let by = (scope.org, scope.person);
    let (token, invitation) = invitations::invite(&mut tx, &cx, by, &email, &roles).await?;
    let words = letters::invitation(&page.site, page.lang, &invitation, &inviter, &token);
    let (subject, body) = words;
    let dedup_key = format!("organisations.invitation:{}", cx.new_id());
    // Who has shown that the mailbox is his finds it under his bell as well.
    let known = accounts::person_by_email(&mut tx, &email).await?.filter(|p| p.email_confirmed);
    if let Some(person) = known {
        let (name, href) = (&invitation.name, format!("/to-chuc/loi-moi/{token}"));
        let ring = bell::Ring { kind: "firm", cause: &dedup_key, href: &href };
        let title = Text::new(
            format!("{inviter} mời bạn cùng mua hàng cho {name}"),
            format!("{inviter} invites you to buy for {name}"),
        );
        bell::ring(&mut tx, &cx, &[person.id], ring, &title).await?;
    }
    mail::queue(&mut tx, &cx, &Mail { to: email, subject, body, dedup_key }).await?;
    tx.commit().await?;
    let line = page.t("Đã gửi lời mời qua thư.", "The invitation has been mailed.");
    Ok(go_with(&page, HERE, line))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::organisations) struct WithdrawForm {
    email: String,
}

/// `POST /to-chuc/thanh-vien/thu-hoi`: takes an invitation back; once, so the form needs no key.
pub(in crate::organisations) async fn withdraw(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Form { data: form, .. }: Form<WithdrawForm>,
) -> Result<Response, PageError> {
    scope.needs(OrgRole::Administrator)?;
    let mut tx = deps.db.begin().await?;
    invitations::withdraw(&mut tx, &cx, scope.org, &form.email.trim().to_lowercase()).await?;
    tx.commit().await?;
    let line = page.t("Đã thu hồi lời mời.", "The invitation is taken back.");
    Ok(go_with(&page, HERE, line))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::organisations) struct RolesForm {
    vai_tro: Vec<String>,
}

/// `POST /to-chuc/thanh-vien/{person}`: the same said twice is the same, so the form needs no key.
pub(in crate::organisations) async fn set_roles(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(person): Path<String>,
    Form { data: form, .. }: Form<RolesForm>,
) -> Result<Response, PageError> {
    let person: PersonId = person.parse().map_err(|_| PageError::not_found())?;
    let mut tx = deps.db.begin().await?;
    let there = queries_people::members(&mut tx, scope.org).await?;
    if !there.iter().any(|member| member.person == person) {
        return Err(PageError::not_found());
    }
    scope.needs(OrgRole::Administrator)?;
    let roles = OrgRole::all_of(&form.vai_tro);
    if roles.is_empty() {
        drop(tx);
        let mut errors = Errors::new(page.lang);
        no_role(&mut errors, &roles);
        let form = InviteForm::default();
        return show(&deps, &cx, page, scope, Some((form, errors))).await;
    }
    members::set_roles(&mut tx, &cx, scope.org, person, &roles).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã đổi vai trò.", "The roles are changed.")))
}

/// `POST /to-chuc/thanh-vien/{person}/go`: takes a member off; others than administrators may only leave themselves.
pub(in crate::organisations) async fn remove(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(person): Path<String>,
) -> Result<Response, PageError> {
    let person: PersonId = person.parse().map_err(|_| PageError::not_found())?;
    let mut tx = deps.db.begin().await?;
    let there = queries_people::members(&mut tx, scope.org).await?;
    if !there.iter().any(|member| member.person == person) {
        return Err(PageError::not_found());
    }
    if person != scope.person {
        scope.needs(OrgRole::Administrator)?;
    }
    members::remove(&mut tx, &cx, scope.org, person).await?;
    tx.commit().await?;
    let to = if person == scope.person { "/tai-khoan" } else { HERE };
    Ok(go_with(&page, to, page.t("Đã gỡ thành viên.", "The member has been taken off.")))
}
