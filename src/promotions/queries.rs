//! Every SQL statement of `promotions`.

use super::{
    forms::Valid,
    model::{Discount, Voucher},
    take::{Take, Wanted, Weighed},
};
use crate::kernel::{BasisPoints, Cx, Day, OrderId, SellerId, Vnd, VoucherId};
use sqlx::PgConnection;
use uuid::Uuid;

struct Row {
    id: Uuid,
    seller_id: Uuid,
    code: String,
    offered: bool,
    percent_bps: Option<i32>,
    ceiling: Option<i64>,
    amount: Option<i64>,
    min_goods: i64,
    total_limit: Option<i64>,
    buyer_limit: Option<i64>,
    starts_on: Day,
    ends_on: Day,
    state: String,
    used: i64,
}

impl From<Row> for Voucher {
    fn from(row: Row) -> Self {
        let discount = match (row.percent_bps, row.amount) {
            (Some(bps), _) => {
                Discount::Percent { bps: BasisPoints(bps), ceiling: row.ceiling.map(Vnd) }
            }
            (None, amount) => Discount::Amount(Vnd(amount.unwrap_or_default())),
        };
        Self {
            id: VoucherId(row.id),
            seller: SellerId(row.seller_id),
            code: row.code,
            offered: row.offered,
            discount,
            min_goods: Vnd(row.min_goods),
            total_limit: row.total_limit,
            buyer_limit: row.buyer_limit,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            stopped: row.state == "stopped",
            used: row.used,
        }
    }
}

/// What is offered openly by these sellers on this day and not used up, by code.
pub(super) async fn offered(
    db: &mut PgConnection,
    sellers: &[SellerId],
    day: Day,
) -> sqlx::Result<Vec<Voucher>> {
    let sellers: Vec<Uuid> = sellers.iter().map(|s| s.0).collect();
    let rows = sqlx::query_as!(
        Row,
        "select id, seller_id, code, offered, percent_bps, ceiling, amount, min_goods, total_limit, buyer_limit,
                starts_on, ends_on, state, used
         from promotions.vouchers
         where seller_id = any($1) and offered and state = 'active' and $2 between starts_on and ends_on
               and (total_limit is null or used < total_limit)
         order by seller_id, min_goods, code",
        &sellers,
        day,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Voucher::from).collect())
}

/// The vouchers of these sellers and codes, each with how often this buyer uses it now.
pub(super) async fn weighed(
    db: &mut PgConnection,
    wanted: &Wanted<'_>,
) -> sqlx::Result<Vec<Weighed>> {
    let sellers: Vec<Uuid> = wanted.codes.iter().map(|(seller, _)| seller.0).collect();
    let codes: Vec<String> = wanted.codes.iter().map(|(_, code)| code.clone()).collect();
    let rows = sqlx::query!(
        r#"select v.id, v.seller_id, v.code, offered, percent_bps, ceiling, amount, min_goods, total_limit,
                  buyer_limit, starts_on, ends_on, state, used,
                  (select count(*) from promotions.uses u where u.voucher_id = v.id and u.returned_at is null
                   and (u.phone = $3 or u.person_id = $4)) as "turns!"
           from unnest($1::uuid[], $2::text[]) as w (seller_id, code)
                join promotions.vouchers v on v.seller_id = w.seller_id and v.code = w.code"#,
        &sellers,
        &codes,
        wanted.phone,
        wanted.person.map(|p| p.0),
    )
    .fetch_all(db)
    .await?;
    let weighed = rows.into_iter().map(|r| Weighed {
        turns: r.turns,
        voucher: Row {
            id: r.id,
            seller_id: r.seller_id,
            code: r.code,
            offered: r.offered,
            percent_bps: r.percent_bps,
            ceiling: r.ceiling,
            amount: r.amount,
            min_goods: r.min_goods,
            total_limit: r.total_limit,
            buyer_limit: r.buyer_limit,
            starts_on: r.starts_on,
            ends_on: r.ends_on,
            state: r.state,
            used: r.used,
        }
        .into(),
    });
    Ok(weighed.collect())
}

/// Counts one use, if the voucher still counts. Its row stays locked until the transaction ends, so that of all
/// who ask at once one is judged after the other.
pub(super) async fn count_use(
    db: &mut PgConnection,
    take: &Take<'_>,
    day: Day,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update promotions.vouchers set used = used + 1
         where id = $1 and seller_id = $2 and state = 'active' and $3 between starts_on and ends_on
               and min_goods <= $4 and (total_limit is null or used < total_limit)",
        take.voucher.0,
        take.seller.0,
        day,
        take.goods.0,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes who uses it, in the first turn that he has free; `false` when he has none. The voucher's row is locked.
pub(super) async fn insert_use(
    db: &mut PgConnection,
    cx: &Cx,
    take: &Take<'_>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "with mine as (
             select phone, turn from promotions.uses
             where voucher_id = $2 and returned_at is null and (phone = $4 or person_id = $3)
         )
         insert into promotions.uses (order_id, voucher_id, person_id, phone, turn, goods, discount, used_at)
         select $1, $2, $3, $4, n, $5, $6, $7
         from generate_series(1, (select count(*) from mine) + 1) n
         where not exists (select from mine where mine.phone = $4 and mine.turn = n)
               and (select count(*) from mine) < coalesce((select buyer_limit from promotions.vouchers where id = $2),
                                                          9223372036854775807)
         order by n limit 1",
        take.order.0,
        take.voucher.0,
        take.person.map(|p| p.0),
        take.phone,
        take.goods.0,
        take.discount.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes the use of an order back. A second call does nothing.
pub(super) async fn give_back(db: &mut PgConnection, cx: &Cx, order: OrderId) -> sqlx::Result<()> {
    sqlx::query!(
        "with back as (
             update promotions.uses set returned_at = $2 where order_id = $1 and returned_at is null
             returning voucher_id
         )
         update promotions.vouchers v set used = used - 1 from back where v.id = back.voucher_id",
        order.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// One voucher of a seller.
pub(super) async fn find(
    db: &mut PgConnection,
    seller: SellerId,
    id: VoucherId,
) -> sqlx::Result<Option<Voucher>> {
    let row = sqlx::query_as!(
        Row,
        "select id, seller_id, code, offered, percent_bps, ceiling, amount, min_goods, total_limit, buyer_limit,
                starts_on, ends_on, state, used
         from promotions.vouchers where id = $1 and seller_id = $2",
        id.0,
        seller.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Voucher::from))
}

/// All vouchers of a seller, the latest first.
pub(super) async fn all(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Voucher>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, seller_id, code, offered, percent_bps, ceiling, amount, min_goods, total_limit, buyer_limit,
                starts_on, ends_on, state, used
         from promotions.vouchers where seller_id = $1 order by created_at desc, id desc limit 200",
        seller.0,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Voucher::from).collect())
}

/// What a voucher has done so far.
pub(super) struct Figures {
    /// Orders that use it.
    pub(super) orders: i64,
    /// Orders that gave it back.
    pub(super) returned: i64,
    pub(super) buyers: i64,
    pub(super) goods: Vnd,
    pub(super) discount: Vnd,
}

pub(super) async fn figures(db: &mut PgConnection, id: VoucherId) -> sqlx::Result<Figures> {
    sqlx::query_as!(
        Figures,
        r#"select count(*) filter (where returned_at is null) as "orders!",
                  count(returned_at) as "returned!",
                  count(distinct phone) filter (where returned_at is null) as "buyers!",
                  coalesce(sum(goods) filter (where returned_at is null), 0)::bigint as "goods!: Vnd",
                  coalesce(sum(discount) filter (where returned_at is null), 0)::bigint as "discount!: Vnd"
           from promotions.uses where voucher_id = $1"#,
        id.0,
    )
    .fetch_one(db)
    .await
}

/// Writes a new voucher; `false` when the seller has one of this code.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    id: VoucherId,
    new: &Valid,
) -> sqlx::Result<bool> {
    let (bps, ceiling, amount) = new.parts();
    let done = sqlx::query!(
        "insert into promotions.vouchers (id, seller_id, code, offered, kind, percent_bps, ceiling, amount, min_goods,
             total_limit, buyer_limit, starts_on, ends_on, state, created_at, updated_at)
         values ($1, $2, $3, $4, case when $5::int is null then 'amount' else 'percent' end, $5, $6, $7, $8, $9, $10,
                 $11, $12, 'active', $13, $13)
         on conflict (seller_id, code) do nothing",
        id.0,
        seller.0,
        new.code,
        new.offered,
        bps,
        ceiling,
        amount,
        new.min_goods.0,
        new.total_limit,
        new.buyer_limit,
        new.starts_on,
        new.ends_on,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Changes a voucher that nobody has used yet; `false` when somebody has, or the code is another one's: the transaction
/// must then be rolled back.
pub(super) async fn change(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, id): (SellerId, VoucherId),
    new: &Valid,
) -> sqlx::Result<bool> {
    let (bps, ceiling, amount) = new.parts();
    let done = sqlx::query!(
        "update promotions.vouchers v
         set code = $3, offered = $4, kind = case when $5::int is null then 'amount' else 'percent' end,
             percent_bps = $5, ceiling = $6, amount = $7, min_goods = $8, total_limit = $9, buyer_limit = $10,
             starts_on = $11, ends_on = $12, version = version + 1, updated_at = $13
         where id = $1 and seller_id = $2 and state = 'active' and used = 0
               and not exists (select from promotions.uses u where u.voucher_id = v.id)
               and not exists (select from promotions.vouchers o
                               where o.seller_id = $2 and o.code = $3 and o.id <> $1)",
        id.0,
        seller.0,
        new.code,
        new.offered,
        bps,
        ceiling,
        amount,
        new.min_goods.0,
        new.total_limit,
        new.buyer_limit,
        new.starts_on,
        new.ends_on,
        cx.now,
    )
    .execute(db)
    .await;
    let same_code = |error: &sqlx::Error| {
        let named = error.as_database_error().and_then(sqlx::error::DatabaseError::constraint);
        named == Some("vouchers_code")
    };
    match done {
        Ok(done) => Ok(done.rows_affected() == 1),
        // Somebody gave the code to another one at the same moment.
        Err(error) if same_code(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Ends a voucher; orders that have it keep it. `false`: there is none of this seller that runs.
pub(super) async fn stop(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    id: VoucherId,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update promotions.vouchers set state = 'stopped', version = version + 1, updated_at = $3
         where id = $1 and seller_id = $2 and state = 'active'",
        id.0,
        seller.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
