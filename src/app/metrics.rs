//! What a collector reads: the web's own counts, and how the queue, the index and the database do.

use crate::{
    config::Config,
    kernel::Cx,
    platform::jobs_admin,
    search::Search,
    web::{PageError, context::Asked, metrics},
};
use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use ipnet::IpNet;
use sqlx::PgPool;
use std::sync::Arc;

/// What is looked at, and who may look.
#[derive(Clone)]
pub(super) struct Watched {
    pub(super) db: PgPool,
    pub(super) search: Search,
    pub(super) config: Arc<Config>,
}

impl Watched {
    /// A client of a proxy that nobody declared would look like the proxy itself: it is a stranger.
    fn may_look(&self, asked: &Asked, headers: &HeaderMap) -> bool {
        let limits = &self.config.limits;
        let holds = |networks: &[IpNet]| networks.iter().any(|net| net.contains(&asked.address));
        let forwarded = ["x-forwarded-for", "forwarded"].iter().any(|h| headers.contains_key(*h));
        holds(&limits.metrics_from) && (!forwarded || !limits.trusted_proxies.is_empty())
    }
}

/// `GET /metrics`: 404 for whoever is not in `SANTINH_METRICS_FROM`.
pub(super) async fn read(
    State(watched): State<Watched>,
    cx: Cx,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    if !watched.may_look(&asked, &headers) {
        return Err(PageError::not_found());
    }
    let collected = metrics::collect().map_err(PageError::internal)?;
    let queue = jobs_admin::queue(&mut *watched.db.acquire().await?, &cx).await?;
    let index = watched.search.state(&cx).await?;
    let of_sweep = index.sweep.as_ref();
    let gauges = [
        ("santinh_jobs_due", "Jobs that are due and not done", queue.due),
        ("santinh_jobs_failed", "Jobs that were given up", queue.failed),
        ("santinh_events_waiting", "Facts that no listener has a job for yet", queue.events),
        (
            "santinh_search_indexed",
            "1: the index answers; 0: the database does",
            i64::from(index.is_indexed),
        ),
        ("santinh_search_documents", "Products that can be found", index.documents),
        (
            "santinh_search_drift",
            "Differences that the last sweep found and mended",
            of_sweep.map_or(0, |s| s.drifted),
        ),
        (
            "santinh_search_compared",
            "Products that the last sweep compared",
            of_sweep.map_or(0, |s| s.compared),
        ),
        ("santinh_search_drift_90_days", "Differences found in 90 days", index.drifted),
        (
            "santinh_database_connections",
            "Connections to the database",
            i64::from(watched.db.size()),
        ),
        ("santinh_database_connections_idle", "Of these idle", watched.db.num_idle() as i64),
    ];
    let mut text = collected.render();
    for (name, help, value) in gauges {
        text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"));
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
