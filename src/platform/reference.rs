//! Reference files that the product ships under `data/`: read from the binary, loaded when they change.

use crate::kernel::{Cx, Day, parse_day};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

/// The rows of an embedded CSV file with a header.
///
/// # Errors
/// The line and column of the first row that does not fit `T`.
pub fn rows<T: DeserializeOwned>(text: &str) -> anyhow::Result<Vec<T>> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

/// For serde: an empty cell is `None`.
///
/// # Errors
/// A cell that is neither empty nor a date.
pub fn optional_day<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Day>, D::Error> {
    let cell = String::deserialize(d)?;
    if cell.is_empty() {
        return Ok(None);
    }
    parse_day(&cell).map(Some).map_err(serde::de::Error::custom)
}

/// For serde: `1` or `0`.
///
/// # Errors
/// Any other cell.
pub fn flag<'de, D: Deserializer<'de>>(d: D) -> Result<bool, D::Error> {
    match String::deserialize(d)?.as_str() {
        "1" => Ok(true),
        "0" | "" => Ok(false),
        other => Err(serde::de::Error::custom(format!("not 0 or 1: {other}"))),
    }
}

/// For serde: `a;b;c`.
///
/// # Errors
/// Never, but serde asks.
pub fn list<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    let cell = String::deserialize(d)?;
    Ok(cell.split(';').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect())
}

/// Whether the files `texts`, together known as `name`, differ from what was loaded last;
/// notes the new digest in the caller's transaction.
///
/// # Errors
/// Whatever the database says.
pub async fn changed(
    db: &mut PgConnection,
    cx: &Cx,
    name: &str,
    texts: &[&str],
) -> sqlx::Result<bool> {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    let digest = hash.finalize().to_vec();
    let written = sqlx::query!(
        "insert into platform.reference_loads (name, digest, loaded_at) values ($1, $2, $3)
         on conflict (name) do update set digest = excluded.digest, loaded_at = excluded.loaded_at
         where platform.reference_loads.digest <> excluded.digest",
        name,
        digest,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Lifts the limits on a statement's time for the caller's transaction: a load takes as long as it takes.
///
/// # Errors
/// Whatever the database says.
pub async fn patient(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql(
        "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0",
    )
    .execute(db)
    .await?;
    Ok(())
}
