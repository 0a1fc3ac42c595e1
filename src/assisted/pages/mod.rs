//! The clerk's counter, the villager's paper, the operator's list of clerks.

pub(super) mod desk;
pub(super) mod listing;
pub(super) mod listing_paper;
pub(super) mod operator;
pub(super) mod purchase;
pub(super) mod seller;

use crate::{
    kernel::{Cx, day_of},
    platform::rules,
    web::{Page, cookies},
};
use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Tells the clerk's browser whose basket it fills; `None`: his own again.
fn dress(page: &Page, visit: Option<Uuid>, mut answer: Response) -> Response {
    let secure = page.site.https();
    let cookie = match visit {
        Some(token) => cookies::session(cookies::ASSISTED, &token.simple().to_string(), secure),
        None => cookies::gone(cookies::ASSISTED, secure),
    };
    for cookie in [cookie, cookies::gone(cookies::BASKET_COUNT, secure)] {
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            answer.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    answer
}

/// Since when a clerk sees what he made.
async fn since(db: &mut PgConnection, cx: &Cx) -> sqlx::Result<DateTime<Utc>> {
    let days = rules::value(db, "assisted.clerk_sees_days", day_of(cx.now), 30).await?;
    Ok(cx.now - TimeDelta::days(days.clamp(0, 366)))
}
