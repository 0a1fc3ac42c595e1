//! The pool of database connections and the migrations.

use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool, PgTransaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Opens a pool whose connections cannot hang: statements, locks and idle transactions have limits.
///
/// A connection that has been idle for a while, or since before another was found broken, is tried before it is
/// lent, so that a server or a proxy that went away in between costs no request, or one.
///
/// # Errors
/// When the server cannot be reached within ten seconds.
pub async fn open(options: PgConnectOptions, connections: u32) -> sqlx::Result<PgPool> {
    let options = options
        .application_name("santinh")
        .log_statements(log::LevelFilter::Trace)
        .log_slow_statements(log::LevelFilter::Warn, Duration::from_secs(1));
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(Duration::from_secs(300))
        .test_before_acquire(false)
        .after_connect(|connection, _| {
            Box::pin(async move {
                // `set` and not start-up options: poolers between us and the server drop those.
                sqlx::raw_sql(
                    "set statement_timeout = '15s'; set lock_timeout = '10s';
                     set idle_in_transaction_session_timeout = '30s'; set timezone = 'UTC'; set jit = off",
                )
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > Duration::from_secs(2) || idled_through_a_break(meta.idle_for) {
                    tokio::time::timeout(Duration::from_secs(2), connection.ping())
                        .await
                        .map_err(|_| sqlx::Error::PoolTimedOut)??;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await
}

/// Begins a transaction for statements that look at everything, once a night: they may take ten minutes each.
///
/// # Errors
/// Whatever the database says.
pub async fn begin_long(db: &PgPool) -> sqlx::Result<PgTransaction<'static>> {
    db.begin_with("begin read only; set local statement_timeout = '10min'").await
}

/// How long [`insist`] goes on, and its pause between two tries.
const INSISTS: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(500);

/// Notes something that has been done and would be done twice without the note: again and again as long as the
/// database is away, up to half a minute.
///
/// # Errors
/// Whatever the database says, and what it said last where it stays away.
pub async fn insist<T, F: Future<Output = sqlx::Result<T>>>(
    note: impl Fn() -> F,
) -> sqlx::Result<T> {
    let begun = Instant::now();
    loop {
        match note().await {
            Err(error) if is_away(&error) && begun.elapsed() < INSISTS => {
                note_break(&error);
                tracing::warn!(%error, "the database is away while something is noted");
                tokio::time::sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

/// When a connection was last found broken, in milliseconds of this program's life.
static BROKEN_AT: AtomicU64 = AtomicU64::new(0);
static BORN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Takes notice of what an error says of connections: where one is broken, others may be.
pub fn note_break(error: &sqlx::Error) {
    if is_away(error) {
        let now = u64::try_from(BORN.elapsed().as_millis()).unwrap_or(u64::MAX);
        BROKEN_AT.fetch_max(now.saturating_add(1), Ordering::Relaxed);
    }
}

fn idled_through_a_break(idle_for: Duration) -> bool {
    let since = BORN.elapsed().saturating_sub(idle_for).as_millis();
    since <= u128::from(BROKEN_AT.load(Ordering::Relaxed))
}

/// Whether the server cannot be reached, or shuts down (57P01–03), or has no room (53300).
fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(e) => {
            matches!(e.code().as_deref(), Some("57P01" | "57P02" | "57P03" | "53300"))
        }
        _ => false,
    }
}

/// The state of the database that this statement sees: two equal ones mean that nothing has been written
/// in between, by anybody.
///
/// # Errors
/// Whatever the database says.
pub async fn snapshot(db: &mut PgConnection) -> sqlx::Result<String> {
    sqlx::query_scalar("select pg_current_snapshot()::text").fetch_one(db).await
}

/// Begins a transaction of many small statements, each of which finds its rows by key: they are planned once
/// for each connection and not, as with lists of keys, each time anew. A plan that is kept must not read a whole
/// table because it was made while that was still empty.
///
/// # Errors
/// Whatever the database says.
pub async fn begin_planned_once(db: &PgPool) -> sqlx::Result<PgTransaction<'static>> {
    db.begin_with(
        "begin; set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off",
    )
    .await
}

/// The same for what need not be on disk when it is acknowledged: for baskets and the like, of which the last half
/// second before the database machine fails is worth less than everybody's waiting. Never for an order, money or
/// stock.
///
/// # Errors
/// Whatever the database says.
pub async fn begin_lightly(db: &PgPool) -> sqlx::Result<PgTransaction<'static>> {
    db.begin_with(
        "begin; set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off;
         set local synchronous_commit = off",
    )
    .await
}

/// Brings the schema up to date; several processes may try at once.
///
/// # Errors
/// A migration that fails, or one that was changed after it had been applied.
pub async fn migrate(options: &PgConnectOptions) -> anyhow::Result<()> {
    // A connection of its own: long migrations have no statement limit.
    let mut connection = options.clone().connect().await?;
    crate::MIGRATOR.run(&mut connection).await?;
    connection.close().await?;
    Ok(())
}
