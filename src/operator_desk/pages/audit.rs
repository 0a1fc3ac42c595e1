//! `/van-hanh/nhat-ky`: the audit chain, and whether it is whole.

use super::{ASK, PAGE};
use crate::{
    accounts,
    kernel::{Errors, date_time},
    operator_desk::routes::Deps,
    platform::{audit, audit_admin},
    web::{Html, Operator, Page, PageError, Query, go_with},
};
use askama::Template;
use axum::{extract::State, response::Response};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::operator_desk) struct Choice {
    doi_tuong: String,
    nguoi: String,
    truoc: String,
}

struct Row {
    seq: i64,
    at: String,
    actor: String,
    /// Everything this person did.
    actor_href: String,
    action: String,
    subject: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "operator_desk/audit.html")]
struct AuditPage {
    page: Page,
    subject: String,
    actor: String,
    errors: Errors,
    rows: Vec<Row>,
    next: String,
}

fn href(subject: &str, actor: &str, before: Option<i64>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let before = before.map(|seq| seq.to_string()).unwrap_or_default();
    let pairs = [("doi_tuong", subject), ("nguoi", actor), ("truoc", &before)];
    query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
    format!("/van-hanh/nhat-ky?{}", query.finish())
}

/// `GET /van-hanh/nhat-ky`
pub(in crate::operator_desk) async fn show(
    State(deps): State<Deps>,
    page: Page,
    Operator(_): Operator,
    Query(choice): Query<Choice>,
) -> Result<Html<impl Template>, PageError> {
    let subject: String = choice.doi_tuong.trim().chars().take(200).collect();
    let mut db = deps.db.acquire().await?;
    // A person is looked for by e-mail address or id; nobody of that name did nothing.
    let typed = choice.nguoi.trim();
    let actor: Option<Uuid> = match typed.parse() {
        Ok(id) => Some(id),
        Err(_) if typed.is_empty() => None,
        Err(_) => {
            let person = accounts::person_by_email(&mut db, typed).await?;
            Some(person.map_or(Uuid::nil(), |person| person.id.0))
        }
    };
    let before = choice.truoc.parse().unwrap_or(i64::MAX);
    let mut found = audit_admin::acts(&mut db, before, &subject, actor, ASK).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let people: Vec<Uuid> = found.iter().filter_map(|act| act.actor).collect();
    let names = accounts::names(&mut db, &people).await?;
    drop(db);
    let next = found.last().filter(|_| more).map(|act| href(&subject, typed, Some(act.seq)));
    let rows = found.into_iter().map(|act| Row {
        seq: act.seq,
        at: date_time(act.at),
        actor: match act.actor {
            None => page.t("hệ thống", "the system").to_owned(),
            Some(id) => names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        },
        actor_href: act.actor.map(|id| href("", &id.to_string(), None)).unwrap_or_default(),
        action: act.action,
        subject: act.subject,
        detail: act.detail.to_string().chars().take(600).collect(),
    });
    Ok(Html(AuditPage {
        rows: rows.collect(),
        next: next.unwrap_or_default(),
        actor: typed.to_owned(),
        subject,
        errors: Errors::new(page.lang),
        page: page.in_section("operator-audit"),
    }))
}

/// `POST /van-hanh/nhat-ky/kiem-tra`: recomputes the whole chain; changes nothing.
pub(in crate::operator_desk) async fn verify(
    State(deps): State<Deps>,
    page: Page,
    Operator(_): Operator,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let line = match audit::verify(&mut db).await? {
        Ok(rows) => {
            format!("{} {rows}.", page.t("Nhật ký toàn vẹn. Số dòng:", "The chain is whole. Rows:"))
        }
        Err(seq) => format!(
            "{} {seq}.",
            page.t("CẢNH BÁO: nhật ký bị sửa từ dòng", "WARNING: the chain is broken at row")
        ),
    };
    Ok(go_with(&page, "/van-hanh/nhat-ky", &line))
}
