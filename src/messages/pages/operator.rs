//! `/van-hanh/tin-nhan`: threads that one of the two has reported. What was said is shown only after the operator
//! has given his reason, and each look is in the audit chain.

use super::{ShownMessage, said};
use crate::{
    kernel::{Cx, Errors, PersonId, date_time},
    messages::{
        events::ReportSettled,
        model,
        queries_read::Thread,
        queries_reports::{self, Report},
        routes::Deps,
    },
    platform::{audit, outbox},
    web::{Form, Html, Operator, Page, PageError, Query, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

const SIZE: i64 = 30;
/// Messages of the excerpt, up to the report.
const EXCERPT: i64 = 10;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::messages) struct Asked {
    t: String,
    trang: String,
}

struct Row {
    href: String,
    when: String,
    side: String,
    reason: String,
    shop: String,
    outcome: String,
}

#[derive(Template)]
#[template(path = "messages/operator_list.html")]
struct ListPage {
    page: Page,
    settled: bool,
    rows: Vec<Row>,
    newer: String,
    older: String,
}

fn side(page: &Page, report: &Report) -> String {
    if report.side == "seller" {
        page.t("Người bán", "Seller")
    } else {
        page.t("Người mua", "Buyer")
    }
    .to_owned()
}

fn outcome(page: &Page, code: &str) -> String {
    match code {
        "nothing" => page.t("Không vi phạm", "No offence"),
        "warned" => page.t("Đã nhắc nhở", "Warned"),
        "closed" => page.t("Đã đóng trò chuyện", "Conversation closed"),
        _ => "",
    }
    .to_owned()
}

/// `GET /van-hanh/tin-nhan`
pub(in crate::messages) async fn index(
    State(deps): State<Deps>,
    page: Page,
    _: Operator,
    Query(asked): Query<Asked>,
) -> Result<Html<impl Template>, PageError> {
    let settled = asked.t == "xong";
    let current = asked.trang.parse().unwrap_or(1i64).clamp(1, 1000);
    let mut db = deps.db.acquire().await?;
    let offset = (current - 1) * SIZE;
    let mut found = queries_reports::reports(&mut db, settled, SIZE + 1, offset).await?;
    let more = found.len() as i64 > SIZE;
    found.truncate(SIZE as usize);
    let rows = found.iter().map(|report| Row {
        href: format!("/van-hanh/tin-nhan/{}", report.id),
        when: date_time(report.reported_at),
        side: side(&page, report),
        reason: model::reason(&report.reason).get(page.lang).to_owned(),
        shop: report.shop_name.clone(),
        outcome: outcome(&page, &report.outcome),
    });
    let href = |n: i64| format!("/van-hanh/tin-nhan?t={}&trang={n}", asked.t);
    Ok(Html(ListPage {
        rows: rows.collect(),
        newer: if current > 1 { href(current - 1) } else { String::new() },
        older: if more { href(current + 1) } else { String::new() },
        settled,
        page: page.in_section("operator-messages"),
    }))
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::messages) struct LookForm {
    act: String,
    ly_do: String,
    outcome: String,
}

#[derive(Template)]
#[template(path = "messages/operator_look.html")]
struct LookPage {
    page: Page,
    report: Report,
    when: String,
    side: String,
    reason: String,
    outcome: String,
    outcomes: Vec<(&'static str, String)>,
    /// `None` until he has said why he looks.
    messages: Option<Vec<ShownMessage>>,
    form: LookForm,
    errors: Errors,
}

impl LookPage {
    fn about(&self) -> &str {
        if self.report.about_order {
            self.page.t("một đơn hàng", "an order")
        } else {
            self.page.t("một sản phẩm", "a product")
        }
    }
}

async fn find(deps: &Deps, id: &str) -> Result<Report, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let found = queries_reports::report(&mut *deps.db.acquire().await?, id).await?;
    found.ok_or_else(PageError::not_found)
}

fn render(
    page: Page,
    report: Report,
    messages: Option<Vec<ShownMessage>>,
    form: LookForm,
    errors: Errors,
) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let outcomes = ["nothing", "warned", "closed"].map(|code| (code, outcome(&page, code)));
    let shown = LookPage {
        when: date_time(report.reported_at),
        side: side(&page, &report),
        reason: model::reason(&report.reason).get(page.lang).to_owned(),
        outcome: outcome(&page, &report.outcome),
        outcomes: outcomes.to_vec(),
        page: page.in_section("operator-messages"),
        report,
        messages,
        form,
        errors,
    };
    (status, Html(shown)).into_response()
}

/// `GET /van-hanh/tin-nhan/{id}`: who has reported what, and nothing of what was said.
pub(in crate::messages) async fn look(
    State(deps): State<Deps>,
    page: Page,
    _: Operator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let report = find(&deps, &id).await?;
    let errors = Errors::new(page.lang);
    Ok(render(page, report, None, LookForm::default(), errors))
}

/// `POST /van-hanh/tin-nhan/{id}`: looks at the excerpt with a reason, or settles the report.
pub(in crate::messages) async fn act(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(viewer): Operator,
    Path(id): Path<String>,
    Form { data, .. }: Form<LookForm>,
) -> Result<Response, PageError> {
    let report = find(&deps, &id).await?;
    let mut errors = Errors::new(page.lang);
    let subject = format!("message_report:{}", report.id);
    if data.act == "settle" {
        let known = ["nothing", "warned", "closed"].contains(&data.outcome.as_str());
        errors.check(known, "outcome", "Chọn kết quả.", "Please choose an outcome.");
        if !errors.is_empty() {
            return Ok(render(page, report, None, data, errors));
        }
        let mut tx = deps.db.begin().await?;
        settle(&mut tx, &cx, viewer.id, &report, &data.outcome).await?;
        tx.commit().await?;
        let line = page.t("Đã xử lý báo cáo.", "The report has been settled.");
        return Ok(go_with(&page, "/van-hanh/tin-nhan", line));
    }
    let why = data.ly_do.trim();
    errors.check(
        (10..=300).contains(&why.chars().count()),
        "ly_do",
        "Ghi rõ vì sao cần xem, từ 10 đến 300 chữ.",
        "Say why you need to look, in 10 to 300 characters.",
    );
    if !errors.is_empty() {
        return Ok(render(page, report, None, data, errors));
    }
    let mut tx = deps.db.begin().await?;
    let thread = excerpted(&report);
    let span = (report.reported_at, EXCERPT);
    let messages = said(&mut tx, &page, &thread, (None, ""), span).await?;
    audit::record(&mut tx, &cx, "messages.look", &subject, json!({ "reason": why })).await?;
    tx.commit().await?;
    Ok(render(page, report, Some(messages), data, errors))
}

/// Settles a report, once; a conversation that is closed stays closed.
async fn settle(
    db: &mut PgConnection,
    cx: &Cx,
    by: PersonId,
    report: &Report,
    outcome: &str,
) -> sqlx::Result<()> {
    if !queries_reports::settle(db, cx, report.id, by, outcome).await? {
        return Ok(());
    }
    if outcome == "closed" {
        queries_reports::close(db, cx, report.thread).await?;
    }
    let (seller, buyer) = queries_reports::sides(db, report.thread).await?;
    let settled = ReportSettled {
        report: report.id,
        thread: report.thread,
        side: report.side.clone(),
        outcome: outcome.to_owned(),
        seller,
        buyer,
    };
    outbox::publish(db, cx, &settled).await?;
    let subject = format!("message_report:{}", report.id);
    audit::record(db, cx, "messages.settle_report", &subject, json!({ "outcome": outcome })).await
}

/// The thread as the operator reads it: sides instead of names.
fn excerpted(report: &Report) -> Thread {
    Thread {
        id: report.thread,
        buyer_name: "Người mua · Buyer".to_owned(),
        subject: String::new(),
        last_at: report.reported_at,
        last_side: String::new(),
        excerpt: String::new(),
        buyer_unread: 0,
        seller_unread: 0,
        closed_at: None,
        shop_name: "Người bán · Seller".to_owned(),
        code: String::new(),
        slug: String::new(),
        known: false,
    }
}
