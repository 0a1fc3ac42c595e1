//! The SQL statements that read parcels whole.

use super::{
    machine::{ParcelEvent, ParcelState},
    model::{AtCarrier, Parcel, ParcelId, ParcelLine, Party, Settled, Told},
};
use crate::{
    delivery::carriers::CarrierKind,
    kernel::{OrderId, SellerId, VariantId, Vnd},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

#[derive(Debug, Deserialize)]
struct LineRow {
    position: i32,
    variant_id: Uuid,
    name: String,
    unit: String,
    quantity: i64,
    out: bool,
    delivered: Option<i64>,
    came_back: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct EventRow {
    at: DateTime<Utc>,
    event: Option<String>,
    raw: String,
    note: String,
    to_state: Option<String>,
    source: String,
}

/// All parcels of an order.
pub(super) async fn of_order(db: &mut PgConnection, order: OrderId) -> sqlx::Result<Vec<Parcel>> {
    select(db, Some(order), None, None, None).await
}

/// One parcel in a seller's scope.
pub(super) async fn by_code(
    db: &mut PgConnection,
    seller: SellerId,
    code: &str,
) -> sqlx::Result<Option<Parcel>> {
    Ok(select(db, None, Some(seller), Some(code), None).await?.pop())
}

/// One parcel, for the system itself.
pub(in crate::delivery) async fn by_id(
    db: &mut PgConnection,
    id: ParcelId,
) -> sqlx::Result<Option<Parcel>> {
    Ok(select(db, None, None, None, Some(id)).await?.pop())
}

async fn select(
    db: &mut PgConnection,
    order: Option<OrderId>,
    seller: Option<SellerId>,
    code: Option<&str>,
    id: Option<ParcelId>,
) -> sqlx::Result<Vec<Parcel>> {
    let rows = sqlx::query!(
        r#"select p.id, code, p.order_id, order_code, seller_id, carrier as "carrier: CarrierKind",
                  state as "state: ParcelState", state_at, at_carrier as "at_carrier: AtCarrier", refusal, carrier_code,
                  tracking, weight_g, measured_g, cod, cod_taken, goods, fee_asked, fee_charged,
                  from_name, from_phone, from_address, from_commune, to_name, to_phone, to_address, to_commune, note,
                  made_at, counted_at, settled as "settled: Settled",
                  (select coalesce(json_agg(l order by l.position), '[]') from delivery.parcel_lines l
                   where l.parcel_id = p.id) as "lines!: Json<Vec<LineRow>>",
                  (select coalesce(json_agg(e order by e.at, e.id), '[]') from delivery.parcel_events e
                   where e.parcel_id = p.id) as "told!: Json<Vec<EventRow>>"
           from delivery.parcels p
           where (p.order_id = $1 or p.code = $3 and p.seller_id = $2 or p.id = $4)
           order by p.id"#,
        order.map(|o| o.0),
        seller.map(|s| s.0),
        code,
        id.map(|p| p.0),
    )
    .fetch_all(db)
    .await?;
    let party = |name, phone, address, commune| Party { name, phone, address, commune };
    let parcels = rows.into_iter().map(|r| Parcel {
        id: ParcelId(r.id),
        code: r.code,
        order: OrderId(r.order_id),
        order_code: r.order_code,
        seller: SellerId(r.seller_id),
        carrier: r.carrier,
        state: r.state,
        state_at: r.state_at,
        at_carrier: r.at_carrier,
        refusal: r.refusal,
        carrier_code: r.carrier_code,
        tracking: r.tracking,
        weight_g: r.weight_g,
        measured_g: r.measured_g,
        cod: Vnd(r.cod),
        cod_taken: r.cod_taken.map(Vnd),
        goods: Vnd(r.goods),
        fee_asked: r.fee_asked.map(Vnd),
        fee_charged: r.fee_charged.map(Vnd),
        from: party(r.from_name, r.from_phone, r.from_address, r.from_commune),
        to: party(r.to_name, r.to_phone, r.to_address, r.to_commune),
        note: r.note,
        made_at: r.made_at,
        counted: r.counted_at.is_some(),
        settled: r.settled,
        lines: r.lines.0.into_iter().map(LineRow::line).collect(),
        told: r.told.0.into_iter().map(|event| event.told(r.carrier)).collect(),
    });
    Ok(parcels.collect())
}

impl LineRow {
    fn line(self) -> ParcelLine {
        ParcelLine {
            position: self.position,
            variant: VariantId(self.variant_id),
            name: self.name,
            unit: self.unit,
            quantity: self.quantity,
            out: self.out,
            delivered: self.delivered,
            came_back: self.came_back,
        }
    }
}

impl EventRow {
    fn told(self, carrier: CarrierKind) -> Told {
        Told {
            fetched: carrier == CarrierKind::Pickup,
            at: self.at,
            event: self.event.as_deref().and_then(ParcelEvent::of),
            raw: self.raw,
            note: self.note,
            moved: self.to_state.is_some(),
            by_carrier: self.source == "carrier",
        }
    }
}
