//! The layers around every route, outermost first.

use super::{
    context::{self, Shell},
    error,
    limits::{self, Limits},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use std::time::Duration;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    csrf::CsrfLayer,
    sensitive_headers::SetSensitiveRequestHeadersLayer,
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
    trace::TraceLayer,
};

/// A form's body; routes that take files set their own.
const BODY: usize = 1 << 20;
/// A request that takes longer is given up.
const TIME: Duration = Duration::from_secs(25);

/// Nothing from elsewhere, nothing inline: what is injected into a page cannot run.
const CONTENT_SECURITY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                                frame-ancestors 'none'; form-action 'self'";

fn header(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    )
}

/// Puts the layers around `routes`.
pub fn around(routes: Router, shell: Shell, limits: Limits) -> Router {
    let https = shell.site.https();
    let compress = SizeAbove::new(512)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::const_new("application/pdf"));
    let span = |request: &Request| {
        let id = request.headers().get("x-request-id").and_then(|v| v.to_str().ok());
        tracing::info_span!("http", method = %request.method(), path = request.uri().path(), id)
    };
    let routes = if https {
        routes.layer(header("strict-transport-security", "max-age=31536000"))
    } else {
        routes
    };
    routes.layer(
        ServiceBuilder::new()
            .layer(SetSensitiveRequestHeadersLayer::new([header::COOKIE, header::AUTHORIZATION]))
            .layer(TraceLayer::new_for_http().make_span_with(span))
            .layer(header("x-content-type-options", "nosniff"))
            .layer(header("x-frame-options", "DENY"))
            .layer(header("referrer-policy", "strict-origin-when-cross-origin"))
            .layer(header("cross-origin-opener-policy", "same-origin"))
            .layer(header(
                "permissions-policy",
                "camera=(), geolocation=(), microphone=(), payment=()",
            ))
            .layer(header("content-security-policy", CONTENT_SECURITY))
            .layer(CompressionLayer::new().compress_when(compress))
            .layer(from_fn_with_state(shell, context::fill))
            .layer(from_fn(error::render))
            .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }))
            .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIME))
            .layer(CsrfLayer::new())
            .layer(from_fn_with_state(limits, limits::guard))
            .layer(from_fn(no_nul))
            .layer(DefaultBodyLimit::max(BODY)),
    )
}

/// A NUL or broken UTF-8 in the path names nothing that exists.
async fn no_nul(request: Request, next: Next) -> Response {
    let path = percent_encoding::percent_decode_str(request.uri().path());
    match path.decode_utf8() {
        Ok(path) if !path.contains('\0') => next.run(request).await,
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
