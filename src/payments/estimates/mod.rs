//! What a sum of đồng is about worth in foreign money: shown beside it to buyers abroad, never charged by.
//!
//! The rates are rows that the operator enters with their source and day; none is fetched, and there is none at first, so
//! nothing is shown. One that has grown old is not shown either.

mod model;
mod pages;
mod queries;

pub use model::ForeignRate;

use super::routes::Deps;
use crate::{
    kernel::{Cx, day_of},
    platform::rules,
};
use axum::{
    Router,
    routing::{get, post},
};
use chrono::TimeDelta;
use sqlx::PgConnection;

/// The rates by which estimates are shown today, by currency.
///
/// # Errors
/// Whatever the database says.
pub async fn estimates(db: &mut PgConnection, cx: &Cx) -> sqlx::Result<Vec<ForeignRate>> {
    let today = day_of(cx.now);
    let all = queries::current(db).await?;
    if all.is_empty() {
        return Ok(all);
    }
    let days = rules::value(db, "payments.estimate_rate_days", today, 31).await?;
    let oldest = today - TimeDelta::days(days.clamp(1, 3650));
    Ok(all.into_iter().filter(|rate| rate.as_of >= oldest).collect())
}

/// The operator's page.
pub(super) fn router() -> Router<Deps> {
    Router::new()
        .route("/van-hanh/ty-gia", get(pages::show).post(pages::set))
        .route("/van-hanh/ty-gia/bo", post(pages::drop_one))
}
