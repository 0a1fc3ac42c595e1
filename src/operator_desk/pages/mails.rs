//! `/van-hanh/thu`: mails, one mail, sending one again. Their texts carry secrets (links that reset a password):
//! outside the demo the operator sees only to whom, about what and how far.

use super::{ASK, PAGE, before, id};
use crate::{
    kernel::{Cx, Errors, date_time},
    operator_desk::routes::Deps,
    platform::{
        audit,
        idempotency::{self, Claim, Once},
        mail_admin::{self, MailText, To},
    },
    web::{Form, Html, Operator, Page, PageError, Query, go, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::operator_desk) struct Choice {
    nguoi_nhan: String,
    truoc: String,
}

struct Row {
    id: String,
    recipient: String,
    subject: String,
    queued: String,
    sent: bool,
    failed: bool,
}

#[derive(Template)]
#[template(path = "operator_desk/mails.html")]
struct MailsPage {
    page: Page,
    to: String,
    errors: Errors,
    waiting: i64,
    failed: i64,
    rows: Vec<Row>,
    next: String,
}

/// `GET /van-hanh/thu`
pub(in crate::operator_desk) async fn show(
    State(deps): State<Deps>,
    page: Page,
    Operator(_): Operator,
    Query(choice): Query<Choice>,
) -> Result<Html<impl Template>, PageError> {
    let to: String = choice.nguoi_nhan.trim().chars().take(254).collect();
    let mut db = deps.db.acquire().await?;
    let whose = if page.site.demo { To::Part(&to) } else { To::Address(&to) };
    let mut found = mail_admin::mails(&mut db, whose, before(&choice.truoc), ASK).await?;
    let (waiting, failed) = mail_admin::counts(&mut db).await?;
    drop(db);
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|mail| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("nguoi_nhan", &to);
        query.append_pair("truoc", &mail.queued_at.timestamp_micros().to_string());
        format!("/van-hanh/thu?{}", query.finish())
    });
    let rows = found.into_iter().map(|mail| Row {
        id: mail.id.to_string(),
        recipient: recipient(&page, &mail.recipient),
        subject: mail.subject,
        queued: date_time(mail.queued_at),
        sent: mail.sent_at.is_some(),
        failed: mail.failed,
    });
    Ok(Html(MailsPage {
        errors: Errors::new(page.lang),
        waiting,
        failed,
        rows: rows.collect(),
        next: next.unwrap_or_default(),
        to,
        page: page.in_section("operator-mails"),
    }))
}

/// An address as the operator sees it.
fn recipient(page: &Page, address: &str) -> String {
    if page.site.demo { address.to_owned() } else { mail_admin::masked(address) }
}

#[derive(Template)]
#[template(path = "operator_desk/mail.html")]
struct MailPage {
    page: Page,
    id: String,
    subject: String,
    recipient: String,
    /// In the demo only.
    body: Option<String>,
    error: Option<String>,
    queued: String,
    sent: String,
    key: String,
    errors: Errors,
}

impl MailPage {
    fn of(page: Page, mail: MailText, errors: Errors) -> Self {
        Self {
            queued: date_time(mail.queued_at),
            sent: mail.sent_at.map(date_time).unwrap_or_default(),
            key: page.new_key(),
            id: mail.id.to_string(),
            recipient: recipient(&page, &mail.recipient),
            // What a mail server answers often repeats the address.
            error: mail
                .error
                .map(|e| e.replace(&mail.recipient, &recipient(&page, &mail.recipient))),
            body: page.site.demo.then_some(mail.body),
            subject: mail.subject,
            page: page.in_section("operator-mails"),
            errors,
        }
    }
}

/// `GET /van-hanh/thu/{id}`: reading somebody's mail is on the record.
pub(in crate::operator_desk) async fn read(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
    Path(typed): Path<String>,
) -> Result<Html<impl Template>, PageError> {
    let id = id(&typed)?;
    let mut tx = deps.db.begin().await?;
    let mail = mail_admin::mail(&mut tx, id).await?.ok_or_else(PageError::not_found)?;
    audit::record(&mut tx, &cx, "operator.read_mail", &format!("mail:{id}"), json!({})).await?;
    tx.commit().await?;
    let errors = Errors::new(page.lang);
    Ok(Html(MailPage::of(page, mail, errors)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::operator_desk) struct Again {
    key: String,
}

/// `POST /van-hanh/thu/{id}/gui-lai`
pub(in crate::operator_desk) async fn resend(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    Path(typed): Path<String>,
    form: Form<Again>,
) -> Result<Response, PageError> {
    let id = id(&typed)?;
    let (route, here) = (format!("/van-hanh/thu/{id}/gui-lai"), format!("/van-hanh/thu/{id}"));
    let mut tx = deps.db.begin().await?;
    let mail = mail_admin::mail(&mut tx, id).await?.ok_or_else(PageError::not_found)?;
    let mut errors = Errors::new(page.lang);
    if let Some(once) = errors.take("key", Once::new(viewer.id, &form.data.key, &route, &form.raw))
    {
        match idempotency::claim(&mut tx, &cx, &once).await? {
            Claim::Again(to) => return Ok(go(&to)),
            Claim::Misused => errors = Once::misused(page.lang),
            Claim::First => {
                idempotency::settle(&mut tx, &once, &here).await?;
                mail_admin::resend(&mut tx, &cx, id).await?;
                let detail = json!({ "recipient": mail_admin::masked(&mail.recipient) });
                let subject = format!("mail:{id}");
                audit::record(&mut tx, &cx, "operator.resend_mail", &subject, detail).await?;
                tx.commit().await?;
                let line = page.t("Thư sẽ được gửi lại.", "The mail will be sent again.");
                return Ok(go_with(&page, &here, line));
            }
        }
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(MailPage::of(page, mail, errors))).into_response())
}
