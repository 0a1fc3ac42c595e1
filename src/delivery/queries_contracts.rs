//! The SQL statements of contracts with carriers, and of how carriers name communes.

use super::{carriers::CarrierKind, contracts::Contract};
use crate::kernel::SellerId;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use std::collections::HashMap;
use uuid::Uuid;

/// The contracts of a seller.
pub(super) async fn of_seller(
    db: impl PgExecutor<'_>,
    seller: SellerId,
) -> sqlx::Result<Vec<Contract>> {
    sqlx::query_as!(
        Contract,
        r#"select seller_id as "seller: SellerId", carrier as "carrier: CarrierKind", shop, token, secret, path,
                  tested_at, test
           from delivery.contracts where seller_id = $1 and active order by carrier"#,
        seller.0
    )
    .fetch_all(db)
    .await
}

/// One contract of a seller.
pub(super) async fn one(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    carrier: CarrierKind,
) -> sqlx::Result<Option<Contract>> {
    sqlx::query_as!(
        Contract,
        r#"select seller_id as "seller: SellerId", carrier as "carrier: CarrierKind", shop, token, secret, path,
                  tested_at, test
           from delivery.contracts where seller_id = $1 and carrier = $2 and active"#,
        seller.0,
        carrier.code(),
    )
    .fetch_optional(db)
    .await
}

/// The contracts of these pairs of seller and carrier, in any order.
pub(super) async fn several(
    db: impl PgExecutor<'_>,
    pairs: &[(SellerId, CarrierKind)],
) -> sqlx::Result<Vec<Contract>> {
    let sellers: Vec<Uuid> = pairs.iter().map(|(seller, _)| seller.0).collect();
    let carriers: Vec<String> = pairs.iter().map(|(_, kind)| kind.code().to_owned()).collect();
    sqlx::query_as!(
        Contract,
        r#"select seller_id as "seller: SellerId", carrier as "carrier: CarrierKind", shop, token, secret, path,
                  tested_at, test
           from delivery.contracts
           where active and (seller_id, carrier) in (select * from unnest($1::uuid[], $2::text[]))"#,
        &sellers,
        &carriers,
    )
    .fetch_all(db)
    .await
}

/// The contract to which an address for messages belongs.
pub(super) async fn by_path(
    db: impl PgExecutor<'_>,
    carrier: CarrierKind,
    path: &str,
) -> sqlx::Result<Option<Contract>> {
    sqlx::query_as!(
        Contract,
        r#"select seller_id as "seller: SellerId", carrier as "carrier: CarrierKind", shop, token, secret, path,
                  tested_at, test
           from delivery.contracts where carrier = $1 and path = $2 and active"#,
        carrier.code(),
        path,
    )
    .fetch_optional(db)
    .await
}

/// What is kept of a contract.
pub(super) struct Row<'a> {
    pub(super) carrier: CarrierKind,
    pub(super) shop: &'a str,
    /// `None`: as it was.
    pub(super) token: Option<&'a [u8]>,
    pub(super) secret: Option<&'a [u8]>,
    /// For a new one.
    pub(super) path: &'a str,
}

/// Adds or changes a contract; `false` when a new one has no token.
pub(super) async fn save(
    db: &mut PgConnection,
    seller: SellerId,
    row: &Row<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update delivery.contracts set shop = $3, token = coalesce($4, token), secret = coalesce($5, secret),
                active = true, tested_at = null, test = '', updated_at = $6
         where seller_id = $1 and carrier = $2 and (active or $4::bytea is not null)",
        seller.0,
        row.carrier.code(),
        row.shop,
        row.token,
        row.secret,
        now,
    )
    .execute(&mut *db)
    .await?;
    if changed.rows_affected() == 1 {
        return Ok(true);
    }
    let Some(token) = row.token else { return Ok(false) };
    sqlx::query!(
        "insert into delivery.contracts (seller_id, carrier, shop, token, secret, path, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (seller_id, carrier) do nothing",
        seller.0,
        row.carrier.code(),
        row.shop,
        token,
        row.secret,
        row.path,
        now,
    )
    .execute(db)
    .await?;
    Ok(true)
}

/// Ends a contract: its keys are forgotten, and its prices no longer count. `false`: there is none.
pub(super) async fn end(
    db: &mut PgConnection,
    seller: SellerId,
    carrier: CarrierKind,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update delivery.contracts set active = false, token = '', secret = null
         where seller_id = $1 and carrier = $2 and active",
        seller.0,
        carrier.code(),
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "update delivery.settings set fee_by = null where seller_id = $1 and fee_by = $2",
        seller.0,
        carrier.code(),
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes what came of trying a key.
pub(super) async fn set_test(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    carrier: CarrierKind,
    said: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update delivery.contracts set tested_at = $4, test = $3 where seller_id = $1 and carrier = $2",
        seller.0,
        carrier.code(),
        said,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whose price counts at checkout.
pub(super) async fn set_fee_by(
    db: &mut PgConnection,
    seller: SellerId,
    carrier: Option<CarrierKind>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update delivery.settings set fee_by = $2 where seller_id = $1",
        seller.0,
        carrier.map(CarrierKind::code),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// How a carrier names a commune: district and ward.
pub(super) async fn carrier_place(
    db: impl PgExecutor<'_>,
    carrier: CarrierKind,
    commune: &str,
) -> sqlx::Result<Option<(String, String)>> {
    let row = sqlx::query!(
        "select district, ward from delivery.carrier_places where carrier = $1 and commune_code = $2",
        carrier.code(),
        commune,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.district, row.ward)))
}

/// How carriers name these communes: district and ward; what they do not name is not among the answers.
pub(super) async fn carrier_places_of(
    db: impl PgExecutor<'_>,
    pairs: &[(CarrierKind, &str)],
) -> sqlx::Result<HashMap<(CarrierKind, String), (String, String)>> {
    let carriers: Vec<String> = pairs.iter().map(|(kind, _)| kind.code().to_owned()).collect();
    let communes: Vec<String> = pairs.iter().map(|(_, commune)| (*commune).to_owned()).collect();
    let rows = sqlx::query!(
        r#"select carrier as "carrier: CarrierKind", commune_code, district, ward from delivery.carrier_places
           where (carrier, commune_code) in (select * from unnest($1::text[], $2::text[]))"#,
        &carriers,
        &communes,
    )
    .fetch_all(db)
    .await?;
    let named = rows.into_iter().map(|r| ((r.carrier, r.commune_code), (r.district, r.ward)));
    Ok(named.collect())
}

/// Every name that a carrier has for a commune, for comparison.
pub(super) async fn carrier_places(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select concat_ws('/', carrier, commune_code, district, ward) as "name!" from delivery.carrier_places"#
    )
    .fetch_all(db)
    .await
}

/// Brings in one name.
pub(super) async fn save_carrier_place(
    db: &mut PgConnection,
    carrier: CarrierKind,
    commune: &str,
    district: &str,
    ward: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into delivery.carrier_places (carrier, commune_code, district, ward) values ($1, $2, $3, $4)
         on conflict (carrier, commune_code) do update set district = $3, ward = $4",
        carrier.code(),
        commune,
        district,
        ward,
    )
    .execute(db)
    .await?;
    Ok(())
}
