//! The SQL statements of the tax ledger.

use super::{
    model::Agreed,
    tax::{Activity, Amounts, Mode, Part, Taxed},
};
use crate::kernel::{BasisPoints, OrderId, SellerId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// From a moment on, before another.
pub(super) type Span = (DateTime<Utc>, DateTime<Utc>);

/// What is taxed of an order; its row is locked.
pub(super) async fn taxed(
    db: &mut PgConnection,
    order: OrderId,
    mode: Option<Mode>,
) -> sqlx::Result<Taxed> {
    let Some(mode) = mode else { return Ok(Taxed::default()) };
    let parts = sqlx::query_as!(
        Part,
        r#"select activity as "activity: Activity", base, vat_bps as "vat: BasisPoints", pit_bps as "pit: BasisPoints",
                  legal_ref
           from ledger.tax_parts where order_id = $1 order by activity"#,
        order.0
    )
    .fetch_all(db)
    .await?;
    Ok(Taxed { mode: Some(mode), parts })
}

/// Keeps what was agreed on the tax of an order.
pub(super) async fn agree(
    db: &mut PgConnection,
    order: OrderId,
    taxed: &Taxed,
) -> sqlx::Result<()> {
    for part in &taxed.parts {
        sqlx::query!(
            "insert into ledger.tax_parts (order_id, activity, base, vat_bps, pit_bps, legal_ref)
             values ($1, $2, $3, $4, $5, $6)",
            order.0,
            part.activity.code(),
            part.base,
            part.vat.0,
            part.pit.0,
            part.legal_ref,
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Writes what an entry of the books changes of the tax.
pub(super) async fn insert(
    db: &mut PgConnection,
    (entry, order, seller, at): (Uuid, OrderId, SellerId, DateTime<Utc>),
    agreed: &Agreed,
    changes: &[(Activity, Amounts)],
) -> sqlx::Result<()> {
    for (activity, amounts) in changes {
        let Some(part) = agreed.tax.parts.iter().find(|p| p.activity == *activity) else {
            continue;
        };
        sqlx::query!(
            "insert into ledger.tax_entries (entry_id, activity, order_id, seller_id, at, withheld, base, vat_bps, vat,
                                             pit_bps, pit)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            entry,
            activity.code(),
            order.0,
            seller.0,
            at,
            agreed.tax.mode == Some(Mode::Withhold),
            amounts.base,
            part.vat.0,
            amounts.vat,
            part.pit.0,
            amounts.pit,
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Orders of which other taxes are withheld than the books owe the State.
pub(super) async fn mistaxed(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select coalesce(t.order_id, b.order_id) as "order!"
           from (select order_id, sum(vat + pit) as tax from ledger.tax_entries where withheld group by order_id) t
           full join (select e.order_id, sum(p.amount) as tax
                      from ledger.entries e join ledger.postings p on p.entry_id = e.id
                      where p.account = 'tax' group by e.order_id) b on b.order_id = t.order_id
           where coalesce(t.tax, 0) <> coalesce(b.tax, 0) limit 100"#
    )
    .fetch_all(db)
    .await
}

/// A month of one seller at one pair of rates.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    pub seller: SellerId,
    pub activity: Activity,
    pub withheld: bool,
    pub orders: i64,
    pub base: i64,
    pub vat_bps: BasisPoints,
    pub vat: i64,
    pub pit_bps: BasisPoints,
    pub pit: i64,
}

/// What a time came to by seller, activity and rates; of one seller, or of all.
pub(super) async fn sums(
    db: impl PgExecutor<'_>,
    seller: Option<SellerId>,
    (from, before): Span,
) -> sqlx::Result<Vec<Sum>> {
    sqlx::query_as!(
        Sum,
        r#"select seller_id as "seller: SellerId", activity as "activity: Activity", withheld,
                  count(distinct order_id) as "orders!", sum(base)::bigint as "base!",
                  vat_bps as "vat_bps: BasisPoints", sum(vat)::bigint as "vat!",
                  pit_bps as "pit_bps: BasisPoints", sum(pit)::bigint as "pit!"
           from ledger.tax_entries
           where at >= $2 and at < $3 and ($1::uuid is null or seller_id = $1)
           group by seller_id, activity, withheld, vat_bps, pit_bps
           order by seller_id, activity, withheld, vat_bps, pit_bps"#,
        seller.map(|s| s.0),
        from,
        before,
    )
    .fetch_all(db)
    .await
}

/// One entry of a seller's tax ledger.
#[derive(Debug, Clone)]
pub(super) struct TaxRow {
    pub at: DateTime<Utc>,
    pub order: OrderId,
    pub activity: Activity,
    pub withheld: bool,
    pub base: i64,
    pub vat_bps: BasisPoints,
    pub vat: i64,
    pub pit_bps: BasisPoints,
    pub pit: i64,
}

/// The entries of a seller in a time, oldest first.
pub(super) async fn rows(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    (from, before): Span,
    most: i64,
) -> sqlx::Result<Vec<TaxRow>> {
    sqlx::query_as!(
        TaxRow,
        r#"select t.at, t.order_id as "order: OrderId", t.activity as "activity: Activity", t.withheld,
                  t.base, t.vat_bps as "vat_bps: BasisPoints", t.vat, t.pit_bps as "pit_bps: BasisPoints", t.pit
           from ledger.tax_entries t where t.seller_id = $1 and t.at >= $2 and t.at < $3
           order by t.at, t.entry_id, t.activity limit $4"#,
        seller.0,
        from,
        before,
        most,
    )
    .fetch_all(db)
    .await
}

/// What a time came to in revenue.
pub(super) async fn revenue(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    (from, before): Span,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(base), 0)::bigint as "sum!" from ledger.tax_entries
           where seller_id = $1 and at >= $2 and at < $3"#,
        seller.0,
        from,
        before,
    )
    .fetch_one(db)
    .await
}

/// On what the rates of a time are founded, each once.
pub(super) async fn founded_on(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    (from, before): Span,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select distinct p.legal_ref from ledger.tax_entries t
         join ledger.tax_parts p on p.order_id = t.order_id and p.activity = t.activity
         where t.seller_id = $1 and t.at >= $2 and t.at < $3 and p.legal_ref <> '' order by 1 limit 20",
        seller.0,
        from,
        before,
    )
    .fetch_all(db)
    .await
}
