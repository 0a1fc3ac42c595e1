//! Every SQL statement of `stock`. Rows of `levels` are always locked in the order of their ids.

use super::{Level, NewLevel};
use crate::kernel::{Cx, OrderId, SellerId, VariantId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

pub(super) async fn levels(
    db: &mut PgConnection,
    variants: &[Uuid],
) -> sqlx::Result<HashMap<VariantId, Level>> {
    let rows = sqlx::query!(
        "select variant_id, on_hand, reserved, buffer, unlimited from stock.levels
         where variant_id = any($1)",
        variants,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let level = Level {
                on_hand: r.on_hand,
                reserved: r.reserved,
                buffer: r.buffer,
                unlimited: r.unlimited,
            };
            (VariantId(r.variant_id), level)
        })
        .collect())
}

/// Promises `quantity` to `order`; `None` when they are not there.
pub(super) async fn reserve(
    db: &mut PgConnection,
    order: OrderId,
    variant: VariantId,
    quantity: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Level>> {
    sqlx::query_as!(
        Level,
        "with level as (
             update stock.levels set reserved = reserved + $2, updated_at = $3
             where variant_id = $1 and (on_hand - reserved - buffer >= $2 or (unlimited and $2 <= 1000000))
             returning variant_id, on_hand, reserved, buffer, unlimited
         ), held as (
             insert into stock.reservations (order_id, variant_id, quantity, state, made_at)
             select $4, variant_id, $2, 'held', $3 from level
         )
         select on_hand, reserved, buffer, unlimited from level",
        variant.0,
        quantity,
        now,
        order.0,
    )
    .fetch_optional(db)
    .await
}

/// Gives back what `order` holds of these, as if it had never been promised. The caller has their locks.
pub(super) async fn take_back(
    db: &mut PgConnection,
    order: OrderId,
    variants: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with gone as (
             delete from stock.reservations where order_id = $1 and variant_id = any($2)
             returning variant_id, quantity
         )
         update stock.levels l set reserved = reserved - gone.quantity, updated_at = $3
         from gone where l.variant_id = gone.variant_id",
        order.0,
        variants,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn unreserve(
    db: &mut PgConnection,
    variant: VariantId,
    quantity: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Level> {
    sqlx::query_as!(
        Level,
        "update stock.levels set reserved = reserved - $2, updated_at = $3 where variant_id = $1
         returning on_hand, reserved, buffer, unlimited",
        variant.0,
        quantity,
        now,
    )
    .fetch_one(db)
    .await
}

/// Whether the goods were counted and are fewer now.
pub(super) async fn ship(
    db: &mut PgConnection,
    variant: VariantId,
    quantity: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let unlimited = sqlx::query_scalar!(
        "update stock.levels set reserved = reserved - $2, updated_at = $3,
                on_hand = case when unlimited then on_hand else on_hand - $2 end
         where variant_id = $1 returning unlimited",
        variant.0,
        quantity,
        now,
    )
    .fetch_one(db)
    .await?;
    Ok(!unlimited)
}

/// Takes some of what the order holds of a variant; all of it ends the reservation. `false`: it holds fewer.
pub(super) async fn reduce(
    db: &mut PgConnection,
    order: OrderId,
    variant: VariantId,
    by: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update stock.reservations
         set quantity = case when quantity = $3 then quantity else quantity - $3 end,
             state = case when quantity = $3 then 'released' else state end,
             ended_at = case when quantity = $3 then $4::timestamptz end
         where order_id = $1 and variant_id = $2 and state = 'held' and quantity >= $3",
        order.0,
        variant.0,
        by,
        now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends what the order holds; what was ended before is not among the answers.
pub(super) async fn end_reservations(
    db: &mut PgConnection,
    order: OrderId,
    state: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<(VariantId, i64)>> {
    let rows = sqlx::query!(
        "update stock.reservations set state = $2, ended_at = $3
         where order_id = $1 and state = 'held' returning variant_id, quantity",
        order.0,
        state,
        now,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (VariantId(r.variant_id), r.quantity)).collect())
}

pub(super) async fn lock_level(
    db: &mut PgConnection,
    seller: SellerId,
    variant: VariantId,
) -> sqlx::Result<Option<Level>> {
    sqlx::query_as!(
        Level,
        "select on_hand, reserved, buffer, unlimited from stock.levels
         where variant_id = $1 and seller_id = $2 for no key update",
        variant.0,
        seller.0,
    )
    .fetch_optional(db)
    .await
}

/// `None` when it would not cover what is promised.
pub(super) async fn set_on_hand(
    db: &mut PgConnection,
    variant: VariantId,
    on_hand: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Level>> {
    sqlx::query_as!(
        Level,
        "update stock.levels set on_hand = $2, updated_at = $3
         where variant_id = $1 and (unlimited or reserved <= $2)
         returning on_hand, reserved, buffer, unlimited",
        variant.0,
        on_hand,
        now,
    )
    .fetch_optional(db)
    .await
}

/// `None` when a limit would not cover what is promised.
pub(super) async fn set_unlimited(
    db: &mut PgConnection,
    variant: VariantId,
    unlimited: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Level>> {
    sqlx::query_as!(
        Level,
        "update stock.levels set unlimited = $2, updated_at = $3
         where variant_id = $1 and ($2 or reserved <= on_hand)
         returning on_hand, reserved, buffer, unlimited",
        variant.0,
        unlimited,
        now,
    )
    .fetch_optional(db)
    .await
}

pub(super) struct Movement {
    pub(super) variant: VariantId,
    pub(super) kind: &'static str,
    pub(super) quantity: i64,
    pub(super) order: Option<OrderId>,
}

pub(super) async fn insert_movement(
    db: &mut PgConnection,
    cx: &Cx,
    movement: Movement,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into stock.movements (id, variant_id, at, kind, quantity, order_id, actor)
         values ($1, $2, $3, $4, $5, $6, $7)",
        cx.new_id(),
        movement.variant.0,
        cx.now,
        movement.kind,
        movement.quantity,
        movement.order.map(|id| id.0),
        cx.person().map(|id| id.0),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// New levels with their opening movements.
pub(super) async fn insert_levels(
    db: &mut PgConnection,
    cx: &Cx,
    levels: &[NewLevel],
) -> sqlx::Result<()> {
    let variants: Vec<Uuid> = levels.iter().map(|l| l.variant.0).collect();
    let sellers: Vec<Uuid> = levels.iter().map(|l| l.seller.0).collect();
    let on_hand: Vec<i64> = levels.iter().map(|l| l.on_hand).collect();
    let unlimited: Vec<bool> = levels.iter().map(|l| l.unlimited).collect();
    let movements: Vec<Uuid> = levels.iter().map(|_| cx.new_id()).collect();
    sqlx::query!(
        "insert into stock.levels (variant_id, seller_id, on_hand, unlimited, updated_at)
         select variant, seller, on_hand, unlimited, $5
         from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::boolean[]) as l (variant, seller, on_hand, unlimited)",
        &variants,
        &sellers,
        &on_hand,
        &unlimited,
        cx.now,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into stock.movements (id, variant_id, at, kind, quantity, actor)
         select id, variant, $4, 'opening', on_hand, $5
         from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as m (id, variant, on_hand) where on_hand > 0",
        &movements,
        &variants,
        &on_hand,
        cx.now,
        cx.person().map(|id| id.0),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Variants of a seller with fewer than `few` left, counted up to a hundred.
pub(super) async fn count_low(
    db: &mut PgConnection,
    seller: SellerId,
    few: i64,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from (
               select from stock.levels
               where seller_id = $1 and not unlimited and on_hand - reserved - buffer < $2 limit 100) few"#,
        seller.0,
        few
    )
    .fetch_one(db)
    .await
}

/// Goods that are there again; `None` where no stock is kept of them.
pub(super) async fn put_back(
    db: &mut PgConnection,
    variant: VariantId,
    quantity: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Level>> {
    sqlx::query_as!(
        Level,
        "update stock.levels set updated_at = $3,
                on_hand = case when unlimited then on_hand else on_hand + $2 end
         where variant_id = $1
         returning on_hand, reserved, buffer, unlimited",
        variant.0,
        quantity,
        now,
    )
    .fetch_optional(db)
    .await
}
