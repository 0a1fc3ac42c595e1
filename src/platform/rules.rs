//! Law and policy as rows: figures with their validity and their source.

use crate::{kernel::Day, platform::reference};
use serde::Deserialize;
use sqlx::PgConnection;

/// The value of `key` on `day`; `fallback` where no row is valid, which the setup check reports.
///
/// # Errors
/// Whatever the database says.
pub async fn value(db: &mut PgConnection, key: &str, day: Day, fallback: i64) -> sqlx::Result<i64> {
    let found = sqlx::query_scalar!(
        "select value from platform.rules
         where key = $1 and valid_from <= $2 and (valid_to is null or valid_to > $2)",
        key,
        day,
    )
    .fetch_optional(db)
    .await?;
    Ok(found.unwrap_or(fallback))
}

/// All values of a key with the days from and before which each is valid: for lists over many days.
///
/// # Errors
/// Whatever the database says.
pub async fn spans(db: &mut PgConnection, key: &str) -> sqlx::Result<Vec<(Day, Option<Day>, i64)>> {
    let rows = sqlx::query!(
        "select valid_from, valid_to, value from platform.rules where key = $1 order by valid_from",
        key
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.valid_from, row.valid_to, row.value)).collect())
}

/// The values of several keys on `day`, each with its fallback, in one statement.
///
/// # Errors
/// Whatever the database says.
pub async fn values<const N: usize>(
    db: &mut PgConnection,
    wanted: [(&str, i64); N],
    day: Day,
) -> sqlx::Result<[i64; N]> {
    let keys = wanted.map(|(key, _)| key.to_owned());
    let found = sqlx::query!(
        "select key, value from platform.rules
         where key = any($1) and valid_from <= $2 and (valid_to is null or valid_to > $2)",
        &keys,
        day,
    )
    .fetch_all(db)
    .await?;
    Ok(wanted.map(|(key, fallback)| {
        found.iter().find(|row| row.key == key).map_or(fallback, |row| row.value)
    }))
}

#[derive(Deserialize)]
struct Row {
    key: String,
    value: i64,
    unit: String,
    valid_from: Day,
    /// The last day, as laws say it; the table keeps the day after.
    #[serde(deserialize_with = "reference::optional_day")]
    valid_to: Option<Day>,
    legal_ref: String,
    note_vi: String,
}

/// Loads `data/rules.csv`. A rule that the operator has edited is kept: the file only adds rows.
///
/// # Errors
/// A broken file, or whatever the database says.
pub async fn load(db: &mut PgConnection) -> anyhow::Result<()> {
    for row in reference::rows::<Row>(include_str!("../../data/rules.csv"))? {
        sqlx::query!(
            "insert into platform.rules (key, valid_from, valid_to, value, unit, legal_ref, note)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
            row.key,
            row.valid_from,
            row.valid_to.and_then(|last| last.succ_opt()),
            row.value,
            row.unit,
            row.legal_ref,
            row.note_vi,
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}
