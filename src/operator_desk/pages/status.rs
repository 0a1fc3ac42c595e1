//! `/van-hanh`: how the machine does.

use super::length;
use crate::{
    kernel::{Cx, date_time},
    ledger::{self, Checked},
    operator_desk::{
        queries::{self, Counts},
        routes::Deps,
    },
    platform::{
        jobs_admin::{self, Queue},
        mail_admin, status_admin,
    },
    web::{Html, Operator, Page, PageError},
};
use askama::Template;
use axum::extract::State;

#[derive(Template)]
#[template(path = "operator_desk/status.html")]
struct StatusPage {
    page: Page,
    queue: Queue,
    age: String,
    mails_waiting: i64,
    mails_failed: i64,
    counts: Counts,
    size: String,
    references: Vec<(String, String, String)>,
    /// What the newest check of the books found.
    books: Option<Checked>,
    books_alarm: bool,
    now: String,
    version: &'static str,
}

/// `GET /van-hanh`
pub(in crate::operator_desk) async fn show(
    State(deps): State<Deps>,
    cx: Cx,
    page: Page,
    Operator(_): Operator,
) -> Result<Html<impl Template>, PageError> {
    let mut db = deps.db.acquire().await?;
    let queue = jobs_admin::queue(&mut db, &cx).await?;
    let (mails_waiting, mails_failed) = mail_admin::counts(&mut db).await?;
    let counts = queries::counts(&mut db).await?;
    let bytes = status_admin::database_size(&mut db).await?;
    let books = ledger::last_check(&mut *db).await?;
    let references = status_admin::references(&mut db).await?;
    Ok(Html(StatusPage {
        age: queue.oldest_due.map_or_else(|| "0".to_owned(), |at| length(cx.now - at, page.lang)),
        queue,
        books_alarm: books.as_ref().is_some_and(|b| b.alarms(cx.now)),
        books,
        mails_waiting,
        mails_failed,
        counts,
        size: format!("{} MB", bytes / 1_000_000),
        references: references
            .into_iter()
            .map(|(name, digest, at)| (name, digest, date_time(at)))
            .collect(),
        now: date_time(cx.now),
        version: env!("CARGO_PKG_VERSION"),
        page: page.in_section("operator"),
    }))
}
