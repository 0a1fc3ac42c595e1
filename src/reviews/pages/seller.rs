//! `/ban-hang/danh-gia`: what buyers say of the shop's goods, and the shop's answers.

use super::{Shown, check_text, page_number, shown};
use crate::{
    enterprises::SellerScope,
    kernel::{Cx, Errors},
    platform::{audit, idempotency},
    reviews::{answer, model::Totals, queries_read::Wanted, read, routes::Deps},
    web::{Begun, Form, Html, Page, PageError, Query, begin_once, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

const SIZE: i64 = 20;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::reviews) struct Asked {
    /// `cho`: those without an answer; `1` to `5`: of so many stars.
    loc: String,
    trang: String,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::reviews) struct AnswerForm {
    key: String,
    body: String,
}

#[derive(Template)]
#[template(path = "reviews/seller.html")]
struct SellerPage {
    page: Page,
    totals: Totals,
    tabs: Vec<(String, String, bool)>,
    reviews: Vec<Shown>,
    older: String,
    newer: String,
    /// The review whose answer was refused, and what was typed.
    typed: Option<(Uuid, String)>,
    errors: Errors,
}

impl SellerPage {
    /// What stands in the box of one review.
    fn text<'a>(&'a self, review: &'a Shown) -> &'a str {
        match &self.typed {
            Some((id, typed)) if *id == review.row.id => typed,
            _ => review.answer(),
        }
    }

    fn is_typed(&self, review: &Shown) -> bool {
        self.typed.as_ref().is_some_and(|(id, _)| *id == review.row.id)
    }
}

/// `GET /ban-hang/danh-gia`
pub(in crate::reviews) async fn index(
    State(deps): State<Deps>,
    page: Page,
    scope: SellerScope,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    render(&deps, page, &scope, asked, None, errors).await
}

async fn render(
    deps: &Deps,
    page: Page,
    scope: &SellerScope,
    asked: Asked,
    typed: Option<(Uuid, String)>,
    errors: Errors,
) -> Result<Response, PageError> {
    let current = page_number(&asked.trang);
    let star = asked.loc.parse().ok().filter(|n| (1..=5).contains(n));
    let wanted = Wanted {
        id: typed.as_ref().map(|(id, _)| *id),
        seller: Some(scope.seller),
        star,
        unanswered: asked.loc == "cho",
        hidden: Some(false),
        limit: SIZE + 1,
        offset: (current - 1) * SIZE,
        ..Wanted::default()
    };
    let mut db = deps.db.acquire().await?;
    let totals = read::totals(&mut db, scope.seller).await?;
    let mut reviews = shown(&mut db, &wanted).await?;
    drop(db);
    let more = reviews.len() as i64 > SIZE;
    reviews.truncate(SIZE as usize);
    let href = |number: i64| format!("/ban-hang/danh-gia?loc={}&trang={number}", asked.loc);
    let tab = |loc: &str, label: String| {
        (format!("/ban-hang/danh-gia?loc={loc}"), label, asked.loc == loc)
    };
    let mut tabs = vec![
        tab("", page.t("Tất cả", "All").to_owned()),
        tab("cho", page.t("Chưa trả lời", "Unanswered").to_owned()),
    ];
    tabs.extend((1..=5).rev().map(|n| tab(&n.to_string(), format!("{n} ★"))));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = SellerPage {
        page: page.in_section("seller-reviews"),
        older: if more { href(current + 1) } else { String::new() },
        newer: if current > 1 { href(current - 1) } else { String::new() },
        totals,
        tabs,
        reviews,
        typed,
        errors,
    };
    Ok((status, Html(shown)).into_response())
}

/// `POST /ban-hang/danh-gia/{id}/tra-loi`
pub(in crate::reviews) async fn save(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    Form { data, raw }: Form<AnswerForm>,
) -> Result<Response, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let wanted = Wanted {
        id: Some(id),
        seller: Some(scope.seller),
        hidden: Some(false),
        limit: 1,
        ..Wanted::default()
    };
    let found = shown(&mut *deps.db.acquire().await?, &wanted).await?;
    found.first().ok_or_else(PageError::not_found)?;
    let mut errors = Errors::new(page.lang);
    let body = data.body.trim();
    errors.check(!body.is_empty(), "body", "Xin viết câu trả lời.", "Please write an answer.");
    check_text(&mut errors, "body", body);
    if errors.is_empty() {
        let (route, to) = (format!("/ban-hang/danh-gia/{id}/tra-loi"), "/ban-hang/danh-gia");
        let mut tx = deps.db.begin().await?;
        let asked = (route.as_str(), raw.as_ref());
        match begin_once(&mut tx, &cx, page.lang, scope.person, &data.key, asked).await? {
            Begun::Done(response) => return Ok(response),
            Begun::Wrong(wrong) => errors = wrong,
            Begun::First(once) => {
                answer(&mut tx, &cx, (scope.seller, scope.person), id, body).await?;
                idempotency::settle(&mut tx, &once, to).await?;
                let detail = json!({ "seller": scope.seller });
                audit::record(&mut tx, &cx, "reviews.answer", &format!("review:{id}"), detail)
                    .await?;
                tx.commit().await?;
                let line = page.t("Đã lưu câu trả lời.", "The answer has been saved.");
                return Ok(go_with(&page, to, line));
            }
        }
    }
    render(&deps, page, &scope, Asked::default(), Some((id, data.body)), errors).await
}
