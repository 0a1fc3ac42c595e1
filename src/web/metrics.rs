//! Counts and times for a collector that comes and reads them, in the text format of Prometheus.

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

/// How long handlers took, by route, method and status; its `_count` is how many requests there were.
const REQUESTS: &str = "santinh_http_request_seconds";
/// Upper bounds in seconds.
const BUCKETS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 5.0];
/// How often what was recorded is added up.
pub const UPKEEP: Duration = Duration::from_secs(5);

static COLLECTED: OnceLock<PrometheusHandle> = OnceLock::new();

/// Begins to collect; once a process.
///
/// # Errors
/// Never in practice, but the builder says so.
pub fn collect() -> anyhow::Result<&'static PrometheusHandle> {
    if let Some(collected) = COLLECTED.get() {
        return Ok(collected);
    }
    let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS)?.build_recorder();
    // Of threads that come at the same time, the one whose handle is kept installs its recorder.
    Ok(COLLECTED.get_or_init(move || {
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_ok() {
            metrics::describe_histogram!(REQUESTS, "Time of handlers by route, method and status");
        }
        handle
    }))
}

/// Does what `next` does and notes how long it took. Requests without a route share one name, so that strangers
/// cannot fill the memory with invented addresses.
pub(super) async fn timed(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("-", MatchedPath::as_str).to_owned();
    let method = if method.is_safe() { "read" } else { "write" };
    let status = response.status().as_str().to_owned();
    metrics::histogram!(REQUESTS, "route" => route, "method" => method, "status" => status)
        .record(began.elapsed());
    response
}
