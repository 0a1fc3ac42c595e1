//! `/van-hanh/cong-viec`: jobs, and those that were given up with a button to run them again.

use super::{ASK, PAGE, before, id};
use crate::{
    kernel::{Cx, date_time},
    operator_desk::routes::Deps,
    platform::{
        audit,
        jobs_admin::{self, JobRow, Which},
    },
    web::{Html, Operator, Page, PageError, Query, go_with},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::operator_desk) struct Choice {
    xem: String,
    truoc: String,
}

struct Row {
    id: String,
    handler: String,
    payload: String,
    when: String,
    attempt: i32,
    error: String,
}

#[derive(Template)]
#[template(path = "operator_desk/jobs.html")]
struct JobsPage {
    page: Page,
    which: &'static str,
    failed: i64,
    rows: Vec<Row>,
    next: String,
}

impl Choice {
    fn which(&self) -> (Which, &'static str) {
        match self.xem.as_str() {
            "cho" => (Which::Waiting, "cho"),
            "xong" => (Which::Done, "xong"),
            _ => (Which::Failed, "loi"),
        }
    }
}

/// `GET /van-hanh/cong-viec`
pub(in crate::operator_desk) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
    Query(choice): Query<Choice>,
) -> Result<Html<impl Template>, PageError> {
    let (which, word) = choice.which();
    let mut db = deps.db.acquire().await?;
    let mut found = jobs_admin::jobs(&mut db, which, before(&choice.truoc), ASK).await?;
    let failed = jobs_admin::queue(&mut db, &cx).await?.failed;
    drop(db);
    let at = |job: &JobRow| match which {
        Which::Failed => job.failed_at.unwrap_or(job.due_at),
        Which::Waiting => job.due_at,
        Which::Done => job.done_at.unwrap_or(job.due_at),
    };
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found
        .last()
        .filter(|_| more)
        .map(|job| format!("/van-hanh/cong-viec?xem={word}&truoc={}", at(job).timestamp_micros()));
    let rows = found.iter().map(|job| Row {
        id: job.id.to_string(),
        handler: job.handler.clone(),
        payload: job.payload.to_string().chars().take(300).collect(),
        when: date_time(at(job)),
        attempt: job.attempt,
        error: job.last_error.clone().unwrap_or_default(),
    });
    Ok(Html(JobsPage {
        which: word,
        failed,
        rows: rows.collect(),
        next: next.unwrap_or_default(),
        page: page.in_section("operator-jobs"),
    }))
}

/// `POST /van-hanh/cong-viec/{id}/chay-lai`: pressed twice, it is started again once.
pub(in crate::operator_desk) async fn replay(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
    Path(typed): Path<String>,
) -> Result<Response, PageError> {
    let id = id(&typed)?;
    let mut tx = deps.db.begin().await?;
    let handler = jobs_admin::replay(&mut tx, &cx, id).await?.ok_or_else(PageError::not_found)?;
    let detail = json!({ "handler": handler });
    audit::record(&mut tx, &cx, "operator.replay_job", &format!("job:{id}"), detail).await?;
    tx.commit().await?;
    let line = page.t("Việc đã được xếp chạy lại.", "The job will run again.");
    Ok(go_with(&page, "/van-hanh/cong-viec", line))
}
