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
}

/// The entries of a seller in a time, oldest first.
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
                  coalesce(sum(p.amount) filter (where p.account = 'commission'), 0)::bigint as "commission!"
           from ledger.entries e join ledger.postings p on p.entry_id = e.id
           where e.seller_id = $1 and e.at >= $2 and e.at < $3
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

/// What stands open for a seller before a moment.
pub(super) async fn open(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    before: DateTime<Utc>,
) -> sqlx::Result<Open> {
    sqlx::query_as!(
        Open,
        r#"select coalesce(sum(greatest(buyer, 0)), 0)::bigint as "by_buyers!: Vnd",
                  coalesce(sum(greatest(-buyer, 0)), 0)::bigint as "to_buyers!: Vnd",
                  coalesce(sum(carrier), 0)::bigint as "with_carriers!: Vnd",
                  coalesce(-sum(owed), 0)::bigint as "commission!: Vnd"
           from (select sum(p.amount) filter (where p.account = 'buyer') as buyer,
                        sum(p.amount) filter (where p.account = 'carrier') as carrier,
                        sum(p.amount) filter (where p.account = 'commission_owed') as owed
                 from ledger.entries e join ledger.postings p on p.entry_id = e.id
                 where e.seller_id = $1 and e.at < $2 group by e.order_id) o"#,
        seller.0,
        before,
    )
    .fetch_one(db)
    .await
}
