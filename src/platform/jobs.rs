//! Work done outside a request: at least once, and again after a failure.
//!
//! A row is claimed under a lease, so no transaction stays open while it runs and a crashed
//! worker's rows come back by themselves. After its last try a job stays, for the operator to see.

use crate::{kernel::Cx, platform::outbox::Event};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{PgConnection, PgPool};
use std::{collections::HashMap, marker::PhantomData, sync::Arc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How a job failed, which decides what happens next.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The world was not ready; try again later.
    #[error("will retry: {0:#}")]
    Retry(anyhow::Error),
    /// Trying again cannot help; a person must look.
    #[error("gave up: {0:#}")]
    GiveUp(anyhow::Error),
}

impl JobError {
    /// Try again later.
    pub fn retry(error: impl Into<anyhow::Error>) -> Self {
        Self::Retry(error.into())
    }

    /// A person must look.
    pub fn give_up(error: impl Into<anyhow::Error>) -> Self {
        Self::GiveUp(error.into())
    }
}

/// A database that fails today may answer tomorrow.
impl From<sqlx::Error> for JobError {
    fn from(error: sqlx::Error) -> Self {
        Self::retry(error)
    }
}

/// Does one kind of work. Must be safe to run twice, and re-reads the state it acts on.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// What a run is given: an event, a job's own payload, or `()` for a timer.
    type Payload: DeserializeOwned + Send + 'static;
    /// `slice.verb`, unique in the program; stored with the job.
    const NAME: &'static str;

    /// Does the work.
    async fn handle(&self, cx: &Cx, payload: Self::Payload) -> Result<(), JobError>;
}

#[async_trait]
trait Erased: Send + Sync {
    async fn handle(&self, cx: &Cx, payload: serde_json::Value) -> Result<(), JobError>;
}

struct Typed<H>(H, PhantomData<H>);

#[async_trait]
impl<H: Handler> Erased for Typed<H> {
    async fn handle(&self, cx: &Cx, payload: serde_json::Value) -> Result<(), JobError> {
        let payload = serde_json::from_value(payload).map_err(JobError::give_up)?;
        self.0.handle(cx, payload).await
    }
}

/// Who does what, and when. Filled once, in `app.rs`.
#[derive(Clone, Default)]
pub struct Handlers {
    by_event: HashMap<&'static str, Vec<&'static str>>,
    by_name: HashMap<&'static str, Arc<dyn Erased>>,
    timers: Vec<(&'static str, TimeDelta)>,
}

impl Handlers {
    /// `handler` hears the event `E`.
    #[must_use]
    pub fn on<E: Event, H: Handler<Payload = E>>(mut self, handler: H) -> Self {
        self.by_event.entry(E::NAME).or_default().push(H::NAME);
        self.with(handler)
    }

    /// `handler` runs once in each period, in whichever process comes first.
    #[must_use]
    pub fn every<H: Handler<Payload = ()>>(mut self, period: TimeDelta, handler: H) -> Self {
        self.timers.push((H::NAME, period));
        self.with(handler)
    }

    /// `handler` does the jobs that are enqueued under its name.
    #[must_use]
    pub fn with<H: Handler>(mut self, handler: H) -> Self {
        self.by_name.insert(H::NAME, Arc::new(Typed(handler, PhantomData)));
        self
    }

    /// Jobs of other names are a newer program's: they are left to it.
    fn names(&self) -> Vec<String> {
        self.by_name.keys().map(|name| (*name).to_owned()).collect()
    }
}

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
    let payload = serde_json::to_value(payload).map_err(|e| sqlx::Error::Encode(e.into()))?;
    sqlx::query!(
        "insert into platform.jobs (id, handler, dedup_key, payload, due_at) values ($1, $2, $3, $4, $5)
         on conflict on constraint jobs_once_per_cause_and_handler do nothing",
        cx.new_id(),
        name,
        dedup_key,
        payload,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

const LEASE: TimeDelta = TimeDelta::minutes(5);
const MAX_ATTEMPTS: i32 = 10;

/// Whether [`run_due`] would find an event, or a job that one of `handlers` does; timers aside.
///
/// # Errors
/// Whatever the database says.
pub async fn are_waiting(db: &PgPool, cx: &Cx, handlers: &Handlers) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from platform.events where relayed_at is null)
               or exists (select from platform.jobs where done_at is null and failed_at is null and due_at <= $1
                          and handler = any($2) and (claimed_until is null or claimed_until < $1)) as "waiting!""#,
        cx.now,
        &handlers.names(),
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
    tick(db, cx, handlers).await?;
    while relay(db, cx, handlers).await? > 0 {}
    let mut ran = 0;
    while !stop.is_cancelled() {
        let Some(job) = claim(db, cx, handlers).await? else { break };
        let outcome = match handlers.by_name.get(job.handler.as_str()) {
            Some(handler) => run(handler.clone(), cx.clone(), job.payload).await,
            None => Err(JobError::GiveUp(anyhow::anyhow!("no handler {}", job.handler))),
        };
        if let Err(error) = &outcome {
            tracing::warn!(job = %job.id, handler = job.handler, attempt = job.attempt, %error, "job failed");
        }
        settle(db, cx, job.id, job.attempt, outcome).await?;
        ran += 1;
    }
    Ok(ran)
}

/// A panic is a failure like another; the lease bounds the time.
async fn run(handler: Arc<dyn Erased>, cx: Cx, payload: serde_json::Value) -> Result<(), JobError> {
    let task = tokio::spawn(async move { handler.handle(&cx, payload).await });
    match tokio::time::timeout(LEASE.to_std().unwrap_or_default(), task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panic)) => Err(JobError::retry(panic)),
        Err(late) => Err(JobError::retry(late)),
    }
}

async fn tick(db: &PgPool, cx: &Cx, handlers: &Handlers) -> sqlx::Result<()> {
    for (name, period) in &handlers.timers {
        let slot = cx.now.timestamp() / period.num_seconds().max(1);
        sqlx::query!(
            "insert into platform.jobs (id, handler, dedup_key, payload, due_at) values ($1, $2, $3, 'null', $4)
             on conflict on constraint jobs_once_per_cause_and_handler do nothing",
            cx.new_id(),
            *name,
            format!("timer:{slot}"),
            cx.now,
        )
        .execute(db)
        .await?;
    }
    Ok(())
}

/// Fans each unrelayed event out to its listeners.
///
/// Rows are picked by `relayed_at is null`, not by a remembered position: when transactions
/// overlap, rows become visible out of order and a position would skip the late ones.
async fn relay(db: &PgPool, cx: &Cx, handlers: &Handlers) -> sqlx::Result<usize> {
    let mut tx = db.begin().await?;
    let events = sqlx::query!(
        "select id, name, payload from platform.events
         where relayed_at is null order by seq limit 100 for update skip locked"
    )
    .fetch_all(&mut *tx)
    .await?;
    if events.is_empty() {
        return Ok(0);
    }
    let (mut jobs, mut names, mut causes, mut payloads) = (vec![], vec![], vec![], vec![]);
    for event in &events {
        for handler in handlers.by_event.get(event.name.as_str()).into_iter().flatten() {
            jobs.push(cx.new_id());
            names.push((*handler).to_owned());
            causes.push(event.id.to_string());
            payloads.push(event.payload.clone());
        }
    }
    sqlx::query!(
        "insert into platform.jobs (id, handler, dedup_key, payload, due_at)
         select *, $5::timestamptz from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[])
         on conflict on constraint jobs_once_per_cause_and_handler do nothing",
        &jobs,
        &names,
        &causes,
        &payloads,
        cx.now,
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
}

async fn claim(db: &PgPool, cx: &Cx, handlers: &Handlers) -> sqlx::Result<Option<Claimed>> {
    sqlx::query_as!(
        Claimed,
        "update platform.jobs set claimed_until = $2, attempt = attempt + 1
         where id = (select id from platform.jobs
                     where done_at is null and failed_at is null and due_at <= $1 and handler = any($3)
                       and (claimed_until is null or claimed_until < $1)
                     order by due_at limit 1 for update skip locked)
         returning id, handler, payload, attempt",
        cx.now,
        cx.now + LEASE,
        &handlers.names(),
    )
    .fetch_optional(db)
    .await
}

/// The attempt is named, so a worker that lost its lease cannot overwrite the next one's result.
async fn settle(
    db: &PgPool,
    cx: &Cx,
    id: Uuid,
    attempt: i32,
    outcome: Result<(), JobError>,
) -> sqlx::Result<()> {
    let failed = matches!(outcome, Err(JobError::GiveUp(_)))
        || (outcome.is_err() && attempt >= MAX_ATTEMPTS);
    let wait = TimeDelta::seconds(5 * (1i64 << attempt.clamp(0, 10)));
    let due: DateTime<Utc> = cx.now + wait;
    sqlx::query!(
        "update platform.jobs set claimed_until = null, last_error = $3,
                done_at   = case when $4 then $6::timestamptz end,
                failed_at = case when $5 then $6::timestamptz end,
                due_at    = case when $4 or $5 then due_at else $7 end
         where id = $1 and attempt = $2",
        id,
        attempt,
        outcome.as_ref().err().map(ToString::to_string),
        outcome.is_ok(),
        failed,
        cx.now,
        due,
    )
    .execute(db)
    .await?;
    Ok(())
}
