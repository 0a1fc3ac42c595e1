//! The SQL statements of kept prices.

use super::fees::Wanted;
use crate::kernel::Vnd;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

/// Keeps a price, or that there was none.
pub(super) async fn keep(
    db: &mut PgConnection,
    one: &Wanted,
    band_g: i64,
    fee: Option<Vnd>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into delivery.quotes (seller_id, commune_code, band_g, carrier, fee, quoted_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict on constraint quotes_key do update set carrier = $4, fee = $5, quoted_at = $6",
        one.seller.0,
        one.to,
        i32::try_from(band_g).unwrap_or(i32::MAX),
        one.carrier.code(),
        fee.map(|v| v.0),
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes away what no longer holds.
pub(super) async fn forget(
    db: impl PgExecutor<'_>,
    prices: DateTime<Utc>,
    silence: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from delivery.quotes where quoted_at < $1 or fee is null and quoted_at < $2",
        prices,
        silence,
    )
    .execute(db)
    .await?;
    Ok(())
}
