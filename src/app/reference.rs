//! Loads what the product ships under `data/`, when it changed.

use crate::{
    kernel::Cx,
    platform::{clock::Clock, rules},
};
use sqlx::PgPool;

/// Loads every slice's reference files in one transaction. A second run changes nothing.
///
/// # Errors
/// A broken file, or whatever the database says.
pub async fn load(db: &PgPool, clock: &Clock) -> anyhow::Result<()> {
    let cx = Cx::at(clock.now());
    let mut tx = db.begin().await?;
    // Several processes may start at once: one loads, the others wait and find it done.
    sqlx::query("select pg_advisory_xact_lock(4401)").execute(&mut *tx).await?;
    sqlx::query("set local statement_timeout = '120s'").execute(&mut *tx).await?;
    rules::load(&mut tx).await?;
    crate::places::load_reference(&mut tx, &cx).await?;
    crate::catalogue::load_reference(&mut tx, &cx).await?;
    crate::enterprises::load_reference(&mut tx, &cx).await?;
    crate::search::load_reference(&mut tx, &cx).await?;
    crate::participation::load_reference(&mut tx, &cx).await?;
    tx.commit().await?;
    Ok(())
}
