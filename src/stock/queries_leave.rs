//! The statements about goods that leave beside an order's shipment, and what may come back.

use crate::kernel::{Cx, OrderId, VariantId};
use sqlx::PgConnection;
use std::collections::HashMap;

/// Takes goods out beside the order's shipment, as many as are free; how many were free before, `None` when they were
/// taken out before under this note.
pub(super) async fn leave(
    db: &mut PgConnection,
    cx: &Cx,
    (order, note): (OrderId, &str),
    variant: VariantId,
    quantity: i64,
) -> sqlx::Result<Option<i64>> {
    let free = sqlx::query_scalar!(
        r#"select case when unlimited then 9223372036854775807 else on_hand - reserved end as "free!"
           from stock.levels where variant_id = $1 for no key update"#,
        variant.0,
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(free) = free else { return Ok(None) };
    let done = sqlx::query!(
        "with moved as (
             insert into stock.movements (id, variant_id, at, kind, quantity, order_id, actor, note)
             select $1, variant_id, $2, 'parcel', -least($3::bigint, on_hand - reserved), $4, $5, $6
             from stock.levels where variant_id = $7 and not unlimited
             on conflict (order_id, variant_id, note) where kind = 'parcel' do nothing
             returning quantity
         )
         update stock.levels set on_hand = on_hand + moved.quantity, updated_at = $2
         from moved where variant_id = $7",
        cx.new_id(),
        cx.now,
        quantity,
        order.0,
        cx.person().map(|id| id.0),
        note,
        variant.0,
    )
    .execute(db)
    .await?;
    let uncounted = free == i64::MAX;
    Ok((uncounted || done.rows_affected() == 1).then_some(free))
}

/// Whether the order's reservations ended with its goods leaving.
pub(super) async fn was_shipped(db: &mut PgConnection, order: OrderId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from stock.reservations where order_id = $1 and state = 'shipped') as "is!""#,
        order.0
    )
    .fetch_one(db)
    .await
}

/// Whether goods of the order have left under this note.
pub(super) async fn left_as(
    db: &mut PgConnection,
    order: OrderId,
    note: &str,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from stock.movements
                          where order_id = $1 and note = $2 and kind = 'parcel') as "is!""#,
        order.0,
        note
    )
    .fetch_one(db)
    .await
}

/// How many of each variant are out under this order: what left less what came back. The caller has the levels' locks,
/// or the order's.
pub(super) async fn out(
    db: &mut PgConnection,
    order: OrderId,
) -> sqlx::Result<HashMap<VariantId, i64>> {
    let rows = sqlx::query!(
        r#"select variant_id as "variant_id!", -sum(quantity)::bigint as "out!" from (
               select variant_id, quantity from stock.movements where order_id = $1 and kind = 'shipment'
               union all
               select variant_id, quantity from stock.movements where order_id = $1 and kind = 'parcel'
               union all
               select variant_id, quantity from stock.movements where order_id = $1 and kind = 'return') m
           group by variant_id"#,
        order.0
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (VariantId(r.variant_id), r.out)).collect())
}
