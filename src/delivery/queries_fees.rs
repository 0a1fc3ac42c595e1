//! The SQL statements of kept prices.

use super::{fees::Wanted, model::band};
use crate::kernel::Vnd;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// Keeps prices, or that there were none.
pub(super) async fn keep(
    db: &mut PgConnection,
    answers: &[(&Wanted, Option<Vnd>)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let of =
        |text: fn(&Wanted) -> String| answers.iter().map(|(one, _)| text(one)).collect::<Vec<_>>();
    let sellers: Vec<Uuid> = answers.iter().map(|(one, _)| one.seller.0).collect();
    let bands =
        answers.iter().map(|(one, _)| i32::try_from(band(one.weight_g)).unwrap_or(i32::MAX));
    let fees: Vec<Option<i64>> = answers.iter().map(|(_, fee)| fee.map(|fee| fee.0)).collect();
    sqlx::query!(
        "insert into delivery.quotes (seller_id, commune_code, band_g, carrier, fee, quoted_at)
         select distinct on (a.seller, a.commune, a.band) a.seller, a.commune, a.band, a.carrier, a.fee, $6
         from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::bigint[])
              as a (seller, commune, band, carrier, fee)
         order by a.seller, a.commune, a.band
         on conflict on constraint quotes_key do update
             set carrier = excluded.carrier, fee = excluded.fee, quoted_at = excluded.quoted_at",
        &sellers,
        &of(|one| one.to.clone()),
        &bands.collect::<Vec<_>>(),
        &of(|one| one.carrier.code().to_owned()),
        &fees as &[Option<i64>],
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
