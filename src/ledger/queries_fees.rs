//! The SQL statements of the operator's commission: what each month came to, and what sellers have paid of it.

use super::queries_tax::Span;
use crate::kernel::{Cx, Day, OrderId, SellerId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// A month of one seller's commission.
#[derive(Debug, Clone)]
pub(super) struct Fee {
    pub seller: SellerId,
    /// Completed orders that a rule has charged.
    pub orders: i64,
    /// What was paid for their goods.
    pub base: i64,
    /// The rates, each once.
    pub rates: Vec<i32>,
    pub agreed: i64,
    /// Less because of returns; at most zero.
    pub reduced: i64,
    /// Settled for this month.
    pub settled: i64,
    /// What is open today of all that was owed at the end of the month; nothing once a later month is settled.
    pub left: i64,
}

/// A month of all sellers, or of one: whoever has something in it or open from before.
pub(super) async fn fees(
    db: impl PgExecutor<'_>,
    seller: Option<SellerId>,
    month: Day,
    (from, before): Span,
) -> sqlx::Result<Vec<Fee>> {
    sqlx::query_as!(
        Fee,
        r#"with booked as (
               select e.seller_id, e.kind, e.order_id, p.amount
               from ledger.entries e join ledger.postings p on p.entry_id = e.id and p.account = 'commission'
               where e.at >= $2 and e.at < $3 and ($1::uuid is null or e.seller_id = $1)),
           month as (
               select b.seller_id, count(*) filter (where b.kind = 'completed') as orders,
                      coalesce(sum(o.commission_base) filter (where b.kind = 'completed'), 0) as base,
                      coalesce(sum(b.amount) filter (where b.kind = 'completed'), 0) as agreed,
                      coalesce(sum(b.amount) filter (where b.kind <> 'completed'), 0) as reduced
               from booked b join ledger.orders o on o.order_id = b.order_id group by b.seller_id),
           rates as (
               select b.seller_id, array_agg(distinct r order by r) as rates
               from booked b join ledger.orders o on o.order_id = b.order_id, unnest(o.commission_bps) r
               where b.kind = 'completed' group by b.seller_id),
           settled as (
               select seller_id, sum(amount) as amount from ledger.settlements
               where month = $4 and ($1::uuid is null or seller_id = $1) group by seller_id),
           today as (
               select seller_id, -sum(commission_open) as owed from ledger.orders
               where commission_open <> 0 and ($1::uuid is null or seller_id = $1) group by seller_id),
           later as (
               select e.seller_id, sum(p.amount) as amount
               from ledger.entries e join ledger.postings p on p.entry_id = e.id and p.account = 'commission_owed'
               where e.at >= $3 and e.kind <> 'commission_settled' and ($1::uuid is null or e.seller_id = $1)
               group by e.seller_id),
           last as (select seller_id, max(month) as month from ledger.settlements group by seller_id),
           who as (select seller_id from month union select seller_id from settled
                   union select seller_id from today union select seller_id from later)
           select who.seller_id as "seller!: SellerId", coalesce(month.orders, 0) as "orders!",
                  coalesce(month.base, 0)::bigint as "base!", coalesce(rates.rates, '{}') as "rates!",
                  coalesce(month.agreed, 0)::bigint as "agreed!", coalesce(month.reduced, 0)::bigint as "reduced!",
                  coalesce(settled.amount, 0)::bigint as "settled!",
                  case when last.month > $4 then 0
                       else coalesce(today.owed, 0) + coalesce(later.amount, 0) end::bigint as "left!"
           from who left join month on month.seller_id = who.seller_id left join rates on rates.seller_id = who.seller_id
           left join settled on settled.seller_id = who.seller_id left join today on today.seller_id = who.seller_id
           left join later on later.seller_id = who.seller_id left join last on last.seller_id = who.seller_id
           order by who.seller_id"#,
        seller.map(|s| s.0),
        from,
        before,
        month,
    )
    .fetch_all(db)
    .await
}

/// One change of the commission of an order.
#[derive(Debug, Clone)]
pub(super) struct FeeRow {
    pub at: DateTime<Utc>,
    pub seller: SellerId,
    pub order: OrderId,
    pub kind: String,
    pub base: i64,
    pub rates: Vec<i32>,
    pub commission: i64,
}

/// What changed the commission in a time, by order, oldest first; of one seller, or of all.
pub(super) async fn rows(
    db: impl PgExecutor<'_>,
    seller: Option<SellerId>,
    (from, before): Span,
    most: i64,
) -> sqlx::Result<Vec<FeeRow>> {
    sqlx::query_as!(
        FeeRow,
        r#"select e.at, e.seller_id as "seller: SellerId", e.order_id as "order: OrderId", e.kind,
                  case when e.kind = 'completed' then o.commission_base else 0 end as "base!",
                  o.commission_bps as rates, p.amount as commission
           from ledger.entries e join ledger.postings p on p.entry_id = e.id and p.account = 'commission'
           join ledger.orders o on o.order_id = e.order_id
           where e.at >= $2 and e.at < $3 and ($1::uuid is null or e.seller_id = $1)
           order by e.at, e.id limit $4"#,
        seller.map(|s| s.0),
        from,
        before,
        most,
    )
    .fetch_all(db)
    .await
}

/// Holds the books of the orders of which a seller owed commission before a moment, until the transaction ends.
pub(super) async fn hold(
    db: &mut PgConnection,
    seller: SellerId,
    before: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "select order_id from ledger.orders
         where seller_id = $1
           and (commission_open <> 0
                or order_id in (select e.order_id from ledger.entries e
                                join ledger.postings p on p.entry_id = e.id and p.account = 'commission_owed'
                                where e.seller_id = $1 and e.at >= $2))
         order by order_id for update",
        seller.0,
        before,
    )
    .fetch_all(db)
    .await?;
    Ok(())
}

/// What is open of each order of all that was owed before a moment. The orders are held.
pub(super) async fn open_of_orders(
    db: &mut PgConnection,
    seller: SellerId,
    before: DateTime<Utc>,
) -> sqlx::Result<Vec<(Uuid, i64)>> {
    let rows = sqlx::query!(
        r#"with later as (
               select e.order_id, sum(p.amount) as amount
               from ledger.entries e join ledger.postings p on p.entry_id = e.id and p.account = 'commission_owed'
               where e.seller_id = $1 and e.at >= $2 and e.kind <> 'commission_settled' group by e.order_id)
           select o.order_id, (coalesce(l.amount, 0) - o.commission_open)::bigint as "owed!"
           from ledger.orders o left join later l on l.order_id = o.order_id
           where o.seller_id = $1 and (o.commission_open <> 0 or l.order_id is not null)
             and coalesce(l.amount, 0) - o.commission_open <> 0
           order by o.order_id"#,
        seller.0,
        before,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.order_id, row.owed)).collect())
}

/// Whether a later month is settled, and with it this one.
pub(super) async fn is_covered(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    month: Day,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from ledger.settlements where seller_id = $1 and month > $2) as "is!""#,
        seller.0,
        month,
    )
    .fetch_one(db)
    .await
}

/// What a seller has paid of the commission.
#[derive(Debug, Clone)]
pub(super) struct Settlement {
    pub id: Uuid,
    pub month: Day,
    /// Negative: given back.
    pub amount: i64,
    pub orders: i32,
    pub paid_on: Day,
    pub evidence: String,
    pub noted_at: DateTime<Utc>,
}

/// Writes a settlement and books it, an entry for every order.
pub(super) async fn settle(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    settlement: &Settlement,
    orders: &[(Uuid, i64)],
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into ledger.settlements (id, seller_id, month, amount, orders, paid_on, evidence, noted_at, noted_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        settlement.id,
        seller.0,
        settlement.month,
        settlement.amount,
        settlement.orders,
        settlement.paid_on,
        settlement.evidence,
        settlement.noted_at,
        cx.person().map(|p| p.0),
    )
    .execute(&mut *db)
    .await?;
    let entries: Vec<Uuid> = orders.iter().map(|_| cx.new_id()).collect();
    let (ids, amounts): (Vec<Uuid>, Vec<i64>) = orders.iter().copied().unzip();
    sqlx::query!(
        "with paid as (
             select * from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as p (entry_id, order_id, amount)),
         entry as (
             insert into ledger.entries (id, order_id, seller_id, cause, kind, at)
             select entry_id, order_id, $4, 'settled:' || $5::text || ':' || order_id, 'commission_settled', $6 from paid
             returning id),
         open as (
             update ledger.orders o set commission_open = o.commission_open + paid.amount
             from paid where paid.order_id = o.order_id)
         insert into ledger.postings (entry_id, account, amount)
         select paid.entry_id, a.account, a.sign * paid.amount
         from paid join entry on entry.id = paid.entry_id,
              (values ('commission_owed', 1), ('commission_paid', -1)) as a (account, sign)",
        &entries,
        &ids,
        &amounts,
        seller.0,
        settlement.id.to_string(),
        settlement.noted_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What a seller has paid, as it was noted in a time.
pub(super) async fn settled_in(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    (from, before): Span,
) -> sqlx::Result<Vec<Settlement>> {
    sqlx::query_as!(
        Settlement,
        "select id, month, amount, orders, paid_on, evidence, noted_at from ledger.settlements
         where seller_id = $1 and noted_at >= $2 and noted_at < $3 order by noted_at",
        seller.0,
        from,
        before,
    )
    .fetch_all(db)
    .await
}

/// What a seller has paid for a month.
pub(super) async fn settled_for(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    month: Day,
) -> sqlx::Result<Vec<Settlement>> {
    sqlx::query_as!(
        Settlement,
        "select id, month, amount, orders, paid_on, evidence, noted_at from ledger.settlements
         where seller_id = $1 and month = $2 order by noted_at",
        seller.0,
        month,
    )
    .fetch_all(db)
    .await
}
