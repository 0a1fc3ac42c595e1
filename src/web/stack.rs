//! The layers around every route, outermost first.

use super::{
    context::{self, Shell},
    error,
    limits::{self, Limits},
    metrics,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state, map_response},
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

/// What every answer says, unless its handler says otherwise.
const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"),
    ),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY)),
];

/// One layer for all of them: each layer around a request costs time.
async fn say_headers(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
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
        routes.layer(SetResponseHeaderLayer::overriding(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        ))
    } else {
        routes
    };
    routes.layer(
        ServiceBuilder::new()
            .layer(SetSensitiveRequestHeadersLayer::new([header::COOKIE, header::AUTHORIZATION]))
            .layer(TraceLayer::new_for_http().make_span_with(span))
            .layer(CompressionLayer::new().compress_when(compress))
            .layer(map_response(say_headers))
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
        Ok(path) if !path.contains('\0') => metrics::timed(request, next).await,
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
