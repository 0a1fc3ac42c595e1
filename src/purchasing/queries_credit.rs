//! The SQL statements of customers' credit, of what is overdue and of notices about it.

use super::credit::{Customer, Overdue};
use crate::kernel::{Cx, Day, OrgId, SellerId, Vnd};
use sqlx::PgConnection;
use uuid::Uuid;

/// Takes so much of the customer's credit, if it reaches.
pub(super) async fn take(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, org): (SellerId, OrgId),
    amount: Vnd,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update purchasing.credits set used = used + $3, updated_at = $4
         where seller_id = $1 and org_id = $2 and not blocked and $3 <= most - used",
        seller.0,
        org.0,
        amount.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// So much is owed again, even beyond the limit.
pub(super) async fn owe(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, org): (SellerId, OrgId),
    amount: Vnd,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update purchasing.credits set used = used + $3, updated_at = $4 where seller_id = $1 and org_id = $2",
        seller.0,
        org.0,
        amount.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn give_back(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, org): (SellerId, OrgId),
    amount: Vnd,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update purchasing.credits set used = used - $3, updated_at = $4 where seller_id = $1 and org_id = $2",
        seller.0,
        org.0,
        amount.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What is left of the customer's credit.
pub(super) async fn left(db: &mut PgConnection, seller: SellerId, org: OrgId) -> sqlx::Result<Vnd> {
    let left = sqlx::query_scalar!(
        r#"select case when blocked then 0 else greatest(most - used, 0) end as "left!"
           from purchasing.credits where seller_id = $1 and org_id = $2"#,
        seller.0,
        org.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(Vnd(left.unwrap_or(0)))
}

pub(super) async fn set(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, org): (SellerId, OrgId),
    most: Vnd,
    blocked: bool,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into purchasing.credits (seller_id, org_id, most, blocked, updated_at) values ($1, $2, $3, $4, $5)
         on conflict (seller_id, org_id) do update
         set most = excluded.most, blocked = excluded.blocked, updated_at = excluded.updated_at",
        seller.0,
        org.0,
        most.0,
        blocked,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether a firm has ordered from a seller.
pub(super) async fn has_ordered(
    db: &mut PgConnection,
    seller: SellerId,
    org: OrgId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from purchasing.orders where seller_id = $1 and org_id = $2) as "has!""#,
        seller.0,
        org.0,
    )
    .fetch_one(db)
    .await
}

/// The firms that have ordered from a seller, with their credit; those who owe most come first. `words`: part of a
/// name, or the beginning of a tax code; empty: all.
pub(super) async fn customers(
    db: &mut PgConnection,
    seller: SellerId,
    words: &str,
    (most, skipped): (i64, i64),
) -> sqlx::Result<Vec<Customer>> {
    sqlx::query_as!(
        Customer,
        r#"select o.org_id as "org: OrgId", max(o.buyer_name) as "name!", max(o.buyer_tax_code) as "tax_code!",
                  count(*) as "orders!", coalesce(max(c.most), 0) as "most!: Vnd",
                  coalesce(max(c.used), 0) as "used!: Vnd", coalesce(bool_or(c.blocked), false) as "blocked!"
           from purchasing.orders o
           left join purchasing.credits c on c.seller_id = o.seller_id and c.org_id = o.org_id
           where o.seller_id = $1
             and ($2 = '' or strpos(lower(o.buyer_name), lower($2)) > 0 or starts_with(o.buyer_tax_code, $2))
           group by o.org_id order by 6 desc, 2, 1 limit $3 offset $4"#,
        seller.0,
        words,
        most,
        skipped,
    )
    .fetch_all(db)
    .await
}

/// What customers owe this seller; longest due first.
pub(super) async fn overdue(
    db: &mut PgConnection,
    seller: SellerId,
    before: Day,
    most: i64,
) -> sqlx::Result<Vec<Overdue>> {
    sqlx::query_as!(
        Overdue,
        r#"select i.id as instalment, o.id as order, o.number, i.nth, o.buyer_name as buyer, i.amount as "amount: Vnd", i.due_on
           from purchasing.instalments i join purchasing.orders o on o.id = i.order_id
           where i.paid_at is null and i.voided_at is null and i.due_on < $2 and o.seller_id = $1
           order by i.due_on, i.id limit $3"#,
        seller.0,
        before,
        most,
    )
    .fetch_all(db)
    .await
}

/// What was due before today and has no notice yet of as many as it should have had: one for each of `steps`, the days on
/// which what is then due is told of.
pub(super) async fn untold(
    db: &mut PgConnection,
    today: Day,
    steps: &[Day],
    most: i64,
) -> sqlx::Result<Vec<Overdue>> {
    sqlx::query_as!(
        Overdue,
        r#"select i.id as "instalment!", o.id as "order!", o.number as "number!", i.nth as "nth!", o.buyer_name as "buyer!",
                  i.amount as "amount!: Vnd", i.due_on as "due_on!"
           from purchasing.instalments i join purchasing.orders o on o.id = i.order_id
           cross join lateral (select count(*) as level from unnest($2::date[]) as s (day) where i.due_on <= s.day) reached
           where i.paid_at is null and i.voided_at is null and i.due_on < $1 and reached.level > 0
             and not exists (select from purchasing.dunnings d
                             where d.instalment_id = i.id and d.level >= reached.level)
           order by i.due_on, i.id limit $3"#,
        today,
        steps,
        most,
    )
    .fetch_all(db)
    .await
}

/// Notes that a notice goes out; `false` when it has before.
pub(super) async fn note_dunning(
    db: &mut PgConnection,
    cx: &Cx,
    instalment: Uuid,
    level: i32,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into purchasing.dunnings (instalment_id, level, at) values ($1, $2, $3) on conflict do nothing",
        instalment,
        level,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What is due on a day and was agreed before it.
pub(super) async fn due_on(
    db: &mut PgConnection,
    day: Day,
    most: i64,
) -> sqlx::Result<Vec<Overdue>> {
    sqlx::query_as!(
        Overdue,
        r#"select i.id as instalment, o.id as order, o.number, i.nth, o.buyer_name as buyer, i.amount as "amount: Vnd", i.due_on
           from purchasing.instalments i join purchasing.orders o on o.id = i.order_id
           where i.paid_at is null and i.voided_at is null and i.due_on = $1
             and (i.opened_at at time zone 'Asia/Ho_Chi_Minh')::date < $1
           order by i.id limit $2"#,
        day,
        most,
    )
    .fetch_all(db)
    .await
}
