//! `/van-hanh/diem-ho-tro`: the operator makes clerks of points.

use crate::{
    accounts,
    assisted::{clerk, queries, routes::Deps},
    kernel::{Cx, Errors, PersonId, Text},
    places,
    web::{Form, Html, Operator, Page, PageError, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

const HERE: &str = "/van-hanh/diem-ho-tro";

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Typed {
    email: String,
    diem: String,
}

struct Row {
    id: Uuid,
    name: String,
    point: String,
}

#[derive(Template)]
#[template(path = "assisted/operator.html")]
struct ClerksPage {
    page: Page,
    clerks: Vec<Row>,
    points: Vec<(String, String)>,
    form: Typed,
    errors: Errors,
}

async fn page_of(
    deps: &Deps,
    db: &mut PgConnection,
    page: Page,
    form: Typed,
    errors: Errors,
) -> Result<ClerksPage, PageError> {
    let rows = queries::clerks(db).await?;
    let people: Vec<Uuid> = rows.iter().map(|(person, _)| *person).collect();
    let names = accounts::names(db, &people).await?;
    let points = places::points_in(db, deps.places.home(), None).await?;
    let shown = |id: &Uuid| {
        let point = points.iter().find(|p| p.id == *id);
        point
            .map(|p| format!("{}, {}", p.name, deps.places.shown(&p.commune_code)))
            .unwrap_or_default()
    };
    let clerks = rows.iter().map(|(person, point)| Row {
        id: *person,
        name: names.get(person).cloned().unwrap_or_default(),
        point: shown(point),
    });
    let clerks = clerks.collect();
    let points = points.iter().map(|p| (p.id.to_string(), shown(&p.id))).collect();
    Ok(ClerksPage { clerks, points, form, errors, page: page.in_section("operator-assisted") })
}

/// `GET /van-hanh/diem-ho-tro`
pub(in super::super) async fn show(
    State(deps): State<Deps>,
    page: Page,
    Operator(_): Operator,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let errors = Errors::new(page.lang);
    Ok(Html(page_of(&deps, &mut db, page, Typed::default(), errors).await?))
}

/// `POST /van-hanh/diem-ho-tro`: making the same clerk twice changes nothing, so the form needs no key.
pub(in super::super) async fn grant(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
    form: Form<Typed>,
) -> Result<Response, PageError> {
    let mut errors = Errors::new(page.lang);
    let mut tx = deps.db.begin().await?;
    let person = accounts::person_by_email(&mut tx, &form.data.email).await?;
    errors.check(
        person.as_ref().is_some_and(|p| p.email_confirmed),
        "email",
        "Không có tài khoản đã xác nhận với e-mail này. Người đó cần đăng ký và xác nhận e-mail trước.",
        "There is no confirmed account with this address. The person must sign up and confirm it first.",
    );
    let point = match form.data.diem.parse::<Uuid>() {
        Ok(id) => places::point(&mut tx, id).await?,
        Err(_) => None,
    };
    if point.is_none() {
        errors.add("diem", Text::new("Chọn một điểm.", "Choose a point."));
    }
    if let (Some(person), Some(point), true) = (person, point, errors.is_empty()) {
        clerk::grant(&mut tx, &cx, person.id, point.id).await?;
        tx.commit().await?;
        let line = page
            .t("Đã giao điểm hỗ trợ cho nhân viên này.", "This person is now the point's clerk.");
        return Ok(go_with(&page, HERE, line));
    }
    let shown = page_of(&deps, &mut tx, page, form.data, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown)).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Gone {
    nguoi: String,
}

/// `POST /van-hanh/diem-ho-tro/thu-hoi`
pub(in super::super) async fn revoke(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
    form: Form<Gone>,
) -> Result<Response, PageError> {
    let person: PersonId = form.data.nguoi.parse().map_err(|_| PageError::not_found())?;
    let mut tx = deps.db.begin().await?;
    clerk::revoke(&mut tx, &cx, person).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã thu hồi.", "Revoked.")))
}
