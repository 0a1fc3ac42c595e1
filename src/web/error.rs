//! One description of what went wrong, two ways to show it.
//!
//! A slice says *what* its error means ([`AsProblem`]); the return type of the handler says *how* it
//! is shown: [`PageError`] as a page in the reader's language, [`ApiError`] as
//! `application/problem+json` (RFC 9457). The page itself is made by [`render`], because only a
//! middleware sees the request; it also gives a body to bare rejections (404, 405, 408, 413, 429 …).

use super::page::Page;
use crate::{kernel::Text, platform::db};
use askama::Template;
use axum::{
    Json,
    extract::{FromRequestParts, Request},
    http::{StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use serde_json::json;
use std::sync::Arc;

/// What a person or a client may know of an error.
#[derive(Debug, Clone)]
pub struct Problem {
    pub status: StatusCode,
    /// Stable and machine-readable: `orders/too-late`.
    pub code: &'static str,
    /// What happened, in both languages.
    pub title: Text,
}

/// Implemented by every slice's error enum, next to the enum.
pub trait AsProblem: std::error::Error + Send + Sync + 'static {
    /// What may be known of it.
    fn problem(&self) -> Problem;
}

impl Problem {
    /// An answer with a status, a code and words.
    pub fn new(status: StatusCode, code: &'static str, vi: &'static str, en: &'static str) -> Self {
        Self { status, code, title: Text::new(vi, en) }
    }

    /// It does not go together with how things stand.
    #[must_use]
    pub fn conflict(code: &'static str, vi: &'static str, en: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code, vi, en)
    }

    /// There is none, or it is somebody else's: the asker cannot tell which.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "Không tìm thấy trang này. Có thể địa chỉ đã đổi, hoặc trang không dành cho tài khoản của bạn.",
            "This page was not found. Its address may have changed, or it is not for your account.",
        )
    }

    /// Our fault: nothing of the cause is told.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Có lỗi phía chúng tôi. Việc bạn vừa gửi chưa được ghi nhận; xin thử lại sau ít phút.",
            "Something went wrong on our side. What you sent was not recorded; please try again in a few minutes.",
        )
    }

    /// Our fault, or the database's where an error of its lies behind this one.
    #[must_use]
    pub fn of_cause(error: &(dyn std::error::Error + 'static)) -> Self {
        let chain = std::iter::successors(Some(error), |error| error.source());
        let cause = chain.filter_map(|error| error.downcast_ref::<sqlx::Error>()).next();
        cause.map_or_else(Self::internal, AsProblem::problem)
    }

    /// The database is away or overloaded.
    #[must_use]
    pub fn busy() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "Hệ thống đang bận. Việc bạn vừa gửi chưa được ghi nhận; xin thử lại sau ít giây.",
            "The system is busy. What you sent was not recorded; please try again in a few seconds.",
        )
    }

    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => Self::new(
                status,
                "method",
                "Trang này không nhận cách gửi đó.",
                "This page does not take that method.",
            ),
            StatusCode::REQUEST_TIMEOUT => Self::new(
                status,
                "timeout",
                "Yêu cầu mất quá nhiều thời gian; xin thử lại.",
                "The request took too long; please try again.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => Self::new(
                status,
                "too-large",
                "Nội dung gửi lên quá lớn.",
                "What you sent is too large.",
            ),
            StatusCode::TOO_MANY_REQUESTS => Self::new(
                status,
                "too-many",
                "Bạn gửi quá nhanh; xin đợi một phút rồi thử lại.",
                "Too many requests; please wait a minute and try again.",
            ),
            StatusCode::FORBIDDEN => Self::new(
                status,
                "cross-site",
                "Yêu cầu đến từ một trang khác nên bị từ chối. Xin mở lại trang này và gửi lần nữa.",
                "The request came from another site and was refused. Please reload this page and send it again.",
            ),
            _ if status.is_server_error() => Self { status, ..Self::internal() },
            _ => Self::new(
                status,
                "bad-request",
                "Yêu cầu chưa đúng dạng.",
                "The request is not well-formed.",
            ),
        }
    }
}

impl AsProblem for sqlx::Error {
    fn problem(&self) -> Problem {
        db::note_break(self);
        match self {
            Self::PoolTimedOut | Self::Io(_) | Self::PoolClosed => Problem::busy(),
            // 57014 cancelled by statement_timeout, 55P03 by lock_timeout, 57P01–03 shutting down,
            // 40001/40P01 a race that a repetition resolves, 53300 too many connections.
            Self::Database(e)
                if matches!(
                    e.code().as_deref(),
                    Some(
                        "57014"
                            | "55P03"
                            | "57P01"
                            | "57P02"
                            | "57P03"
                            | "40001"
                            | "40P01"
                            | "53300"
                    )
                ) =>
            {
                Problem::busy()
            }
            _ => Problem::internal(),
        }
    }
}

/// Logs once, here, where the error leaves the program.
fn report<E: AsProblem>(error: &E) -> Problem {
    let problem = error.problem();
    if problem.status.is_server_error() {
        tracing::error!(
            error = error as &dyn std::error::Error,
            code = problem.code,
            "request failed"
        );
    }
    problem
}

/// Shown as a page.
#[derive(Debug)]
pub struct PageError(pub Problem);
/// Shown as problem+json.
#[derive(Debug)]
pub struct ApiError(pub Problem);

impl PageError {
    /// A cause that has no error type of its own: storage, rendering.
    pub fn internal(error: impl Into<anyhow::Error>) -> Self {
        let error = error.into();
        tracing::error!(error = %format!("{error:#}"), "request failed");
        Self(Problem::of_cause(error.as_ref()))
    }

    /// See [`Problem::not_found`].
    #[must_use]
    pub fn not_found() -> Self {
        Self(Problem::not_found())
    }
}

impl<E: AsProblem> From<E> for PageError {
    fn from(error: E) -> Self {
        Self(report(&error))
    }
}

impl<E: AsProblem> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self(report(&error))
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(Arc::new(self.0));
        response
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        problem_json(&self.0)
    }
}

fn problem_json(problem: &Problem) -> Response {
    let body = json!({
        "type": format!("/problems/{}", problem.code),
        "title": problem.title.get(crate::kernel::Lang::En),
        "title_vi": problem.title.get(crate::kernel::Lang::Vi),
        "status": problem.status.as_u16(),
    });
    (problem.status, [(header::CONTENT_TYPE, "application/problem+json")], Json(body).0.to_string())
        .into_response()
}

#[derive(Template)]
#[template(path = "web/error.html")]
struct ErrorPage<'a> {
    page: Page,
    problem: &'a Problem,
}

/// Gives every error without a body its page or its problem+json.
pub async fn render(request: Request, next: Next) -> Response {
    let wants_json = request.uri().path().starts_with("/api/");
    let (mut parts, body) = request.into_parts();
    let page = Page::from_request_parts(&mut parts, &()).await.ok();
    let response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status();
    let problem = response.extensions().get::<Arc<Problem>>().cloned();
    let made = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().starts_with(b"text/html") || kind.as_bytes().ends_with(b"json")
    });
    if problem.is_none() && (made || !(status.is_client_error() || status.is_server_error())) {
        return response;
    }
    let problem = problem.unwrap_or_else(|| Arc::new(Problem::of_status(status)));
    // The session is read further in; its layer leaves the viewer beside the answer.
    let viewer = response.extensions().get().cloned();
    let page = page.map(|mut page| {
        page.viewer = viewer;
        page
    });
    let shown = match page {
        Some(page) if !wants_json => match (ErrorPage { page, problem: &problem }).render() {
            Ok(html) => Html(html).into_response(),
            Err(_) => problem_json(&problem),
        },
        _ => problem_json(&problem),
    };
    let (mut parts, _) = response.into_parts();
    let (shown, body) = shown.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.extend(shown.headers);
    Response::from_parts(parts, body)
}
