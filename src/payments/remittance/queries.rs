//! The SQL statements of carriers' batches.

use super::commands::{Batch, Line};
use crate::kernel::{Cx, IntentId, OrderId, SellerId, Vnd};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The cash payments of a seller's orders.
pub(super) async fn intents(
    db: &mut PgConnection,
    seller: SellerId,
    orders: &[Uuid],
) -> sqlx::Result<HashMap<OrderId, IntentId>> {
    let rows = sqlx::query!(
        "select order_id, id from payments.intents where order_id = any($1) and seller_id = $2 and method = 'cod'",
        orders,
        seller.0
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (OrderId(row.order_id), IntentId(row.id))).collect())
}

pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    (id, carrier, reference, total): (Uuid, &str, &str, i64),
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into payments.cod_batches (id, seller_id, carrier, reference, total, imported_at, imported_by)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict on constraint cod_batches_once do nothing",
        id,
        seller.0,
        carrier,
        reference,
        total,
        cx.now,
        cx.person().map(|p| p.0),
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn insert_lines(
    db: &mut PgConnection,
    batch: Uuid,
    sums: &BTreeMap<IntentId, (i64, i64)>,
) -> sqlx::Result<()> {
    let intents: Vec<Uuid> = sums.keys().map(|i| i.0).collect();
    let (cod, fee): (Vec<i64>, Vec<i64>) = sums.values().copied().unzip();
    sqlx::query!(
        "insert into payments.cod_lines (batch_id, intent_id, cod, fee)
         select $1, * from unnest($2::uuid[], $3::bigint[], $4::bigint[])",
        batch,
        &intents,
        &cod,
        &fee,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A batch whose row this transaction holds.
pub(super) struct Locked {
    pub carrier: String,
    pub reference: String,
    pub total: i64,
}

pub(super) async fn lock(
    db: &mut PgConnection,
    seller: SellerId,
    id: Uuid,
) -> sqlx::Result<Option<Locked>> {
    sqlx::query_as!(
        Locked,
        "select carrier, reference, total from payments.cod_batches where id = $1 and seller_id = $2 for update",
        id,
        seller.0
    )
    .fetch_optional(db)
    .await
}

/// Takes the waiting transfer of exactly this amount out of the queue and says when it came.
pub(super) async fn take_transfer(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, transfer): (SellerId, Uuid),
    batch: &Locked,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!(
        "update payments.transfers set state = 'matched', reason = $4, decided_at = $5, decided_by = $6
         where id = $1 and seller_id = $2 and amount = $3 and direction = 'in' and state in ('review', 'unknown')
         returning at",
        transfer,
        seller.0,
        batch.total,
        format!("{} {}", batch.carrier, batch.reference),
        cx.now,
        cx.person().map(|p| p.0),
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn settle(
    db: &mut PgConnection,
    cx: &Cx,
    batch: Uuid,
    transfer: Uuid,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.cod_batches set transfer_id = $2, settled_at = $3 where id = $1 and transfer_id is null",
        batch,
        transfer,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Intents and cash of a batch, in the order in which everybody locks them.
pub(super) async fn lines_of(
    db: &mut PgConnection,
    batch: Uuid,
) -> sqlx::Result<Vec<(IntentId, Vnd)>> {
    let rows = sqlx::query!(
        "select intent_id, cod from payments.cod_lines where batch_id = $1 order by intent_id",
        batch
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (IntentId(row.intent_id), Vnd(row.cod))).collect())
}

pub(super) async fn batches(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Batch>> {
    let rows = sqlx::query!(
        "select id, carrier, reference, total, imported_at, settled_at from payments.cod_batches
         where seller_id = $1 order by settled_at is not null, imported_at desc limit 30",
        seller.0
    )
    .fetch_all(db)
    .await?;
    let batch = rows.into_iter().map(|row| Batch {
        id: row.id,
        carrier: row.carrier,
        reference: row.reference,
        total: Vnd(row.total),
        imported_at: row.imported_at,
        settled_at: row.settled_at,
        lines: Vec::new(),
        candidates: Vec::new(),
    });
    Ok(batch.collect())
}

/// The orders of some batches, by batch.
pub(super) async fn shown_lines(
    db: &mut PgConnection,
    batches: &[Uuid],
) -> sqlx::Result<HashMap<Uuid, Vec<Line>>> {
    let rows = sqlx::query!(
        r#"select l.batch_id as "batch_id!", i.order_id as "order!: OrderId", l.cod as "cod!: Vnd", l.fee as "fee!: Vnd",
                  coalesce((select sum(e.amount)::bigint from payments.events e
                            where e.intent_id = i.id and e.kind = 'cod_collected' and e.provider <> 'floor'),
                           i.paid - i.balance) as "expected!: Vnd", b.settled_at is not null as "settled!"
           from payments.cod_batches b
           cross join lateral (select * from payments.cod_lines l where l.batch_id = b.id limit 1000) l
           join payments.intents i on i.id = l.intent_id
           where b.id = any($1) order by i.created_at"#,
        batches
    )
    .fetch_all(db)
    .await?;
    let mut found: HashMap<Uuid, Vec<Line>> = HashMap::new();
    for row in rows {
        let (order, cod, fee) = (row.order, row.cod, row.fee);
        let line = Line { order, cod, fee, expected: row.expected, settled: row.settled };
        found.entry(row.batch_id).or_default().push(line);
    }
    Ok(found)
}

/// Waiting transfers of exactly these amounts, by amount, with what the bank says of them.
pub(super) async fn candidates(
    db: &mut PgConnection,
    seller: SellerId,
    totals: &[i64],
) -> sqlx::Result<HashMap<Vnd, Vec<(Uuid, String)>>> {
    let rows = sqlx::query!(
        r#"select t.id as "id!", t.content as "content!", t.amount as "amount!: Vnd"
           from (select distinct unnest($2::bigint[]) as total) w
           cross join lateral (
               select id, content, amount from payments.transfers
               where seller_id = $1 and amount = w.total and direction = 'in' and state in ('review', 'unknown')
               order by at desc limit 10) t"#,
        seller.0,
        totals,
    )
    .fetch_all(db)
    .await?;
    let mut found: HashMap<Vnd, Vec<(Uuid, String)>> = HashMap::new();
    for row in rows {
        found.entry(row.amount).or_default().push((row.id, row.content));
    }
    Ok(found)
}

/// Cash with carriers since before a moment, less what they have handed on of it.
pub(super) async fn late(
    db: &mut PgConnection,
    seller: SellerId,
    before: DateTime<Utc>,
) -> sqlx::Result<Vec<(OrderId, Vnd)>> {
    let rows = sqlx::query!(
        r#"select i.order_id, sum(case e.kind when 'cod_collected' then e.amount else -e.amount end)::bigint as "held!"
           from payments.intents i join payments.events e on e.intent_id = i.id
           where i.seller_id = $1 and i.state = 'cod_with_carrier' and e.currency = 'VND'
             and (e.kind = 'cod_remitted' or (e.kind = 'cod_collected' and e.provider <> 'floor'))
           group by i.id having min(e.at) filter (where e.kind = 'cod_collected') < $2
           order by i.created_at limit 100"#,
        seller.0,
        before,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (OrderId(row.order_id), Vnd(row.held))).collect())
}
