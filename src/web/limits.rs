//! How fast one address may write or try to sign in.

use super::context::Asked;
use crate::config;
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota};
use std::{net::IpAddr, num::NonZeroU32, sync::Arc};

/// Buckets by address, refilled over a minute.
#[derive(Clone)]
pub struct Limits {
    writes: Option<Arc<DefaultKeyedRateLimiter<IpAddr>>>,
    sign_ins: Option<Arc<DefaultKeyedRateLimiter<IpAddr>>>,
}

/// Paths where guessing is worth something.
const GUARDED: [&str; 5] =
    ["/dang-nhap", "/dang-ky", "/quen-mat-khau", "/dat-lai-mat-khau", "/tra-cuu"];

/// Where machines report, as fast as people pay and parcels move: what they say is proven or asked again.
const MACHINES: [&str; 2] = ["/webhook/", "/giao-hang/"];

impl Limits {
    /// Buckets of the configured sizes; zero means no limit.
    #[must_use]
    pub fn new(config: &config::Limits) -> Self {
        let bucket = |per_minute| {
            let quota = Quota::per_minute(NonZeroU32::new(per_minute)?);
            Some(Arc::new(DefaultKeyedRateLimiter::keyed(quota)))
        };
        Self {
            writes: bucket(config.writes_per_minute),
            sign_ins: bucket(config.sign_ins_per_minute),
        }
    }

    fn allows(&self, request: &Request) -> bool {
        if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
            return true;
        }
        let Some(asked) = request.extensions().get::<Asked>() else { return true };
        if MACHINES.iter().any(|path| request.uri().path().starts_with(path)) {
            return true;
        }
        let guarded = GUARDED.iter().any(|path| request.uri().path().starts_with(path));
        let within = |bucket: &Option<Arc<DefaultKeyedRateLimiter<IpAddr>>>| {
            bucket.as_ref().is_none_or(|bucket| bucket.check_key(&asked.address).is_ok())
        };
        within(&self.writes) && (!guarded || within(&self.sign_ins))
    }

    /// Forgets addresses whose buckets are full again; called by a timer.
    pub fn tidy(&self) {
        for bucket in [&self.writes, &self.sign_ins].into_iter().flatten() {
            bucket.retain_recent();
        }
    }
}

/// Answers 429 when an address writes too fast.
pub async fn guard(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    if limits.allows(&request) {
        next.run(request).await
    } else {
        StatusCode::TOO_MANY_REQUESTS.into_response()
    }
}
