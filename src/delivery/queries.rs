//! Every SQL statement of `delivery`.

use super::{
    carriers::CarrierKind,
    model::{KeptFee, Rates, Zone, ZoneKind},
};
use crate::kernel::{SellerId, Vnd};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::{PgConnection, types::Json};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(Debug, Deserialize)]
struct ZoneRow {
    id: Uuid,
    position: i32,
    name: String,
    kind: String,
    communes: Vec<String>,
    fee: i64,
    per_kg: i64,
    days_min: i32,
    days_max: i32,
}

impl ZoneRow {
    fn zone(self) -> Option<Zone> {
        Some(Zone {
            id: self.id,
            position: self.position,
            name: self.name,
            kind: ZoneKind::of(&self.kind)?,
            communes: self.communes,
            fee: Vnd(self.fee),
            per_kg: Vnd(self.per_kg),
            days_min: self.days_min,
            days_max: self.days_max,
        })
    }
}

#[derive(Debug, Deserialize)]
struct KeptRow {
    band_g: i64,
    fee: Option<i64>,
}

/// The rates of sellers, with carriers' kept prices to a commune and the communes where delivery is paused.
pub(super) async fn rates(
    db: &mut PgConnection,
    sellers: &[SellerId],
    to: Option<&str>,
) -> sqlx::Result<HashMap<SellerId, Rates>> {
    let ids: Vec<Uuid> = sellers.iter().map(|seller| seller.0).collect();
    let rows = sqlx::query!(
        r#"select w.id as "seller_id!", own_delivery as "own_delivery?", pickup as "pickup?", post_point as "post_point?",
                  free_over, pickup_note as "pickup_note?", fee_by as "fee_by: CarrierKind",
                  (select coalesce(json_agg(z order by z.position, z.id), '[]')
                   from delivery.zones z where z.seller_id = w.id) as "zones!: Json<Vec<ZoneRow>>",
                  (select coalesce(json_agg(q), '[]') from delivery.quotes q
                   where q.seller_id = w.id and q.commune_code = $2 and q.carrier = s.fee_by) as "kept!: Json<Vec<KeptRow>>",
                  (select array_agg(distinct c) from delivery.pauses p, unnest(p.communes) as c
                   where p.ended_at is null) as paused
           from unnest($1::uuid[]) as w (id) left join delivery.settings s on s.seller_id = w.id"#,
        &ids,
        to,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let usual = Rates::usual(Uuid::nil);
            let commune = to.unwrap_or_default().to_owned();
            let kept = |kept: KeptRow| {
                let (band_g, fee) = (kept.band_g, kept.fee.map(Vnd));
                KeptFee { commune: commune.clone(), band_g, fee }
            };
            let zones = match row.own_delivery {
                Some(_) => row.zones.0.into_iter().filter_map(ZoneRow::zone).collect(),
                None => usual.zones,
            };
            let rates = Rates {
                own: row.own_delivery.unwrap_or(usual.own),
                pickup: row.pickup.unwrap_or(usual.pickup),
                post_point: row.post_point.unwrap_or(usual.post_point),
                free_over: row.free_over.map(Vnd),
                pickup_note: row.pickup_note.unwrap_or_default(),
                zones,
                fee_by: row.fee_by,
                kept: row.kept.0.into_iter().map(kept).collect(),
                paused: row.paused.unwrap_or_default(),
            };
            (SellerId(row.seller_id), rates)
        })
        .collect())
}

/// Changes the settings of a seller who has a row.
pub(super) async fn change_settings(
    db: &mut PgConnection,
    seller: SellerId,
    rates: &Rates,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update delivery.settings set own_delivery = $2, pickup = $3, post_point = $4, free_over = $5,
                pickup_note = $6, updated_at = $7
         where seller_id = $1",
        seller.0,
        rates.own,
        rates.pickup,
        rates.post_point,
        rates.free_over.map(|v| v.0),
        rates.pickup_note,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Adds a row of settings unless there is one.
pub(super) async fn insert_settings(
    db: &mut PgConnection,
    seller: SellerId,
    rates: &Rates,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into delivery.settings (seller_id, own_delivery, pickup, post_point, free_over, pickup_note, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (seller_id) do nothing",
        seller.0,
        rates.own,
        rates.pickup,
        rates.post_point,
        rates.free_over.map(|v| v.0),
        rates.pickup_note,
        now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Adds a zone, or changes the one of this id if it is this seller's. `false`: there is none.
pub(super) async fn save_zone(
    db: &mut PgConnection,
    seller: SellerId,
    zone: &Zone,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into delivery.zones as z (id, seller_id, position, name, kind, communes, fee, per_kg, days_min, days_max)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (id) do update set name = $4, kind = $5, communes = $6, fee = $7, per_kg = $8,
             days_min = $9, days_max = $10
         where z.seller_id = $2",
        zone.id,
        seller.0,
        zone.position,
        zone.name,
        zone.kind.code(),
        &zone.communes,
        zone.fee.0,
        zone.per_kg.0,
        zone.days_min,
        zone.days_max,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a zone of this seller away. `false`: there is none.
pub(super) async fn remove_zone(
    db: &mut PgConnection,
    seller: SellerId,
    zone: Uuid,
) -> sqlx::Result<bool> {
    let done =
        sqlx::query!("delete from delivery.zones where id = $1 and seller_id = $2", zone, seller.0)
            .execute(db)
            .await?;
    Ok(done.rows_affected() == 1)
}

/// The sellers who bring nothing to a commune. `at_home`: it is in the floor's own province.
pub(super) async fn out_of_reach(
    db: &mut PgConnection,
    commune: &str,
    at_home: bool,
) -> sqlx::Result<Vec<SellerId>> {
    sqlx::query_scalar!(
        r#"select s.seller_id as "seller: SellerId" from delivery.settings s
           where not (s.own_delivery or s.post_point) or not exists (
               select from delivery.zones z
               where z.seller_id = s.seller_id
                 and (z.kind = 'country' or z.kind = 'province' and $2
                      or z.kind = 'communes' and z.communes @> array[$1]))"#,
        commune,
        at_home,
    )
    .fetch_all(db)
    .await
}
