//! Work done outside a request: at least once, and again after a failure.
//!
//! Rows are claimed under a lease, some at once, so no transaction stays open while they run and a crashed
//! worker's rows come back by themselves; what a worker has claimed and not begun it gives back. After its last
//! try a job stays, for the operator to see.

mod handlers;

pub use handlers::{Handler, Handlers, JobError};

use crate::kernel::Cx;
use chrono::{DateTime, TimeDelta, Utc};
use handlers::Erased;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Asks for one run of the handler `name`, in the caller's transaction. The same `dedup_key`
/// twice makes one job.
///
/// # Errors
/// Whatever the database says.
pub async fn enqueue(
    db: &mut PgConnection,
    cx: &Cx,
    name: &str,
    dedup_key: &str,
    payload: &impl Serialize,
) -> sqlx::Result<()> {
    enqueue_at(db, cx, name, dedup_key, payload, cx.now).await
}

/// The same, not before `due`.
///
/// # Errors
/// Whatever the database says.
pub async fn enqueue_at(
    db: &mut PgConnection,
    cx: &Cx,
    name: &str,
    dedup_key: &str,
    payload: &impl Serialize,
    due: DateTime<Utc>,
) -> sqlx::Result<()> {
    let payload = serde_json::to_value(payload).map_err(|e| sqlx::Error::Encode(e.into()))?;
    sqlx::query!(
        "insert into platform.jobs (id, handler, dedup_key, payload, due_at) values ($1, $2, $3, $4, $5)
         on conflict on constraint jobs_once_per_cause_and_handler do nothing",
        cx.new_id(),
        name,
        dedup_key,
        payload,
        due,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// How long one job may take.
const MOST_TIME: Duration = Duration::from_secs(300);
/// How many are claimed at once.
const BATCH: i64 = 32;
/// How long after a claim its jobs are begun: what has not been begun by then goes back.
const BEGIN_WITHIN: Duration = Duration::from_secs(30);
/// Covers the last job that is begun.
const LEASE: TimeDelta = TimeDelta::seconds(330);
const MAX_ATTEMPTS: i32 = 10;

/// Whether [`run_due`] would find an event, if any of `handlers` listens, or a job that one of them does; timers
/// aside.
///
/// # Errors
/// Whatever the database says.
pub async fn are_waiting(db: &PgPool, cx: &Cx, handlers: &Handlers) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from platform.events where relayed_at is null and $3)
               or exists (select from platform.jobs where done_at is null and failed_at is null and due_at <= $1
                          and handler = any($2) and (claimed_until is null or claimed_until < $1)) as "waiting!""#,
        cx.now,
        &handlers.names(),
        !handlers.by_event.is_empty(),
    )
    .fetch_one(db)
    .await
}

/// Turns waiting events and due timers into jobs, then runs every job that is due.
///
/// Returns how many jobs ran; after `stop` only the one in hand is ended. The worker calls this in a loop; a
/// test calls it until it returns zero.
///
/// # Errors
/// Whatever the database says; a job's own failure is written to its row instead.
pub async fn run_due(
    db: &PgPool,
    cx: &Cx,
    handlers: &Handlers,
    stop: &CancellationToken,
) -> sqlx::Result<usize> {
    if !handlers.timers.is_empty() {
        tick(db, cx, handlers).await?;
    }
    if !handlers.by_event.is_empty() {
        while relay(db, cx, handlers).await? > 0 {}
    }
    let mut ran = 0;
    while !stop.is_cancelled() {
        let jobs = claim(db, cx, handlers).await?;
        if jobs.is_empty() {
            break;
        }
        let claimed = Instant::now();
        let mut ends = Vec::with_capacity(jobs.len());
        for job in jobs {
            let too_late = stop.is_cancelled() || claimed.elapsed() > BEGIN_WITHIN;
            ends.push(if too_late { End::given_back(&job) } else { run(cx, handlers, job).await });
        }
        super::db::insist(|| settle(db, cx, &ends)).await?;
        ran += ends.iter().filter(|end| end.outcome.is_some()).count();
    }
    Ok(ran)
}

async fn run(cx: &Cx, handlers: &Handlers, job: Claimed) -> End {
    let (id, attempt) = (job.id, job.attempt);
    let outcome = match handlers.by_name.get(job.handler.as_str()) {
        Some(handler) => {
            let cx = Cx { cause_at: job.due_at.min(cx.now), ..cx.clone() };
            guarded(handler.clone(), cx, job.payload).await
        }
        None => Err(JobError::GiveUp(anyhow::anyhow!("no handler {}", job.handler))),
    };
    if let Err(error) = &outcome {
        tracing::warn!(job = %id, handler = job.handler, attempt, %error, "job failed");
    }
    End { id, attempt, outcome: Some(outcome) }
}

/// A panic is a failure like another; the lease bounds the time.
async fn guarded(
    handler: Arc<dyn Erased>,
    cx: Cx,
    payload: serde_json::Value,
) -> Result<(), JobError> {
    let task = tokio::spawn(async move { handler.handle(&cx, payload).await });
    match tokio::time::timeout(MOST_TIME, task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panic)) => Err(JobError::retry(panic)),
        Err(late) => Err(JobError::retry(late)),
    }
}

async fn tick(db: &PgPool, cx: &Cx, handlers: &Handlers) -> sqlx::Result<()> {
    let (mut ids, mut names, mut causes) = (vec![], vec![], vec![]);
    for (name, period) in &handlers.timers {
        let slot = cx.now.timestamp() / period.num_seconds().max(1);
        ids.push(cx.new_id());
        names.push((*name).to_owned());
        causes.push(format!("timer:{slot}"));
    }
    sqlx::query!(
        "insert into platform.jobs (id, handler, dedup_key, payload, due_at)
         select *, 'null', $4::timestamptz from unnest($1::uuid[], $2::text[], $3::text[])
         on conflict on constraint jobs_once_per_cause_and_handler do nothing",
        &ids,
        &names,
        &causes,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Fans each unrelayed event out to its listeners.
///
/// Rows are picked by `relayed_at is null`, not by a remembered position: when transactions
/// overlap, rows become visible out of order and a position would skip the late ones.
async fn relay(db: &PgPool, cx: &Cx, handlers: &Handlers) -> sqlx::Result<usize> {
    let mut tx = db.begin().await?;
    let events = sqlx::query!(
        "select id, name, payload, happened_at from platform.events
         where relayed_at is null order by seq limit 100 for update skip locked"
    )
    .fetch_all(&mut *tx)
    .await?;
    if events.is_empty() {
        return Ok(0);
    }
    let (mut jobs, mut names, mut causes, mut payloads) = (vec![], vec![], vec![], vec![]);
    let mut dues = vec![];
    for event in &events {
        for handler in handlers.by_event.get(event.name.as_str()).into_iter().flatten() {
            jobs.push(cx.new_id());
            names.push((*handler).to_owned());
            causes.push(event.id.to_string());
            payloads.push(event.payload.clone());
            // The job knows when its cause happened.
            dues.push(event.happened_at.min(cx.now));
        }
    }
    sqlx::query!(
        "insert into platform.jobs (id, handler, dedup_key, payload, due_at)
         select * from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::timestamptz[])
         on conflict on constraint jobs_once_per_cause_and_handler do nothing",
        &jobs,
        &names,
        &causes,
        &payloads,
        &dues,
    )
    .execute(&mut *tx)
    .await?;
    let ids: Vec<Uuid> = events.iter().map(|e| e.id).collect();
    sqlx::query!("update platform.events set relayed_at = $2 where id = any($1)", &ids, cx.now)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(events.len())
}

struct Claimed {
    id: Uuid,
    handler: String,
    payload: serde_json::Value,
    attempt: i32,
    due_at: DateTime<Utc>,
}

/// Takes some of what is due in hand, longest due first.
async fn claim(db: &PgPool, cx: &Cx, handlers: &Handlers) -> sqlx::Result<Vec<Claimed>> {
    let mut claimed = sqlx::query_as!(
        Claimed,
        "update platform.jobs set claimed_until = $2, attempt = attempt + 1
         where id = any (array (select id from platform.jobs
                                where done_at is null and failed_at is null and due_at <= $1 and handler = any($3)
                                  and (claimed_until is null or claimed_until < $1)
                                order by due_at limit $4 for update skip locked))
         returning id, handler, payload, attempt, due_at",
        cx.now,
        cx.now + LEASE,
        &handlers.names(),
        BATCH,
    )
    .fetch_all(db)
    .await?;
    claimed.sort_by_key(|job| (job.due_at, job.id));
    Ok(claimed)
}

/// What became of a claimed job.
struct End {
    id: Uuid,
    attempt: i32,
    /// `None`: it was not begun.
    outcome: Option<Result<(), JobError>>,
}

impl End {
    const fn given_back(job: &Claimed) -> Self {
        Self { id: job.id, attempt: job.attempt, outcome: None }
    }

    const fn is_done(&self) -> bool {
        matches!(self.outcome, Some(Ok(())))
    }

    const fn error(&self) -> Option<&JobError> {
        match &self.outcome {
            Some(Err(error)) => Some(error),
            Some(Ok(())) | None => None,
        }
    }

    fn is_given_up(&self) -> bool {
        self.error().is_some_and(|error| {
            matches!(error, JobError::GiveUp(_)) || self.attempt >= MAX_ATTEMPTS
        })
    }

    /// When it is due again, if it failed.
    fn due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let wait = TimeDelta::seconds(5 * (1i64 << self.attempt.clamp(0, 10)));
        self.error().filter(|_| !self.is_given_up()).map(|_| now + wait)
    }
}

/// The attempt is named, so a worker that lost its lease cannot overwrite the next one's result. A job that was
/// not begun is as it was before the claim.
async fn settle(db: &PgPool, cx: &Cx, ends: &[End]) -> sqlx::Result<()> {
    sqlx::query!(
        "update platform.jobs j
         set claimed_until = null,
             attempt    = case when e.begun then j.attempt else j.attempt - 1 end,
             last_error = case when e.begun then e.error else j.last_error end,
             done_at    = case when e.done then $8::timestamptz end,
             failed_at  = case when e.given_up then $8::timestamptz end,
             due_at     = coalesce(e.due, j.due_at)
         from unnest($1::uuid[], $2::int[], $3::boolean[], $4::text[], $5::boolean[], $6::boolean[], $7::timestamptz[])
              as e (id, attempt, begun, error, done, given_up, due)
         where j.id = any($1) and j.id = e.id and j.attempt = e.attempt",
        &ends.iter().map(|end| end.id).collect::<Vec<_>>(),
        &ends.iter().map(|end| end.attempt).collect::<Vec<_>>(),
        &ends.iter().map(|end| end.outcome.is_some()).collect::<Vec<_>>(),
        &ends.iter().map(|end| end.error().map(ToString::to_string)).collect::<Vec<_>>() as _,
        &ends.iter().map(End::is_done).collect::<Vec<_>>(),
        &ends.iter().map(End::is_given_up).collect::<Vec<_>>(),
        &ends.iter().map(|end| end.due(cx.now)).collect::<Vec<_>>() as _,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}
