//! SQL of rebuilding an index and of comparing it with the database.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// How far a rebuild is.
#[derive(Debug, Clone)]
pub struct Rebuild {
    pub asked_at: DateTime<Utc>,
    pub began_at: Option<DateTime<Utc>>,
    pub done: i64,
    pub of: i64,
    pub finished_at: Option<DateTime<Utc>>,
    /// Why it failed.
    pub error: Option<String>,
}

pub(super) async fn ask(db: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("insert into search.rebuilds (id, asked_at) values ($1, $2)", id, now)
        .execute(db)
        .await?;
    Ok(())
}

/// A rebuild that was asked for and that nobody has begun; now this process has.
pub(super) async fn claim(db: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "update search.rebuilds set began_at = $1
         where id = (select id from search.rebuilds where began_at is null
                     order by asked_at limit 1 for update skip locked)
         returning id",
        now,
    )
    .fetch_optional(db)
    .await
}

/// Gives up waiting for somebody to do it: whether nobody had begun.
pub(super) async fn withdraw(db: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from search.rebuilds where id = $1 and began_at is null", id)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn progress(
    db: &mut PgConnection,
    id: Uuid,
    done: i64,
    of: i64,
) -> sqlx::Result<()> {
    sqlx::query!("update search.rebuilds set done = $2, of = $3 where id = $1", id, done, of)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn finish(
    db: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
    error: Option<String>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update search.rebuilds set finished_at = $2, error = $3 where id = $1",
        id,
        now,
        error
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn rebuild(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Rebuild>> {
    sqlx::query_as!(
        Rebuild,
        "select asked_at, began_at, done, of, finished_at, error from search.rebuilds where id = $1",
        id
    )
    .fetch_optional(db)
    .await
}

/// Whether this connection's process now is the one that writes to the shared index, until it is closed.
pub(super) async fn keep_index(db: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar("select pg_try_advisory_lock(4403)").fetch_one(db).await
}

pub(super) async fn note_sweep(
    db: &mut PgConnection,
    at: DateTime<Utc>,
    compared: i64,
    drifted: i64,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into search.sweeps (at, compared, drifted) values ($1, $2, $3)
         on conflict (at) do update set compared = excluded.compared, drifted = excluded.drifted",
        at,
        compared,
        drifted,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from search.sweeps where at < $1::timestamptz - interval '90 days'", at)
        .execute(db)
        .await?;
    Ok(())
}

/// One comparison of the index with the database.
#[derive(Debug, Clone)]
pub struct Sweep {
    pub at: DateTime<Utc>,
    pub compared: i64,
    /// Documents that the index had otherwise.
    pub drifted: i64,
}

pub(super) async fn last_sweep(db: &mut PgConnection) -> sqlx::Result<Option<Sweep>> {
    sqlx::query_as!(
        Sweep,
        "select at, compared, drifted from search.sweeps order by at desc limit 1"
    )
    .fetch_optional(db)
    .await
}

/// Differences found since then.
pub(super) async fn drifted(db: &mut PgConnection, since: DateTime<Utc>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(drifted), 0)::bigint as "n!" from search.sweeps where at >= $1"#,
        since
    )
    .fetch_one(db)
    .await
}

/// The rebuild that was asked for last.
pub(super) async fn last_rebuild(db: &mut PgConnection) -> sqlx::Result<Option<Rebuild>> {
    sqlx::query_as!(
        Rebuild,
        "select asked_at, began_at, done, of, finished_at, error from search.rebuilds
         order by asked_at desc limit 1"
    )
    .fetch_optional(db)
    .await
}

/// Asks for a rebuild unless one waits to begin; whether it was asked for.
pub(super) async fn ask_once(
    db: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into search.rebuilds (id, asked_at) select $1, $2
         where not exists (select from search.rebuilds where began_at is null)",
        id,
        now
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
