//! A line over every page for readers in a commune to which delivery is paused, as far as their browser has said where
//! they are. What is paused is kept in memory for a moment; while nothing is, a request pays for one look there.

use super::pauses::{self, Pause};
use crate::{
    kernel::Text,
    web::{Notice, cookies},
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use axum_extra::extract::cookie::CookieJar;
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};

/// The pauses of this moment, as this process knows them.
#[derive(Clone)]
pub struct Notices {
    db: PgPool,
    kept: moka::future::Cache<(), Arc<Vec<Pause>>>,
}

/// How long another process's pause may stay unknown here.
const LONGEST: Duration = Duration::from_secs(20);

impl Notices {
    /// Knows nothing yet.
    #[must_use]
    pub fn new(db: PgPool) -> Self {
        let kept = moka::future::Cache::builder().max_capacity(1).time_to_live(LONGEST).build();
        Self { db, kept }
    }

    async fn current(&self) -> Arc<Vec<Pause>> {
        let look = async {
            // A database that is away is the page's business, not the banner's.
            let found = match self.db.acquire().await {
                Ok(mut db) => pauses::current(&mut db).await.unwrap_or_default(),
                Err(_) => Vec::new(),
            };
            Arc::new(found)
        };
        // However many ask at once, one looks.
        self.kept.get_with((), look).await
    }

    /// What was changed here is known here at once.
    pub(super) async fn forget(&self) {
        self.kept.invalidate(&()).await;
    }
}

/// Lays the notice beside the request of a reader whom a pause concerns.
pub async fn layer(State(notices): State<Notices>, mut request: Request, next: Next) -> Response {
    let page = request.method() == axum::http::Method::GET
        && !request.uri().path().starts_with("/static/");
    let known = request.headers().contains_key("cookie");
    if page && known {
        let current = notices.current().await;
        if !current.is_empty() {
            let jar = CookieJar::from_headers(request.headers());
            let here = jar.get(cookies::COMMUNE).map(|cookie| cookie.value().to_owned());
            let here = here.unwrap_or_default();
            if let Some(pause) = current.iter().find(|pause| pause.communes.contains(&here)) {
                request.extensions_mut().insert(notice(pause));
            }
        }
    }
    next.run(request).await
}

fn notice(pause: &Pause) -> Notice {
    let until = pause.until();
    let english = if pause.reason_en.is_empty() { &pause.reason } else { &pause.reason_en };
    Notice(Text::new(
        format!("Đang tạm dừng giao hàng tới nơi của bạn, dự kiến đến {until}. {}", pause.reason),
        format!("Delivery to where you are is paused, expected until {until}. {english}"),
    ))
}
