//! The SQL statements of sellers' statements.

use crate::kernel::{OrderId, SellerId, Vnd};
use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// One entry of a seller's statement, by what it means to him.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub at: DateTime<Utc>,
    pub order: OrderId,
    pub kind: String,
    /// Sold, less what was cancelled or returned.
    pub sold: i64,
    /// Came to the seller, less what he gave back.
    pub received: i64,
    /// In carriers' hands.
    pub carrier: i64,
    pub commission: i64,
    /// Withheld.
    pub tax: i64,
}

/// The entries of a seller in a time, oldest first; what he paid of the commission is told as settlements.
pub(super) async fn rows(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    (from, before): (DateTime<Utc>, DateTime<Utc>),
    most: i64,
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"select e.at, e.order_id as "order: OrderId", e.kind,
                  coalesce(-sum(p.amount) filter (where p.account in ('sales', 'returns')), 0)::bigint as "sold!",
                  coalesce(sum(p.amount) filter (where p.account in ('bank', 'cash', 'gateway', 'refunds', 'disputed')),
                           0)::bigint as "received!",
                  coalesce(sum(p.amount) filter (where p.account = 'carrier'), 0)::bigint as "carrier!",
                  coalesce(sum(p.amount) filter (where p.account = 'commission'), 0)::bigint as "commission!",
                  coalesce(sum(p.amount) filter (where p.account = 'tax'), 0)::bigint as "tax!"
           from ledger.entries e join ledger.postings p on p.entry_id = e.id
           where e.seller_id = $1 and e.at >= $2 and e.at < $3 and e.kind <> 'commission_settled'
           group by e.id order by e.at, e.id limit $4"#,
        seller.0,
        from,
        before,
        most,
    )
    .fetch_all(db)
    .await
}

/// What stands open at a moment.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Open {
    /// What buyers owe.
    pub by_buyers: Vnd,
    /// What is owed to buyers.
    pub to_buyers: Vnd,
    pub with_carriers: Vnd,
    pub commission: Vnd,
}

/// What stands open for a seller before a moment: what stands open of his orders now, less what was booked since. Orders
/// that are even and rest are not looked at.
pub(super) async fn open(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    before: DateTime<Utc>,
) -> sqlx::Result<Open> {
    sqlx::query_as!(
        Open,
        r#"with since as (
               select e.order_id,
                      coalesce(sum(p.amount) filter (where p.account = 'buyer'), 0) as buyer,
                      coalesce(sum(p.amount) filter (where p.account = 'carrier'), 0) as carrier,
                      coalesce(sum(p.amount) filter (where p.account = 'commission_owed'), 0) as commission
               from ledger.entries e join ledger.postings p on p.entry_id = e.id
               where e.seller_id = $1 and e.at >= $2 group by e.order_id),
           today as (
               select order_id, buyer_open, carrier_open, commission_open from ledger.orders
               where seller_id = $1 and (buyer_open <> 0 or carrier_open <> 0 or commission_open <> 0)),
           at_the_time as (
               select coalesce(n.buyer_open, 0) - coalesce(s.buyer, 0) as buyer,
                      coalesce(n.carrier_open, 0) - coalesce(s.carrier, 0) as carrier,
                      coalesce(n.commission_open, 0) - coalesce(s.commission, 0) as commission
               from today n full join since s on s.order_id = n.order_id)
           select coalesce(sum(greatest(buyer, 0)), 0)::bigint as "by_buyers!: Vnd",
                  coalesce(sum(greatest(-buyer, 0)), 0)::bigint as "to_buyers!: Vnd",
                  coalesce(sum(carrier), 0)::bigint as "with_carriers!: Vnd",
                  coalesce(-sum(commission), 0)::bigint as "commission!: Vnd"
           from at_the_time"#,
        seller.0,
        before,
    )
    .fetch_one(db)
    .await
}
