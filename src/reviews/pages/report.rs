//! `/danh-gia/{id}/bao-cao`: anybody may say that a review breaks the rules.

use super::{Shown, shown};
use crate::{
    kernel::{Cx, Errors, Text},
    platform::idempotency,
    reviews::{model::HideReason, queries, queries_read::Wanted, queries_turns, routes::Deps},
    web::{Begun, Form, Html, Page, PageError, begin_once, context::Asked, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use uuid::Uuid;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::reviews) struct ReportForm {
    key: String,
    reason: String,
    note: String,
}

#[derive(Template)]
#[template(path = "reviews/report.html")]
struct ReportPage {
    page: Page,
    review: Shown,
    reasons: Vec<(&'static str, String, &'static str)>,
    form: ReportForm,
    errors: Errors,
}

async fn find(deps: &Deps, id: &str) -> Result<Shown, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let wanted = Wanted { id: Some(id), hidden: Some(false), limit: 1, ..Wanted::default() };
    let mut db = deps.db.acquire().await?;
    shown(&mut db, &wanted).await?.pop().ok_or_else(PageError::not_found)
}

fn answer(page: Page, review: Shown, form: ReportForm, errors: Errors) -> Html<ReportPage> {
    let lang = page.lang;
    let reasons = HideReason::reportable().map(|r| (r.code(), r.label().get(lang).to_owned(), ""));
    let reasons = reasons.collect();
    Html(ReportPage { page, review, reasons, form, errors })
}

/// `GET /danh-gia/{id}/bao-cao`
pub(in crate::reviews) async fn form(
    State(deps): State<Deps>,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let review = find(&deps, &id).await?;
    let errors = Errors::new(page.lang);
    Ok(answer(page, review, ReportForm::default(), errors).into_response())
}

/// `POST /danh-gia/{id}/bao-cao`
pub(in crate::reviews) async fn send(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    asked: Asked,
    Path(id): Path<String>,
    Form { data, raw }: Form<ReportForm>,
) -> Result<Response, PageError> {
    let review = find(&deps, &id).await?;
    let id = review.row.id;
    let mut errors = Errors::new(page.lang);
    let reason = HideReason::reportable().find(|reason| reason.code() == data.reason);
    errors.check(reason.is_some(), "reason", "Chọn một lý do.", "Please choose a reason.");
    errors.check(
        data.note.chars().count() <= 500,
        "note",
        "Xin viết không quá 500 chữ.",
        "Please write at most 500 characters.",
    );
    let (true, Some(reason)) = (errors.is_empty(), reason) else {
        return Ok(again(page, review, data, errors));
    };
    let route = format!("/danh-gia/{id}/bao-cao");
    let to = format!("/san-pham/{}/danh-gia", review.row.slug);
    let mut tx = deps.db.begin().await?;
    let who = asked.address;
    match begin_once(&mut tx, &cx, page.lang, who, &data.key, (&route, &raw)).await? {
        Begun::Done(response) => Ok(response),
        Begun::Wrong(errors) => Ok(again(page, review, data, errors)),
        Begun::First(once) => {
            if !queries_turns::take_turn(&mut tx, &reporter(asked.address, &cx), cx.now).await? {
                return Err(too_many());
            }
            queries::insert_report(&mut tx, &cx, id, reason.code(), data.note.trim()).await?;
            idempotency::settle(&mut tx, &once, &to).await?;
            tx.commit().await?;
            let line = page.t(
                "Cảm ơn bạn. Cán bộ sẽ xem lại đánh giá này.",
                "Thank you. Somebody will look at this review.",
            );
            Ok(go_with(&page, &to, line))
        }
    }
}

/// Names an address within an hour, for counting: the address itself is not kept.
fn reporter(address: IpAddr, cx: &Cx) -> Vec<u8> {
    let hour = cx.now.timestamp().div_euclid(3600);
    Sha256::digest(format!("reviews.report:{address}:{hour}").as_bytes()).to_vec()
}

fn again(page: Page, review: Shown, data: ReportForm, errors: Errors) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, answer(page, review, data, errors)).into_response()
}

fn too_many() -> PageError {
    PageError(crate::web::Problem {
        status: StatusCode::TOO_MANY_REQUESTS,
        code: "reviews/too-many",
        title: Text::new(
            "Bạn đã báo cáo nhiều lần; xin thử lại sau một giờ.",
            "You have reported many times; please try again in an hour.",
        ),
    })
}
