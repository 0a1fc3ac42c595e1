//! `/so-cong-thuong/danh-gia` and `/van-hanh/danh-gia`: officers and the operator look after reviews.

use super::{Shown, page_number, shown};
use crate::{
    kernel::{Cx, Errors, Lang, PersonId, Text, date_time},
    platform::idempotency,
    reviews::{
        model::HideReason,
        queries_read::{self, Wanted},
        routes::Deps,
        rule::{Act, rule},
    },
    web::{
        Begun, Denied, Form, Html, Officer, Operator, Page, PageError, Query, begin_once, go_with,
    },
};
use askama::Template;
use axum::{
    extract::{FromRequestParts, Path, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

/// An officer at the Department's desk, or somebody of the operator at his own.
pub(in crate::reviews) struct Moderator {
    person: PersonId,
    base: &'static str,
}

impl<S: Send + Sync> FromRequestParts<S> for Moderator {
    type Rejection = Denied;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Denied> {
        if parts.uri.path().starts_with("/van-hanh/") {
            let Operator(viewer) = Operator::from_request_parts(parts, state).await?;
            Ok(Self { person: viewer.id, base: "/van-hanh/danh-gia" })
        } else {
            let Officer(viewer) = Officer::from_request_parts(parts, state).await?;
            Ok(Self { person: viewer.id, base: "/so-cong-thuong/danh-gia" })
        }
    }
}

impl Moderator {
    fn is_operator(&self) -> bool {
        self.base.starts_with("/van")
    }

    fn page(&self, page: Page) -> Page {
        page.in_section(if self.is_operator() { "operator-reviews" } else { "department-reviews" })
    }
}

const SIZE: i64 = 30;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::reviews) struct Asked {
    t: String,
    trang: String,
}

#[derive(Template)]
#[template(path = "reviews/queue_department.html")]
struct DepartmentQueue {
    page: Page,
    base: &'static str,
    tabs: Vec<(String, String, bool, String)>,
    reviews: Vec<Shown>,
    older: String,
    newer: String,
}

#[derive(Template)]
#[template(path = "reviews/queue_operator.html")]
struct OperatorQueue(DepartmentQueue);

impl std::ops::Deref for OperatorQueue {
    type Target = DepartmentQueue;
    fn deref(&self) -> &DepartmentQueue {
        &self.0
    }
}

/// `GET …/danh-gia`
pub(in crate::reviews) async fn index(
    State(deps): State<Deps>,
    page: Page,
    moderator: Moderator,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let current = page_number(&asked.trang);
    let chosen = if matches!(asked.t.as_str(), "an" | "tat-ca") { asked.t.as_str() } else { "" };
    let wanted = Wanted {
        open: chosen.is_empty(),
        hidden: (chosen == "an").then_some(true),
        limit: SIZE + 1,
        offset: (current - 1) * SIZE,
        ..Wanted::default()
    };
    let mut db = deps.db.acquire().await?;
    let mut reviews = shown(&mut db, &wanted).await?;
    let waiting = queries_read::waiting(&mut db).await?;
    drop(db);
    let more = reviews.len() as i64 > SIZE;
    reviews.truncate(SIZE as usize);
    let base = moderator.base;
    let href = |number: i64| format!("{base}?t={chosen}&trang={number}");
    let tab = |t: &str, label: &str, count: String| {
        (format!("{base}?t={t}"), label.to_owned(), chosen == t, count)
    };
    let tabs = vec![
        tab("", page.t("Chờ xem xét", "Waiting"), waiting.to_string()),
        tab("an", page.t("Đã ẩn", "Hidden"), String::new()),
        tab("tat-ca", page.t("Tất cả", "All"), String::new()),
    ];
    let queue = DepartmentQueue {
        page: moderator.page(page),
        older: if more { href(current + 1) } else { String::new() },
        newer: if current > 1 { href(current - 1) } else { String::new() },
        base,
        tabs,
        reviews,
    };
    Ok(if moderator.is_operator() {
        Html(OperatorQueue(queue)).into_response()
    } else {
        Html(queue).into_response()
    })
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(in crate::reviews) struct RuleForm {
    key: String,
    act: String,
    reason: String,
    note: String,
}

#[derive(Template)]
#[template(path = "reviews/judge_department.html")]
struct DepartmentJudge {
    page: Page,
    base: &'static str,
    review: Shown,
    /// Reason, words, when.
    reports: Vec<(String, String, String)>,
    /// What was decided, why, words, when.
    rulings: Vec<(String, String, String, String)>,
    reasons: Vec<(&'static str, String)>,
    form: RuleForm,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "reviews/judge_operator.html")]
struct OperatorJudge(DepartmentJudge);

impl std::ops::Deref for OperatorJudge {
    type Target = DepartmentJudge;
    fn deref(&self) -> &DepartmentJudge {
        &self.0
    }
}

fn reason(code: &str, lang: Lang) -> String {
    HideReason::of(code).map(|r| r.label().get(lang).to_owned()).unwrap_or_default()
}

fn decided(act: &str) -> Text {
    match act {
        "hide" => Text::new("Ẩn", "Hidden"),
        "restore" => Text::new("Hiện lại", "Shown again"),
        _ => Text::new("Giữ nguyên", "Kept as it is"),
    }
}

/// `GET …/danh-gia/{id}`
pub(in crate::reviews) async fn look(
    State(deps): State<Deps>,
    page: Page,
    moderator: Moderator,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let errors = Errors::new(page.lang);
    render(&deps, page, &moderator, &id, RuleForm::default(), errors).await
}

async fn render(
    deps: &Deps,
    page: Page,
    moderator: &Moderator,
    id: &str,
    form: RuleForm,
    errors: Errors,
) -> Result<Response, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let mut db = deps.db.acquire().await?;
    let wanted = Wanted { id: Some(id), limit: 1, ..Wanted::default() };
    let review = shown(&mut db, &wanted).await?.pop().ok_or_else(PageError::not_found)?;
    let reports = queries_read::reports(&mut db, id).await?;
    let rulings = queries_read::rulings(&mut db, id).await?;
    drop(db);
    let page = moderator.page(page);
    let lang = page.lang;
    let reports =
        reports.into_iter().map(|(why, note, at)| (reason(&why, lang), note, date_time(at)));
    let rulings = rulings.into_iter().map(|r| {
        (
            decided(&r.act).get(lang).to_owned(),
            reason(&r.reason, lang),
            r.note,
            date_time(r.ruled_at),
        )
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let reasons = HideReason::ALL.map(|r| (r.code(), r.label().get(lang).to_owned()));
    let judge = DepartmentJudge {
        reports: reports.collect(),
        rulings: rulings.collect(),
        reasons: reasons.to_vec(),
        base: moderator.base,
        page,
        review,
        form,
        errors,
    };
    Ok(if moderator.is_operator() {
        (status, Html(OperatorJudge(judge))).into_response()
    } else {
        (status, Html(judge)).into_response()
    })
}

/// `POST …/danh-gia/{id}`
pub(in crate::reviews) async fn judge(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    moderator: Moderator,
    Path(id): Path<String>,
    Form { data, raw }: Form<RuleForm>,
) -> Result<Response, PageError> {
    let review: Uuid = id.parse().map_err(|_| PageError::not_found())?;
    let mut errors = Errors::new(page.lang);
    let reason = HideReason::of(&data.reason);
    let act = match data.act.as_str() {
        "hide" => {
            errors.check(reason.is_some(), "reason", "Chọn một lý do.", "Please choose a reason.");
            reason.map(Act::Hide)
        }
        "restore" => Some(Act::Restore),
        "keep" => Some(Act::Keep),
        _ => {
            errors.check(false, "act", "Chọn cách xử lý.", "Please choose what to do.");
            None
        }
    };
    errors.check(
        data.note.chars().count() <= 500,
        "note",
        "Xin viết không quá 500 chữ.",
        "Please write at most 500 characters.",
    );
    if let (true, Some(act)) = (errors.is_empty(), act) {
        let (route, to) = (format!("{}/{review}", moderator.base), moderator.base);
        let mut tx = deps.db.begin().await?;
        let asked = (route.as_str(), raw.as_ref());
        match begin_once(&mut tx, &cx, page.lang, moderator.person, &data.key, asked).await? {
            Begun::Done(response) => return Ok(response),
            Begun::Wrong(wrong) => errors = wrong,
            Begun::First(once) => {
                idempotency::settle(&mut tx, &once, to).await?;
                rule(&mut tx, &cx, moderator.person, review, act, data.note.trim()).await?;
                tx.commit().await?;
                let line = page.t("Đã ghi quyết định.", "The decision has been recorded.");
                return Ok(go_with(&page, to, line));
            }
        }
    }
    render(&deps, page, &moderator, &id, data, errors).await
}
