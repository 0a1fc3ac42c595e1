//! `/ban-hang/tin-nhan/mau`: what a shop answers again and again.

use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors},
    messages::{model::MOST_TEXT, queries_reports, routes::Deps},
    platform::audit,
    web::{Form, Html, Page, PageError, go_with},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

const MOST: usize = 12;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::messages) struct QuickForm {
    title: Vec<String>,
    body: Vec<String>,
}

#[derive(Template)]
#[template(path = "messages/quick.html")]
struct QuickPage {
    page: Page,
    rows: Vec<(String, String)>,
    errors: Errors,
}

fn render(page: Page, mut rows: Vec<(String, String)>, errors: Errors) -> Response {
    // Two empty ones to be filled in.
    for _ in 0..2 {
        if rows.len() < MOST {
            rows.push(Default::default());
        }
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = page.in_section("seller-messages");
    (status, Html(QuickPage { page, rows, errors })).into_response()
}

/// `GET /ban-hang/tin-nhan/mau`
pub(in crate::messages) async fn form(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
) -> Result<Response, PageError> {
    let mut db = deps.db.acquire().await?;
    let rows = queries_reports::quick_answers(&mut db, scope.seller).await?;
    let rows = rows.into_iter().map(|row| (row.title, row.body)).collect();
    let errors = Errors::new(page.lang);
    Ok(render(page, rows, errors))
}

/// `POST /ban-hang/tin-nhan/mau`: all of them at once; sending it twice changes nothing.
pub(in crate::messages) async fn save(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Form { data, .. }: Form<QuickForm>,
) -> Result<Response, PageError> {
    let rows = data.title.iter().zip(&data.body);
    let rows: Vec<(String, String)> = rows
        .map(|(title, body)| (title.trim().to_owned(), body.trim().to_owned()))
        .filter(|(title, body)| !title.is_empty() || !body.is_empty())
        .take(MOST)
        .collect();
    let mut errors = Errors::new(page.lang);
    errors.check(
        rows.iter().all(|(title, body)| {
            (1..=60).contains(&title.chars().count())
                && (1..=MOST_TEXT).contains(&body.chars().count())
        }),
        "title",
        "Mỗi câu trả lời mẫu cần tên (không quá 60 chữ) và nội dung (không quá 2.000 chữ).",
        "Each quick answer needs a name of at most 60 and a text of at most 2,000 characters.",
    );
    if !errors.is_empty() {
        return Ok(render(page, rows, errors));
    }
    let mut tx = deps.db.begin().await?;
    queries_reports::save_quick_answers(&mut tx, scope.seller, &rows).await?;
    let subject = format!("seller:{}", scope.seller);
    let detail = json!({ "count": rows.len() });
    audit::record(&mut tx, &cx, "messages.save_quick_answers", &subject, detail).await?;
    tx.commit().await?;
    let line = page.t("Đã lưu câu trả lời mẫu.", "The quick answers have been saved.");
    Ok(go_with(&page, "/ban-hang/tin-nhan/mau", line))
}
