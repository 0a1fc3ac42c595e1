//! Facts, written in the transaction of the change they tell of.

use crate::kernel::Cx;
use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::PgConnection;

/// Something that happened, named in the past tense.
///
/// A payload is stored and may be read by a newer program: add fields with
/// `#[serde(default)]`; to change a meaning, make a new event.
pub trait Event: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// `slice.fact`, unique in the program and never reused.
    const NAME: &'static str;
}

/// Tells the world of `event` once the caller's transaction commits.
///
/// # Errors
/// Whatever the database says.
pub async fn publish<E: Event>(db: &mut PgConnection, cx: &Cx, event: &E) -> sqlx::Result<()> {
    let payload = serde_json::to_value(event).map_err(|e| sqlx::Error::Encode(e.into()))?;
    sqlx::query!(
        "insert into platform.events (id, name, payload, happened_at) values ($1, $2, $3, $4)",
        cx.new_id(),
        E::NAME,
        payload,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes events whose name begins with `prefix` and that happened before `moment` for told: nobody hears of
/// them any more. For history that is brought in.
///
/// # Errors
/// Whatever the database says.
pub async fn consider_told(
    db: &mut PgConnection,
    cx: &Cx,
    prefix: &str,
    moment: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update platform.events set relayed_at = $3
         where relayed_at is null and starts_with(name, $1) and happened_at < $2",
        prefix,
        moment,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}
