//! Jobs as the operator sees them: how much waits, what was given up, and starting one again.

use crate::kernel::Cx;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// How the queue stands.
#[derive(Debug, Clone)]
pub struct Queue {
    /// Due and not yet done.
    pub due: i64,
    /// Since when the oldest of these has been due.
    pub oldest_due: Option<DateTime<Utc>>,
    /// Waiting for their time.
    pub later: i64,
    /// Given up: a person must look.
    pub failed: i64,
    /// Facts that no listener has a job for yet.
    pub events: i64,
}

/// How the queue stands now.
///
/// # Errors
/// Whatever the database says.
pub async fn queue(db: &mut PgConnection, cx: &Cx) -> sqlx::Result<Queue> {
    sqlx::query_as!(
        Queue,
        r#"select count(*) filter (where failed_at is null and due_at <= $1) as "due!",
                  min(due_at) filter (where failed_at is null and due_at <= $1) as oldest_due,
                  count(*) filter (where failed_at is null and due_at > $1) as "later!",
                  count(*) filter (where failed_at is not null) as "failed!",
                  (select count(*) from platform.events where relayed_at is null) as "events!"
           from platform.jobs where done_at is null"#,
        cx.now,
    )
    .fetch_one(db)
    .await
}

/// Which jobs to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Failed,
    Waiting,
    Done,
}

/// A job.
#[derive(Debug, Clone)]
pub struct JobRow {
    pub id: Uuid,
    pub handler: String,
    pub payload: serde_json::Value,
    pub due_at: DateTime<Utc>,
    pub attempt: i32,
    pub done_at: Option<DateTime<Utc>>,
    pub failed_at: Option<DateTime<Utc>>,
    pub last_error: Option<String>,
}

/// The newest jobs of a kind before a moment.
///
/// # Errors
/// Whatever the database says.
pub async fn jobs(
    db: &mut PgConnection,
    which: Which,
    before: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<Vec<JobRow>> {
    // Three statements, so that each uses the index made for it.
    match which {
        Which::Failed => {
            sqlx::query_as!(
                JobRow,
                "select id, handler, payload, due_at, attempt, done_at, failed_at, last_error
                 from platform.jobs where failed_at is not null and failed_at < $1
                 order by failed_at desc limit $2",
                before,
                limit
            )
            .fetch_all(db)
            .await
        }
        Which::Waiting => {
            sqlx::query_as!(
                JobRow,
                "select id, handler, payload, due_at, attempt, done_at, failed_at, last_error
                 from platform.jobs where done_at is null and failed_at is null and due_at < $1
                 order by due_at desc limit $2",
                before,
                limit
            )
            .fetch_all(db)
            .await
        }
        Which::Done => {
            sqlx::query_as!(
                JobRow,
                "select id, handler, payload, due_at, attempt, done_at, failed_at, last_error
                 from platform.jobs where done_at is not null and done_at < $1
                 order by done_at desc limit $2",
                before,
                limit
            )
            .fetch_all(db)
            .await
        }
    }
}

/// Starts a job that was given up again, from its first try; `None` when there is no such job.
/// Answers the name of its handler.
///
/// # Errors
/// Whatever the database says.
pub async fn replay(db: &mut PgConnection, cx: &Cx, id: Uuid) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "update platform.jobs set failed_at = null, claimed_until = null, attempt = 0, due_at = $2
         where id = $1 and failed_at is not null returning handler",
        id,
        cx.now,
    )
    .fetch_optional(db)
    .await
}
