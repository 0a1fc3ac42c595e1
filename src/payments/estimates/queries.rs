//! The SQL statements of foreign rates.

use super::model::ForeignRate;
use crate::kernel::{Cx, PersonId};
use sqlx::PgConnection;

/// One rate for each currency that has one.
pub(super) async fn current(db: &mut PgConnection) -> sqlx::Result<Vec<ForeignRate>> {
    sqlx::query_as!(
        ForeignRate,
        "select currency, rate, source, as_of from payments.foreign_rates where ended_at is null order by currency"
    )
    .fetch_all(db)
    .await
}

/// Ends the rate of a currency; `false` when there is none.
pub(super) async fn end(db: &mut PgConnection, cx: &Cx, currency: &str) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.foreign_rates set ended_at = $2 where currency = $1 and ended_at is null",
        currency,
        cx.now
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A rate in the place of the one before it.
pub(super) async fn set(
    db: &mut PgConnection,
    cx: &Cx,
    by: PersonId,
    new: &ForeignRate,
) -> sqlx::Result<()> {
    // Two operators at once: one comes after the other.
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('payments.foreign_rates', 0))")
        .execute(&mut *db)
        .await?;
    end(&mut *db, cx, &new.currency).await?;
    sqlx::query!(
        "insert into payments.foreign_rates (id, currency, rate, source, as_of, entered_by, entered_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        cx.new_id(),
        new.currency,
        new.rate,
        new.source,
        new.as_of,
        by.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}
