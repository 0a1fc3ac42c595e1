//! Makes files of papers: beside the requests, a few at a time.

use super::{PageError, Problem};
use crate::platform::pdf::Paper;
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use std::time::Duration;
use tokio::{sync::Semaphore, time::timeout};

/// Papers that are made at the same time.
static ROOM: Semaphore = Semaphore::const_new(2);
/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// The file of a paper.
///
/// # Errors
/// Busy when others have waited longer; a paper that cannot be made.
pub async fn print(paper: Paper) -> Result<Bytes, PageError> {
    let busy = || PageError(Problem::busy());
    let turn = timeout(PATIENCE, ROOM.acquire()).await.map_err(|_| busy())?;
    let turn = turn.map_err(|_| busy())?;
    let made = tokio::task::spawn_blocking(move || {
        let made = paper.print();
        drop(turn);
        made
    });
    made.await.map_err(PageError::internal)?.map(Bytes::from).map_err(PageError::internal)
}

/// A PDF that browsers show, under a name to keep it by.
#[must_use]
pub fn answer(bytes: Bytes, name: &str) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "application/pdf"), (header::CACHE_CONTROL, "private, no-store")];
    let mut answer = (headers, bytes).into_response();
    if let Ok(name) = HeaderValue::from_str(&format!("inline; filename=\"{name}\"")) {
        answer.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    answer
}
