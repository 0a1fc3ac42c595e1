//! The SQL statements of pauses.

use super::pauses::{NewPause, Pause};
use crate::kernel::Cx;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// The newest pauses; `current`: those that have not ended.
pub(super) async fn list(db: impl PgExecutor<'_>, current: bool) -> sqlx::Result<Vec<Pause>> {
    sqlx::query_as!(
        Pause,
        "select id, communes, reason, reason_en, begins_at, ends_at, ended_at from delivery.pauses
         where ended_at is null or not $1 order by ended_at is not null, begins_at desc, id desc limit 50",
        current,
    )
    .fetch_all(db)
    .await
}

/// Writes a pause that begins now.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    new: &NewPause<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into delivery.pauses (id, communes, reason, reason_en, begins_at, ends_at, set_by)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id,
        new.communes,
        new.reason,
        new.reason_en,
        cx.now,
        new.until,
        cx.person().map(|p| p.0),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Ends a pause by hand; `false` when there is none that has not ended.
pub(super) async fn end(db: &mut PgConnection, cx: &Cx, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update delivery.pauses set ended_at = greatest($2, begins_at), ended_by = $3 where id = $1 and ended_at is null",
        id,
        cx.now,
        cx.person().map(|p| p.0),
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends what has run out.
pub(super) async fn end_due(db: impl PgExecutor<'_>, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update delivery.pauses set ended_at = ends_at where ended_at is null and ends_at <= $1",
        now
    )
    .execute(db)
    .await?;
    Ok(())
}
