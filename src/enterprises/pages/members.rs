//! `/ban-hang/thanh-vien`: who acts for the shop.

use super::{
    super::{letters, members, model::Role, queries_people, routes::Deps, scope::SellerScope},
    form::is_email,
};
use crate::{
    accounts,
    kernel::{Cx, Errors, PersonId, Text, date, day_of},
    platform::{
        idempotency,
        mail::{self, Mail},
    },
    web::{Begun, Form, Html, Page, PageError, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State as Part},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

struct ShownMember {
    id: PersonId,
    name: String,
    contact: String,
    role: String,
    since: String,
    itself: bool,
}

struct ShownInvitation {
    email: String,
    role: String,
    until: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct InviteForm {
    key: String,
    email: String,
    role: String,
}

#[derive(Template)]
#[template(path = "enterprises/members.html")]
struct MembersPage {
    page: Page,
    scope: SellerScope,
    members: Vec<ShownMember>,
    invitations: Vec<ShownInvitation>,
    roles: Vec<(&'static str, String, String)>,
    form: InviteForm,
    errors: Errors,
}

async fn show(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    scope: SellerScope,
    sent: Option<(InviteForm, Errors)>,
) -> Result<Response, PageError> {
    let lang = page.lang;
    let mut db = deps.db.acquire().await?;
    let mut shown = Vec::new();
    for member in queries_people::members(&mut db, scope.seller).await? {
        let person = accounts::person(&mut db, member.person).await?;
        let (name, contact) =
            person.map(|p| (p.name, p.email.or(p.phone).unwrap_or_default())).unwrap_or_default();
        shown.push(ShownMember {
            id: member.person,
            name,
            contact,
            role: member.role.label().get(lang).to_owned(),
            since: date(day_of(member.added_at)),
            itself: member.person == scope.person,
        });
    }
    let open = queries_people::open_invitations(&mut db, cx, scope.seller).await?;
    drop(db);
    let invitations = open.into_iter().map(|i| ShownInvitation {
        email: i.email,
        role: i.role.label().get(lang).to_owned(),
        until: date(day_of(i.expires_at)),
    });
    let status = if sent.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let (mut form, errors) = sent.unwrap_or_else(|| (InviteForm::default(), Errors::new(lang)));
    if form.key.is_empty() {
        form.key = page.new_key();
    }
    if form.role.is_empty() {
        form.role = Role::Staff.code().into();
    }
    let shown = MembersPage {
        members: shown,
        invitations: invitations.collect(),
        roles: vec![
            (
                Role::Staff.code(),
                Role::Staff.label().get(lang).to_owned(),
                page.t("Sản phẩm, đơn hàng, giấy tờ.", "Products, orders, papers.").to_owned(),
            ),
            (
                Role::Owner.code(),
                Role::Owner.label().get(lang).to_owned(),
                page.t(
                    "Thêm thành viên và tài khoản ngân hàng.",
                    "Members and the bank account as well.",
                )
                .to_owned(),
            ),
        ],
        page: page.in_section("seller-members"),
        scope,
        form,
        errors,
    };
    Ok((status, Html(shown)).into_response())
}

/// `GET /ban-hang/thanh-vien`
pub(in super::super) async fn list(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
) -> Result<Response, PageError> {
    show(&deps, &cx, page, scope, None).await
}

/// `POST /ban-hang/thanh-vien`: invites an address.
pub(in super::super) async fn invite(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    form: Form<InviteForm>,
) -> Result<Response, PageError> {
    scope.owner()?;
    let email = form.data.email.trim().to_lowercase();
    let Some(role) = Role::of(&form.data.role).filter(|_| is_email(&email)) else {
        let mut errors = Errors::new(page.lang);
        let text = Text::new("Địa chỉ thư điện tử chưa đúng.", "This is not an e-mail address.");
        errors.add("email", text);
        return show(&deps, &cx, page, scope, Some((form.data, errors))).await;
    };
    let mut tx = deps.db.begin().await?;
    let once = ("POST /ban-hang/thanh-vien", form.raw.as_ref());
    let begun = begin_once(&mut tx, &cx, page.lang, scope.person, &form.data.key, once).await?;
    let once = match begun {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => {
            drop(tx);
            return show(&deps, &cx, page, scope, Some((form.data, errors))).await;
        }
    };
    idempotency::settle(&mut tx, &once, "/ban-hang/thanh-vien").await?;
    let inviter =
        accounts::person(&mut tx, scope.person).await?.map(|p| p.name).unwrap_or_default();
    let (token, invitation) =
        members::invite(&mut tx, &cx, scope.seller, scope.person, &email, role).await?;
    let label = role.label();
    let words = (invitation.shop_name.as_str(), label.get(page.lang), inviter.as_str());
    let last = day_of(invitation.expires_at);
    let (subject, body) = letters::invitation(&page.site, page.lang, words, &token, last);
    let dedup_key = format!("enterprises.invitation:{}", cx.new_id());
    mail::queue(&mut tx, &cx, &Mail { to: email, subject, body, dedup_key }).await?;
    tx.commit().await?;
    let line = page.t("Đã gửi lời mời qua thư.", "The invitation has been mailed.");
    Ok(go_with(&page, "/ban-hang/thanh-vien", line))
}

/// `POST /ban-hang/thanh-vien/{person}/go`: takes a member off; staff may only leave themselves.
pub(in super::super) async fn remove(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(person): Path<String>,
) -> Result<Response, PageError> {
    let person: PersonId = person.parse().map_err(|_| PageError::not_found())?;
    if person != scope.person {
        scope.owner()?;
    }
    let mut tx = deps.db.begin().await?;
    members::remove_member(&mut tx, &cx, scope.seller, person).await?;
    tx.commit().await?;
    let to = if person == scope.person { "/mo-gian-hang" } else { "/ban-hang/thanh-vien" };
    Ok(go_with(&page, to, page.t("Đã gỡ thành viên.", "The member has been taken off.")))
}
