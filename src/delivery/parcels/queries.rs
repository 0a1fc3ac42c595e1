//! The SQL statements of parcels.

use super::{
    hear::Fact,
    machine::{ParcelEvent, ParcelState},
    make::NewParcel,
    model::{AtCarrier, ParcelId, Settled, Standing},
};
use crate::{
    delivery::jobs::SILENT,
    kernel::{Cx, OrderId, SellerId},
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Writes the parcel with its lines and its first entry. The check of `delivery.packed` stands behind.
#[expect(clippy::too_many_lines, reason = "three statements and their values")]
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    id: ParcelId,
    code: &str,
    new: &NewParcel,
) -> sqlx::Result<()> {
    let column =
        |of: fn(&super::make::Content) -> i64| new.contents.iter().map(of).collect::<Vec<i64>>();
    let positions: Vec<i32> = new.contents.iter().map(|c| c.position).collect();
    let variants: Vec<Uuid> = new.contents.iter().map(|c| c.variant.0).collect();
    let names: Vec<String> = new.contents.iter().map(|c| c.name.clone()).collect();
    let units: Vec<String> = new.contents.iter().map(|c| c.unit.clone()).collect();
    sqlx::query!(
        "insert into delivery.packed (order_id, position, ordered)
         select $1, l.position, l.ordered from unnest($2::int[], $3::bigint[]) as l (position, ordered)
         order by l.position
         on conflict (order_id, position) do update set ordered = excluded.ordered",
        new.order.0,
        &positions,
        &column(|c| c.ordered),
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into delivery.parcels (id, code, order_id, order_code, seller_id, carrier, state, state_at, at_carrier,
                asked_at, weight_g, cod, goods, from_name, from_phone, from_address, from_commune,
                to_name, to_phone, to_address, to_commune, note, made_at, heard_at)
         values ($1, $2, $3, $4, $5, $6, 'created', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                 $21, $7, $7)",
        id.0,
        code,
        new.order.0,
        new.order_code,
        new.seller.0,
        new.carrier.code(),
        cx.now,
        if new.carrier.is_network() { "wanted" } else { "none" },
        new.carrier.is_network().then_some(cx.now),
        new.weight_g,
        new.cod.0,
        new.goods.0,
        new.from.name,
        new.from.phone,
        new.from.address,
        new.from.commune,
        new.to.name,
        new.to.phone,
        new.to.address,
        new.to.commune,
        new.note,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into delivery.parcel_lines (parcel_id, order_id, position, variant_id, name, unit, quantity)
         select $1, $2, l.position, l.variant, l.name, l.unit, l.quantity
         from unnest($3::int[], $4::uuid[], $5::text[], $6::text[], $7::bigint[])
              as l (position, variant, name, unit, quantity)
         order by l.position",
        id.0,
        new.order.0,
        &positions,
        &variants,
        &names,
        &units,
        &column(|c| c.quantity),
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into delivery.parcel_events (id, parcel_id, source, key, at, heard_at, actor)
         values ($1, $2, 'seller', 'made', $3, $3, $4)",
        cx.new_id(),
        id.0,
        cx.now,
        cx.person().map(|p| p.0),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What moving a parcel needs to know of it.
pub(in crate::delivery) struct Head {
    pub(in crate::delivery) order: OrderId,
    pub(in crate::delivery) seller: SellerId,
    pub(in crate::delivery) state: ParcelState,
    pub(in crate::delivery) state_at: DateTime<Utc>,
    pub(in crate::delivery) at_carrier: AtCarrier,
}

/// Takes a parcel in hand until the transaction ends.
pub(in crate::delivery) async fn lock(
    db: &mut PgConnection,
    id: ParcelId,
) -> sqlx::Result<Option<Head>> {
    sqlx::query_as!(
        Head,
        r#"select order_id as "order: OrderId", seller_id as "seller: SellerId", state as "state: ParcelState",
                  state_at, at_carrier as "at_carrier: AtCarrier"
           from delivery.parcels where id = $1 for update"#,
        id.0
    )
    .fetch_optional(db)
    .await
}

/// Keeps the news; `false` when they are known.
pub(super) async fn insert_event(
    db: &mut PgConnection,
    cx: &Cx,
    parcel: ParcelId,
    fact: &Fact,
    at: DateTime<Utc>,
    to: Option<ParcelState>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into delivery.parcel_events (id, parcel_id, source, key, event, raw, note, at, heard_at, actor,
                to_state, weight_g, fee, cod)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         on conflict on constraint parcel_events_once do nothing",
        cx.new_id(),
        parcel.0,
        fact.source.code(),
        fact.key,
        fact.event.map(ParcelEvent::code),
        fact.raw,
        fact.note,
        at,
        cx.now,
        cx.person().map(|p| p.0),
        to.map(ParcelState::code),
        fact.weight_g,
        fact.fee.map(|v| v.0),
        fact.cod.map(|v| v.0),
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes what the news say besides; who has just been heard of is not silent.
pub(super) async fn note(
    db: &mut PgConnection,
    cx: &Cx,
    parcel: ParcelId,
    fact: &Fact,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update delivery.parcels set heard_at = $2, measured_g = coalesce($3, measured_g),
                fee_charged = coalesce($4, fee_charged), cod_taken = coalesce($5, cod_taken),
                look_at = case when look_at is null then null else $6::timestamptz end
         where id = $1",
        parcel.0,
        cx.now,
        fact.weight_g.filter(|g| *g > 0),
        fact.fee.map(|v| v.0),
        fact.cod.map(|v| v.0),
        cx.now + SILENT,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Moves a parcel that is in hand. What has ended is not looked at any more.
pub(super) async fn move_to(
    db: &mut PgConnection,
    parcel: ParcelId,
    to: ParcelState,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update delivery.parcels set state = $2, state_at = $3, version = version + 1,
                look_at = case when $4 then null else look_at end
         where id = $1",
        parcel.0,
        to.code(),
        at,
        !(to.is_here() || to.is_under_way()),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Everything in it reached the buyer.
pub(super) async fn all_delivered(db: &mut PgConnection, parcel: ParcelId) -> sqlx::Result<()> {
    sqlx::query!(
        "update delivery.parcel_lines set delivered = quantity - coalesce(came_back, 0) where parcel_id = $1",
        parcel.0
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What lies in it can be packed anew.
pub(super) async fn take_out(db: &mut PgConnection, parcel: ParcelId) -> sqlx::Result<()> {
    sqlx::query!(
        "update delivery.parcel_lines set out = true where parcel_id = $1 and not out",
        parcel.0
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The seller counts, once.
pub(super) async fn set_counted(
    db: &mut PgConnection,
    parcel: ParcelId,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update delivery.parcels set counted_at = $2 where id = $1 and counted_at is null",
        parcel.0,
        now
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What of one line reached the buyer and what came back.
pub(super) async fn set_back(
    db: &mut PgConnection,
    (parcel, position): (ParcelId, i32),
    delivered: i64,
    came_back: i64,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update delivery.parcel_lines set delivered = $3, came_back = $4 where parcel_id = $1 and position = $2",
        parcel.0,
        position,
        delivered,
        came_back,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What the seller tells of the way.
pub(super) async fn set_tracking(
    db: &mut PgConnection,
    parcel: ParcelId,
    tracking: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update delivery.parcels set tracking = $2 where id = $1 and $2 <> ''",
        parcel.0,
        tracking
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Every parcel of an order with its state, in the order in which they are locked.
pub(super) async fn states(
    db: &mut PgConnection,
    order: OrderId,
) -> sqlx::Result<Vec<(ParcelId, ParcelState)>> {
    let rows = sqlx::query!(
        r#"select id as "id: ParcelId", state as "state: ParcelState" from delivery.parcels
           where order_id = $1 order by id"#,
        order.0
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.state)).collect())
}

/// How an order stands by its parcels.
pub(super) async fn standing(db: &mut PgConnection, order: OrderId) -> sqlx::Result<Standing> {
    sqlx::query_as!(
        Standing,
        r#"select count(*) filter (where state <> 'cancelled') as "live!",
                  count(*) filter (where state not in ('created', 'awaiting_pickup', 'cancelled')) as "left!",
                  count(*) filter (where state in ('delivered', 'partly_delivered')) as "there!",
                  count(*) filter (where state = 'returned' or state = 'lost' and settled is not null) as "back!"
           from delivery.parcels where order_id = $1 and settled is distinct from 'resent'"#,
        order.0
    )
    .fetch_one(db)
    .await
}

/// What becomes of a lost parcel, once.
pub(super) async fn set_settled(
    db: &mut PgConnection,
    parcel: ParcelId,
    how: Settled,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update delivery.parcels set settled = $2, settled_at = $3
         where id = $1 and state = 'lost' and settled is null",
        parcel.0,
        how.code(),
        now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What has waited for its seller's word for too long, the longest first.
pub(super) async fn unsettled(
    db: &mut PgConnection,
    (lost, back): (DateTime<Utc>, DateTime<Utc>),
    most: i64,
) -> sqlx::Result<Vec<(OrderId, SellerId, String)>> {
    let rows = sqlx::query!(
        r#"select order_id, seller_id, code from delivery.parcels
           where settled is null and counted_at is null and state in ('lost', 'returned', 'partly_delivered')
                 and heard_at <= case state when 'lost' then $1::timestamptz else $2 end
           order by heard_at limit $3"#,
        lost,
        back,
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (OrderId(r.order_id), SellerId(r.seller_id), r.code)).collect())
}

/// How many of each line lie in parcels.
pub(super) async fn packed(
    db: &mut PgConnection,
    order: OrderId,
) -> sqlx::Result<HashMap<i32, i64>> {
    let rows =
        sqlx::query!("select position, packed from delivery.packed where order_id = $1", order.0)
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().map(|row| (row.position, row.packed)).collect())
}

/// How many of each line have reached the buyer.
pub(super) async fn delivered(
    db: &mut PgConnection,
    order: OrderId,
) -> sqlx::Result<HashMap<i32, i64>> {
    let rows = sqlx::query!(
        r#"select position, coalesce(sum(delivered), 0)::bigint as "count!" from delivery.parcel_lines
           where order_id = $1 and not out group by position"#,
        order.0
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.position, row.count)).collect())
}
