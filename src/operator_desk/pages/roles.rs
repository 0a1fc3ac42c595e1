//! `/van-hanh/vai-tro`: who acts for the Department and for the operator.

use crate::{
    accounts::{self, Role},
    kernel::{Cx, Errors, PersonId, Text},
    operator_desk::routes::Deps,
    platform::audit,
    web::{Form, Html, Operator, Page, PageError, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;

/// A role that is to be given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::operator_desk) struct Typed {
    email: String,
    vai_tro: String,
}

struct Holder {
    id: String,
    role: String,
    role_name: &'static str,
    name: String,
    email: String,
    second_factor: bool,
    oneself: bool,
}

#[derive(Template)]
#[template(path = "operator_desk/roles.html")]
struct RolesPage {
    page: Page,
    holders: Vec<Holder>,
    roles: Vec<(&'static str, &'static str, &'static str)>,
    form: Typed,
    errors: Errors,
}

const HERE: &str = "/van-hanh/vai-tro";

fn role_of(word: &str) -> Option<Role> {
    [Role::Officer, Role::Operator].into_iter().find(|role| role.as_str() == word)
}

async fn page_of(
    db: &mut PgConnection,
    page: Page,
    viewer: PersonId,
    form: Typed,
    errors: Errors,
) -> Result<RolesPage, PageError> {
    let lang = page.lang;
    let officer = lang.t("Cán bộ Sở Công Thương", "Officer of the Department");
    let operator = lang.t("Người vận hành", "Operator");
    let holders = accounts::roles(db).await?;
    let holders = holders.into_iter().map(|holder| Holder {
        id: holder.id.to_string(),
        role_name: if holder.role == Role::Officer.as_str() { officer } else { operator },
        role: holder.role,
        name: holder.name,
        email: holder.email.unwrap_or_default(),
        second_factor: holder.second_factor,
        oneself: holder.id == viewer,
    });
    Ok(RolesPage {
        holders: holders.collect(),
        roles: vec![
            (
                "officer",
                officer,
                lang.t("Duyệt gian hàng, xem số liệu", "Reviews shops, reads figures"),
            ),
            (
                "operator",
                operator,
                lang.t("Việc nền, thư, vai trò, quy tắc", "Jobs, mails, roles, rules"),
            ),
        ],
        form,
        errors,
        page: page.in_section("operator-roles"),
    })
}

/// `GET /van-hanh/vai-tro`
pub(in crate::operator_desk) async fn show(
    State(deps): State<Deps>,
    page: Page,
    Operator(viewer): Operator,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let errors = Errors::new(page.lang);
    Ok(Html(page_of(&mut db, page, viewer.id, Typed::default(), errors).await?))
}

/// `POST /van-hanh/vai-tro`: giving a role twice changes nothing, so the form needs no key.
pub(in crate::operator_desk) async fn grant(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    form: Form<Typed>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    let role = role_of(&form.data.vai_tro);
    errors.check(role.is_some(), "vai_tro", "Chọn vai trò.", "Choose a role.");
    let mut tx = deps.db.begin().await?;
    let person = accounts::person_by_email(&mut tx, &form.data.email).await?;
    errors.check(
        person.as_ref().is_some_and(|p| p.email_confirmed),
        "email",
        "Không có tài khoản đã xác nhận với e-mail này. Người đó cần đăng ký và xác nhận e-mail trước.",
        "There is no confirmed account with this address. The person must sign up and confirm it first.",
    );
    errors.check(
        person.as_ref().is_none_or(|p| p.id != viewer.id),
        "email",
        "Bạn không thể đổi vai trò của chính mình.",
        "You cannot change your own role.",
    );
    if let (Some(role), Some(person), true) = (role, person, errors.is_empty()) {
        accounts::grant_role(&mut tx, &cx, person.id, role).await?;
        let (subject, detail) = (format!("person:{}", person.id), json!({ "role": role.as_str() }));
        audit::record(&mut tx, &cx, "operator.grant_role", &subject, detail).await?;
        tx.commit().await?;
        let line = page.t(
            "Đã giao vai trò. Người nhận cần bật bảo mật hai lớp ở lần vào bàn làm việc đầu tiên.",
            "The role is granted. Its holder sets up two-step sign-in on first entering the desk.",
        );
        return Ok(go_with(&page, HERE, line));
    }
    let page = page_of(&mut tx, page, viewer.id, form.data, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
}

/// A role that is to be taken away.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::operator_desk) struct Gone {
    nguoi: String,
    vai_tro: String,
}

/// `POST /van-hanh/vai-tro/thu-hoi`
pub(in crate::operator_desk) async fn revoke(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    form: Form<Gone>,
) -> Result<Response, PageError> {
    let person: PersonId = form.data.nguoi.parse().map_err(|_| PageError::not_found())?;
    let role = role_of(&form.data.vai_tro).ok_or_else(PageError::not_found)?;
    let mut tx = deps.db.begin().await?;
    if person == viewer.id {
        let mut errors = Errors::new(page.lang);
        let text = Text::new(
            "Bạn không thể đổi vai trò của chính mình.",
            "You cannot change your own role.",
        );
        errors.add("email", text);
        let page = page_of(&mut tx, page, viewer.id, Typed::default(), errors).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response());
    }
    if !accounts::revoke_role(&mut tx, person, role).await? {
        return Err(PageError::not_found());
    }
    let (subject, detail) = (format!("person:{person}"), json!({ "role": role.as_str() }));
    audit::record(&mut tx, &cx, "operator.revoke_role", &subject, detail).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã thu hồi vai trò.", "The role is revoked.")))
}
