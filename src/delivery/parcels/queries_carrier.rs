//! The SQL statements around what a carrier was asked and what he answered.

use super::model::{AtCarrier, ParcelId};
use crate::kernel::Vnd;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// Notes where our request to the carrier stands.
pub(in crate::delivery) async fn set_at(
    db: &mut PgConnection,
    id: ParcelId,
    at: AtCarrier,
    refusal: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update delivery.parcels set at_carrier = $2, refusal = $3, asked_at = $4 where id = $1",
        id.0,
        at.code(),
        refusal,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Notes an answer that brought no parcel; what is to be taken back meanwhile stays so.
pub(in crate::delivery) async fn set_failed(
    db: &mut PgConnection,
    id: ParcelId,
    at: AtCarrier,
    why: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update delivery.parcels set at_carrier = $2, refusal = $3, asked_at = $4
         where id = $1 and at_carrier in ('wanted', 'asking')",
        id.0,
        at.code(),
        why,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Notes the carrier's own number, and what he asks; he is asked how it stands from `look_at` on.
pub(in crate::delivery) async fn set_known(
    db: &mut PgConnection,
    id: ParcelId,
    code: &str,
    fee: Option<Vnd>,
    look_at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update delivery.parcels set carrier_code = $2, fee_asked = coalesce($3, fee_asked), look_at = $4, refusal = '',
                at_carrier = case when at_carrier = 'cancelling' then at_carrier else 'known' end
         where id = $1",
        id.0,
        code,
        fee.map(|v| v.0),
        look_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes up parcels of which nothing has been heard for long, the longest silent first; they are asked about again
/// from `next` on.
pub(in crate::delivery) async fn silent(
    db: impl PgExecutor<'_>,
    now: DateTime<Utc>,
    next: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Vec<ParcelId>> {
    sqlx::query_scalar!(
        r#"update delivery.parcels set look_at = $2
           where id in (select id from delivery.parcels where look_at <= $1
                        order by look_at limit $3 for update skip locked)
           returning id as "id: ParcelId""#,
        now,
        next,
        most
    )
    .fetch_all(db)
    .await
}

/// The parcel to which a carrier's message belongs: by our code or by his, in this seller's scope.
pub(in crate::delivery) async fn named(
    db: impl PgExecutor<'_>,
    seller: Uuid,
    carrier: &str,
    ours: &str,
    theirs: &str,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select id from delivery.parcels
         where seller_id = $1 and carrier = $2 and (code = $3 or carrier_code = $4 and $4 <> '')
         order by code = $3 desc limit 1",
        seller,
        carrier,
        ours,
        theirs,
    )
    .fetch_optional(db)
    .await
}

/// Begins to ask the carrier; `false` when somebody else has begun.
pub(in crate::delivery) async fn begin_asking(
    db: impl PgExecutor<'_>,
    id: ParcelId,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update delivery.parcels set at_carrier = 'asking', asked_at = $2 where id = $1 and at_carrier = 'wanted'",
        id.0,
        now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes up what was begun at carriers and not ended, the longest left first; it is not taken up again at once.
pub(in crate::delivery) async fn take_up(
    db: impl PgExecutor<'_>,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Vec<(ParcelId, AtCarrier)>> {
    let rows = sqlx::query!(
        r#"update delivery.parcels set asked_at = $2
           where id in (select id from delivery.parcels
                        where at_carrier in ('wanted', 'asking', 'cancelling') and asked_at <= $1
                        order by asked_at limit $3 for update skip locked)
           returning id as "id: ParcelId", at_carrier as "at: AtCarrier""#,
        before,
        now,
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.at)).collect())
}
