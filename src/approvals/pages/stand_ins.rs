//! `/to-chuc/nguoi-thay`: who decides in an approver's place.

use super::{Choices, choices, names, rules::member};
use crate::{
    approvals::{
        queries_rules,
        routes::Deps,
        rules::{self, NewStandIn},
    },
    kernel::{Cx, Errors, PersonId, Text, date, day_of, parse_day},
    organisations::{OrgRole, OrgScope},
    platform::idempotency,
    web::{Begun, Form, Html, Page, PageError, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use serde::Deserialize;
use uuid::Uuid;

const HERE: &str = "/to-chuc/nguoi-thay";
/// Whoever is away longer is no approver.
const LONGEST: TimeDelta = TimeDelta::days(366);

struct Row {
    id: Uuid,
    approver: String,
    stand_in: String,
    days: String,
    /// The reader may end it.
    may: bool,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::approvals) struct StandInForm {
    key: String,
    nguoi: String,
    thay: String,
    tu_ngay: String,
    den_ngay: String,
}

#[derive(Template)]
#[template(path = "approvals/stand_ins.html")]
struct StandInsPage {
    page: Page,
    scope: OrgScope,
    /// Of everybody; an approver only for himself.
    may_all: bool,
    may: bool,
    rows: Vec<Row>,
    members: Vec<(String, String)>,
    approvers: Vec<(String, String)>,
    form: StandInForm,
    errors: Errors,
}

async fn page_of(
    deps: &Deps,
    cx: &Cx,
    page: Page,
    scope: OrgScope,
    sent: Option<(StandInForm, Errors)>,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let all = queries_rules::stand_ins(&mut db, scope.org, day_of(cx.now)).await?;
    let people: Vec<PersonId> = all.iter().flat_map(|s| [s.approver, s.stand_in]).collect();
    let names = names(&mut db, &people).await?;
    let (members, approvers) = choices(&mut db, &scope).await?;
    drop(db);
    let may_all = scope.has(OrgRole::Administrator);
    let name = |person| names.get(&person).cloned().unwrap_or_default();
    let rows = all.into_iter().map(|s| Row {
        id: s.id,
        approver: name(s.approver),
        stand_in: name(s.stand_in),
        days: format!("{} – {}", date(s.from_day), date(s.to_day)),
        may: may_all || s.approver == scope.person,
    });
    let rows = rows.collect();
    let status = if sent.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let fresh = || StandInForm {
        nguoi: scope.person.to_string(),
        tu_ngay: day_of(cx.now).to_string(),
        ..StandInForm::default()
    };
    let (mut form, errors) = sent.unwrap_or_else(|| (fresh(), Errors::new(page.lang)));
    if form.key.is_empty() {
        form.key = page.new_key();
    }
    let shown = StandInsPage {
        may: may_all || scope.has(OrgRole::Approver),
        page: page.in_section("org-rules"),
        scope,
        may_all,
        rows,
        members,
        approvers,
        form,
        errors,
    };
    Ok((status, Html(shown)).into_response())
}

/// `GET /to-chuc/nguoi-thay`
pub(in crate::approvals) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
) -> Result<Response, PageError> {
    page_of(&deps, &cx, page, scope, None).await
}

impl StandInForm {
    fn check(
        &self,
        errors: &mut Errors,
        scope: &OrgScope,
        (members, approvers): (&Choices, &Choices),
    ) -> Option<NewStandIn> {
        // An approver who is no administrator names somebody for himself alone.
        let approver = match scope.has(OrgRole::Administrator) {
            true => member(errors, "nguoi", &self.nguoi, approvers),
            false => Some(scope.person),
        };
        let stand_in = member(errors, "thay", &self.thay, members);
        errors.check(approver.is_some(), "nguoi", "Chọn người duyệt.", "Choose the approver.");
        errors.check(stand_in.is_some(), "thay", "Chọn người thay.", "Choose who stands in.");
        errors.check(
            stand_in.is_none() || stand_in != approver,
            "thay",
            "Người thay phải là người khác.",
            "Somebody else has to stand in.",
        );
        let from = errors.take("tu_ngay", parse_day(&self.tu_ngay))?;
        let to = errors.take("den_ngay", parse_day(&self.den_ngay))?;
        if to < from || to - from > LONGEST {
            let text = Text::new(
                "Ngày cuối phải sau ngày đầu, nhiều nhất một năm.",
                "The last day comes after the first, within a year.",
            );
            errors.add("den_ngay", text);
        }
        errors.is_empty().then_some(())?;
        Some(NewStandIn { approver: approver?, stand_in: stand_in?, from, to })
    }
}

/// `POST /to-chuc/nguoi-thay`
pub(in crate::approvals) async fn add(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Form { data: form, raw }: Form<StandInForm>,
) -> Result<Response, PageError> {
    if !scope.has(OrgRole::Administrator) {
        scope.needs(OrgRole::Approver)?;
    }
    let mut errors = Errors::new(page.lang);
    let mut tx = deps.db.begin().await?;
    let (members, approvers) = choices(&mut tx, &scope).await?;
    let Some(new) = form.check(&mut errors, &scope, (&members, &approvers)) else {
        drop(tx);
        return page_of(&deps, &cx, page, scope, Some((form, errors))).await;
    };
    let asked = ("POST /to-chuc/nguoi-thay", raw.as_ref());
    let once = match begin_once(&mut tx, &cx, page.lang, scope.person, &form.key, asked).await? {
        Begun::First(once) => once,
        Begun::Done(answer) => return Ok(answer),
        Begun::Wrong(errors) => {
            drop(tx);
            return page_of(&deps, &cx, page, scope, Some((form, errors))).await;
        }
    };
    idempotency::settle(&mut tx, &once, HERE).await?;
    rules::add_stand_in(&mut tx, &cx, (scope.org, scope.person), &new).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã ghi người thay.", "The stand-in is noted.")))
}

/// `POST /to-chuc/nguoi-thay/{id}/go`
pub(in crate::approvals) async fn end(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: OrgScope,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let mut tx = deps.db.begin().await?;
    let there = queries_rules::stand_ins(&mut tx, scope.org, day_of(cx.now)).await?;
    let found = there.iter().find(|s| s.id == id).ok_or_else(PageError::not_found)?;
    if found.approver != scope.person {
        scope.needs(OrgRole::Administrator)?;
    }
    rules::end_stand_in(&mut tx, &cx, scope.org, id).await?;
    tx.commit().await?;
    Ok(go_with(&page, HERE, page.t("Đã bỏ người thay.", "The stand-in is ended.")))
}
