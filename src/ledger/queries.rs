//! The SQL statements that keep the books.

use super::{
    commission::Rule,
    model::{Account, Agreed, Standing},
    queries_tax,
    tax::Mode,
};
use crate::kernel::{BasisPoints, Cx, Day, OrderId, SellerId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// Opens the books of an order where they are not, and holds them until the transaction ends.
pub(super) async fn lock(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    seller: SellerId,
) -> sqlx::Result<Agreed> {
    sqlx::query!(
        "insert into ledger.orders (order_id, seller_id, opened_at) values ($1, $2, $3) on conflict do nothing",
        order.0,
        seller.0,
        cx.now,
    )
    .execute(&mut *db)
    .await?;
    let row = sqlx::query!(
        r#"select commission, base, tax_mode as "tax_mode: Mode" from ledger.orders where order_id = $1 for update"#,
        order.0
    )
    .fetch_one(&mut *db)
    .await?;
    let tax = queries_tax::taxed(db, order, row.tax_mode).await?;
    Ok(Agreed { commission: row.commission, billed: row.base, tax })
}

/// What of an order is booked.
pub(super) async fn causes(db: &mut PgConnection, order: OrderId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!("select cause from ledger.entries where order_id = $1", order.0)
        .fetch_all(db)
        .await
}

/// Keeps what was agreed on an order's commission and tax.
pub(super) async fn agree(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    agreed: &Agreed,
    (base, rates): (i64, &[i32]),
) -> sqlx::Result<()> {
    sqlx::query!(
        "update ledger.orders
         set commission = $2, base = $3, completed_at = $4, commission_base = $5, commission_bps = $6, tax_mode = $7
         where order_id = $1 and completed_at is null",
        order.0,
        agreed.commission,
        agreed.billed,
        cx.now,
        base,
        rates,
        agreed.tax.mode.map(Mode::code),
    )
    .execute(&mut *db)
    .await?;
    queries_tax::agree(db, order, &agreed.tax).await
}

/// One entry.
pub(super) struct NewEntry<'a> {
    pub id: Uuid,
    pub order: OrderId,
    pub seller: SellerId,
    pub cause: &'a str,
    pub kind: &'a str,
    pub at: DateTime<Utc>,
    pub postings: &'a Standing,
}

/// Writes an entry with its postings, and what stands open of its order then; an entry without any says that the fact
/// is known and moves nothing.
pub(super) async fn insert(db: &mut PgConnection, entry: &NewEntry<'_>) -> sqlx::Result<()> {
    let accounts: Vec<String> = entry.postings.keys().map(|a| a.code().to_owned()).collect();
    let amounts = entry.postings.values().map(|a| i64::try_from(*a));
    let amounts: Vec<i64> =
        amounts.collect::<Result<_, _>>().map_err(|e| sqlx::Error::Encode(e.into()))?;
    let of = |account: Account| {
        let amount = entry.postings.get(&account).copied().unwrap_or(0);
        i64::try_from(amount).map_err(|e| sqlx::Error::Encode(e.into()))
    };
    sqlx::query!(
        "with entry as (
             insert into ledger.entries (id, order_id, seller_id, cause, kind, at) values ($1, $2, $3, $4, $5, $6)
             returning id),
         open as (
             update ledger.orders
             set buyer_open = buyer_open + $9::bigint, carrier_open = carrier_open + $10::bigint,
                 commission_open = commission_open + $11::bigint
             where order_id = $2 and ($9::bigint <> 0 or $10::bigint <> 0 or $11::bigint <> 0))
         insert into ledger.postings (entry_id, account, amount)
         select entry.id, p.account, p.amount from entry, unnest($7::text[], $8::bigint[]) as p (account, amount)",
        entry.id,
        entry.order.0,
        entry.seller.0,
        entry.cause,
        entry.kind,
        entry.at,
        &accounts,
        &amounts,
        of(Account::Buyer)?,
        of(Account::Carrier)?,
        of(Account::CommissionOwed)?,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The commission rules of a day.
pub(super) async fn rules_on(db: &mut PgConnection, day: Day) -> sqlx::Result<Vec<Rule>> {
    sqlx::query_as!(
        Rule,
        r#"select seller_id as "seller: SellerId", category, bps as "rate: BasisPoints"
           from ledger.commission_rules where valid_from <= $1 and (valid_to is null or valid_to > $1)
           order by valid_from desc"#,
        day
    )
    .fetch_all(db)
    .await
}

/// Orders with money whose books were never opened, some at a time, in the order of their ids from `after` on.
pub(super) async fn unopened(
    db: impl PgExecutor<'_>,
    after: Uuid,
    most: i64,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select b.order_id as "order!" from payments.balances_report b
           where b.order_id > $1 and not exists (select from ledger.orders o where o.order_id = b.order_id)
           order by b.order_id limit $2"#,
        after,
        most
    )
    .fetch_all(db)
    .await
}

/// Entries that do not add up to zero; the database lets none in.
pub(super) async fn unbalanced(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select entry_id from ledger.postings group by entry_id having sum(amount) <> 0 limit 100"
    )
    .fetch_all(db)
    .await
}

/// Orders whose books say something else than their payment: what is still owed must be the same.
pub(super) async fn unlike(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select b.order_id as "order!"
           from payments.balances_report b
           left join (select e.order_id, sum(p.amount) filter (where p.account = 'buyer') as owed
                      from ledger.entries e join ledger.postings p on p.entry_id = e.id group by e.order_id) l
                on l.order_id = b.order_id
           where coalesce(l.owed, 0) <> -b.balance order by b.order_id limit 100"#
    )
    .fetch_all(db)
    .await
}

/// Orders of which something else stands open than their postings come to.
pub(super) async fn misplaced(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"select o.order_id from ledger.orders o
           left join (select e.order_id,
                             sum(p.amount) filter (where p.account = 'buyer') as buyer,
                             sum(p.amount) filter (where p.account = 'carrier') as carrier,
                             sum(p.amount) filter (where p.account = 'commission_owed') as commission
                      from ledger.entries e join ledger.postings p on p.entry_id = e.id group by e.order_id) s
                on s.order_id = o.order_id
           where (o.buyer_open, o.carrier_open, o.commission_open)
                 <> (coalesce(s.buyer, 0), coalesce(s.carrier, 0), coalesce(s.commission, 0)) limit 100"#
    )
    .fetch_all(db)
    .await
}

/// The sum of everything: zero.
pub(super) async fn total(db: impl PgExecutor<'_>) -> sqlx::Result<i64> {
    let sum = sqlx::query_scalar!(
        r#"select coalesce(sum(amount), 0)::bigint as "sum!" from ledger.postings"#
    );
    sum.fetch_one(db).await
}

/// Keeps what a check has found.
pub(super) async fn insert_check(
    db: &mut PgConnection,
    cx: &Cx,
    orders: i64,
    wrong: &[String],
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into ledger.checks (id, at, orders, wrong) values ($1, $2, $3, to_jsonb($4::text[]))",
        cx.new_id(),
        cx.now,
        orders,
        wrong,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The newest check: when, how many orders, what was wrong.
pub(super) async fn last_check(
    db: impl PgExecutor<'_>,
) -> sqlx::Result<Option<(DateTime<Utc>, i64, Vec<String>)>> {
    let row = sqlx::query!(
        r#"select at, orders, array(select jsonb_array_elements_text(wrong)) as "wrong!"
           from ledger.checks order by at desc limit 1"#
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.at, row.orders, row.wrong)))
}

/// What a month of a seller came to, account by account.
pub(super) async fn month(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    from: DateTime<Utc>,
    before: DateTime<Utc>,
) -> sqlx::Result<Vec<(Account, i64)>> {
    let rows = sqlx::query!(
        r#"select p.account as "account: Account", sum(p.amount)::bigint as "sum!"
           from ledger.entries e join ledger.postings p on p.entry_id = e.id
           where e.seller_id = $1 and e.at >= $2 and e.at < $3 group by p.account"#,
        seller.0,
        from,
        before,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account, row.sum)).collect())
}
