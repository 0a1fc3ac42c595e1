//! `/demo`: whom to sign in as; `/demo/thu`: the mails that the demo sent; `/demo/sms`: its short messages.

use super::routes::Deps;
use crate::{
    accounts::{self, DemoPerson},
    kernel::{Cx, Errors, Lang, date_time, read_moment},
    notices::{self, SentText},
    platform::mail_admin::{self, To},
    web::{Html, Page, PageError, Query},
};
use askama::Template;
use axum::extract::{Path, State};
use chrono::DateTime;
use serde::Deserialize;

struct Person {
    name: String,
    sign_in: String,
    password: String,
    role: String,
    code: String,
}

#[derive(Template)]
#[template(path = "demo/people.html")]
struct PeoplePage {
    page: Page,
    people: Vec<Person>,
}

fn role(person: &DemoPerson, lang: Lang) -> String {
    let mut roles = Vec::new();
    if person.is_officer {
        roles.push(lang.t("Cán bộ Sở Công Thương", "Officer of the Department").to_owned());
    }
    if person.is_operator {
        roles.push(lang.t("Người vận hành", "Operator").to_owned());
    }
    if let Some((role, shop)) = &person.shop {
        let word = match role.as_str() {
            "owner" => lang.t("Chủ gian hàng", "Owner of"),
            _ => lang.t("Nhân viên gian hàng", "Staff of"),
        };
        roles.push(format!("{word} {shop}"));
    }
    if roles.is_empty() {
        roles.push(lang.t("Người mua", "Buyer").to_owned());
    }
    roles.join("; ")
}

/// `GET /demo`
pub(super) async fn people(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
) -> Result<Html<impl Template>, PageError> {
    let found = accounts::demo_people(&mut *deps.db.acquire().await?, &cx).await?;
    let people = found.into_iter().map(|person| Person {
        role: role(&person, page.lang),
        sign_in: person.email.or(person.phone).unwrap_or_default(),
        name: person.name,
        password: person.password,
        code: person.code.unwrap_or_default(),
    });
    Ok(Html(PeoplePage { people: people.collect(), page }))
}

/// Which mails are looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice {
    nguoi_nhan: String,
    truoc: String,
}

struct Row {
    id: String,
    recipient: String,
    subject: String,
    at: String,
}

#[derive(Template)]
#[template(path = "demo/mails.html")]
struct MailsPage {
    page: Page,
    to: String,
    errors: Errors,
    rows: Vec<Row>,
    next: String,
}

const PAGE: usize = 50;

/// `GET /demo/thu`
pub(super) async fn mails(
    State(deps): State<Deps>,
    page: Page,
    Query(choice): Query<Choice>,
) -> Result<Html<impl Template>, PageError> {
    let to: String = choice.nguoi_nhan.trim().chars().take(254).collect();
    let far = DateTime::from_timestamp(4_102_444_800, 0).unwrap_or_default();
    let before = read_moment(&choice.truoc).map_or(far, |at| at.min(far));
    let mut db = deps.db.acquire().await?;
    let mut found = mail_admin::mails(&mut db, To::Part(&to), before, 51).await?;
    drop(db);
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|mail| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("nguoi_nhan", &to);
        query.append_pair("truoc", &mail.queued_at.timestamp_micros().to_string());
        format!("/demo/thu?{}", query.finish())
    });
    let rows = found.into_iter().map(|mail| Row {
        id: mail.id.to_string(),
        recipient: mail.recipient,
        subject: mail.subject,
        at: date_time(mail.queued_at),
    });
    Ok(Html(MailsPage {
        errors: Errors::new(page.lang),
        rows: rows.collect(),
        next: next.unwrap_or_default(),
        to,
        page,
    }))
}

#[derive(Template)]
#[template(path = "demo/texts.html")]
struct TextsPage {
    page: Page,
    rows: Vec<SentText>,
}

/// `GET /demo/sms`
pub(super) async fn texts(
    State(deps): State<Deps>,
    page: Page,
) -> Result<Html<impl Template>, PageError> {
    let rows = notices::latest(&mut *deps.db.acquire().await?).await?;
    Ok(Html(TextsPage { page, rows }))
}

/// A line of a mail; links to this site can be followed.
struct Line {
    before: String,
    href: String,
    after: String,
}

#[derive(Template)]
#[template(path = "demo/mail.html")]
struct MailPage {
    page: Page,
    recipient: String,
    subject: String,
    at: String,
    lines: Vec<Line>,
}

/// `GET /demo/thu/{id}`
pub(super) async fn mail(
    State(deps): State<Deps>,
    page: Page,
    Path(typed): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let id = typed.parse().map_err(|_| PageError::not_found())?;
    let found = mail_admin::mail(&mut *deps.db.acquire().await?, id).await?;
    let mail = found.ok_or_else(PageError::not_found)?;
    let base = page.site.base_url.clone();
    Ok(Html(MailPage {
        lines: mail.body.lines().map(|text| line(text, &base)).collect(),
        recipient: mail.recipient,
        subject: mail.subject,
        at: date_time(mail.queued_at),
        page,
    }))
}

fn line(text: &str, base: &str) -> Line {
    let Some(start) = text.find(base) else {
        return Line { before: text.to_owned(), href: String::new(), after: String::new() };
    };
    let rest = &text[start..];
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let href = rest[..end].trim_end_matches(['.', ',', ')', ';']);
    Line {
        before: text[..start].to_owned(),
        href: href.to_owned(),
        after: rest[href.len()..].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_sites_links_can_be_followed() {
        let site = "http://127.0.0.1:8080";
        let found = line("Xem http://127.0.0.1:8080/don-hang/K7?k=abc. Cảm ơn!", site);
        assert_eq!(found.href, "http://127.0.0.1:8080/don-hang/K7?k=abc");
        assert_eq!((found.before.as_str(), found.after.as_str()), ("Xem ", ". Cảm ơn!"));
        assert_eq!(line("https://noi-khac.example/x", site).href, "");
    }
}
