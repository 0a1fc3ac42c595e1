//! The statements that count how often somebody reports.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// Counts a report of one reporter within the hour, however many servers there are; `false`: he has had his six.
pub(super) async fn take_turn(
    db: &mut PgConnection,
    reporter: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into reviews.report_turns as t (reporter, turns, hour) values ($1, 1, $2)
         on conflict (reporter) do update set turns = t.turns + 1 where t.turns < 6",
        reporter,
        now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets turns of hours that are over.
pub(super) async fn forget_turns(db: &mut PgConnection, before: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("delete from reviews.report_turns where hour < $1", before).execute(db).await?;
    Ok(())
}
