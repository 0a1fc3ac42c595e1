//! The SQL statements of `documents` about invoices.

use super::{
    ask::Recipient,
    invoice::{Invoice, Sale, Which},
    record::NewInvoice,
};
use crate::kernel::{Actor, CheckoutId, Cx, OrderId, Place, SellerId, Vnd};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Keeps what a checkout says of its invoice.
pub(super) async fn save_wish(
    db: &mut PgConnection,
    checkout: CheckoutId,
    to: &Recipient,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into documents.wishes (checkout_id, name, tax_code, address, email, updated_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (checkout_id) do update
             set name = $2, tax_code = $3, address = $4, email = $5, updated_at = $6",
        checkout.0,
        to.name,
        to.tax_code,
        to.address,
        to.email,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// No wish any more.
pub(super) async fn delete_wish(db: &mut PgConnection, checkout: CheckoutId) -> sqlx::Result<()> {
    sqlx::query!("delete from documents.wishes where checkout_id = $1", checkout.0)
        .execute(db)
        .await?;
    Ok(())
}

/// What a checkout says.
pub(super) async fn wish(
    db: &mut PgConnection,
    checkout: CheckoutId,
) -> sqlx::Result<Option<Recipient>> {
    sqlx::query_as!(
        Recipient,
        "select name, tax_code, address, email from documents.wishes where checkout_id = $1",
        checkout.0
    )
    .fetch_optional(db)
    .await
}

/// The orders of a checkout ask for what it said; nothing where it said nothing.
pub(super) async fn take_over_wish(
    db: &mut PgConnection,
    checkout: CheckoutId,
    orders: &[(OrderId, SellerId)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (ids, sellers): (Vec<Uuid>, Vec<Uuid>) = orders.iter().map(|(o, s)| (o.0, s.0)).unzip();
    sqlx::query!(
        "insert into documents.invoice_requests (order_id, seller_id, name, tax_code, address, email, asked_at, changed_at)
         select o.id, o.seller, w.name, w.tax_code, w.address, w.email, $4, $4
         from documents.wishes w cross join unnest($2::uuid[], $3::uuid[]) as o (id, seller)
         where w.checkout_id = $1 on conflict (order_id) do nothing",
        checkout.0,
        &ids,
        &sellers,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whom the order's invoice is to name.
pub(super) async fn save_request(
    db: &mut PgConnection,
    (order, seller): (OrderId, SellerId),
    to: &Recipient,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into documents.invoice_requests (order_id, seller_id, name, tax_code, address, email, asked_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)
         on conflict (order_id) do update
             set name = $3, tax_code = $4, address = $5, email = $6, changed_at = $7",
        order.0,
        seller.0,
        to.name,
        to.tax_code,
        to.address,
        to.email,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What the buyer asked for.
pub(super) async fn request(
    db: &mut PgConnection,
    order: OrderId,
) -> sqlx::Result<Option<Recipient>> {
    sqlx::query_as!(
        Recipient,
        "select name, tax_code, address, email from documents.invoice_requests where order_id = $1",
        order.0
    )
    .fetch_optional(db)
    .await
}

/// What buyers asked for, by order.
pub(super) async fn requests(
    db: &mut PgConnection,
    orders: &[OrderId],
) -> sqlx::Result<HashMap<OrderId, Recipient>> {
    let ids: Vec<Uuid> = orders.iter().map(|order| order.0).collect();
    let rows = sqlx::query!(
        "select order_id, name, tax_code, address, email from documents.invoice_requests where order_id = any($1)",
        &ids
    )
    .fetch_all(db)
    .await?;
    let asked = rows.into_iter().map(|row| {
        let (name, tax_code, address, email) = (row.name, row.tax_code, row.address, row.email);
        (OrderId(row.order_id), Recipient { name, tax_code, address, email })
    });
    Ok(asked.collect())
}

/// Waits until nobody else asks for this order's invoice or records it; until the transaction ends.
pub(super) async fn queue_for(db: &mut PgConnection, order: OrderId) -> sqlx::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('documents.invoice:' || $1::text, 0))",
        order.to_string()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The invoice of an order.
pub(super) async fn current(
    db: &mut PgConnection,
    order: OrderId,
) -> sqlx::Result<Option<Invoice>> {
    sqlx::query_as!(
        Invoice,
        "select symbol, number, issued_on, authority_code, file_key, file_type, recorded_at
         from documents.invoices where order_id = $1 and replaced_at is null",
        order.0
    )
    .fetch_optional(db)
    .await
}

/// Ends the entry that is there: it is what a new one replaces.
pub(super) async fn replace(
    db: &mut PgConnection,
    order: OrderId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Invoice>> {
    sqlx::query_as!(
        Invoice,
        "update documents.invoices set replaced_at = $2 where order_id = $1 and replaced_at is null
         returning symbol, number, issued_on, authority_code, file_key, file_type, recorded_at",
        order.0,
        now,
    )
    .fetch_optional(db)
    .await
}

/// A new entry.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    (order, seller): (OrderId, SellerId),
    new: &NewInvoice,
    file: Option<(String, String)>,
) -> sqlx::Result<()> {
    let by = match cx.actor {
        Actor::Person(id) => Some(id.0),
        Actor::Guest | Actor::System => None,
    };
    let (key, kind) = file.unzip();
    sqlx::query!(
        "insert into documents.invoices (id, order_id, seller_id, symbol, number, issued_on, authority_code,
             file_key, file_type, recorded_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        cx.new_id(),
        order.0,
        seller.0,
        new.symbol,
        new.number,
        new.issued_on,
        new.authority_code,
        key,
        kind,
        by,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A seller's sales, newest first.
pub(super) async fn sales(
    db: &mut PgConnection,
    seller: SellerId,
    which: Which,
    from: Option<Place>,
    size: i64,
) -> sqlx::Result<Vec<Sale>> {
    let (at, id) = from.unzip();
    sqlx::query_as!(
        Sale,
        r#"select r.order_id as "order!: OrderId", r.code as "code!", r.placed_at as "placed_at!",
                  r.buyer_name as "buyer_name!", r.buyer_org as "buyer_org!", r.total as "total!: Vnd",
                  q.name as "asked?", i.symbol as "symbol?", i.number as "number?", i.issued_on as "issued_on?"
           from orders.invoicing_report r
           left join documents.invoice_requests q on q.order_id = r.order_id
           left join documents.invoices i on i.order_id = r.order_id and i.replaced_at is null
           where r.seller_id = $1
             and case $2 when 'thieu' then i.id is null
                         when 'duoc-yeu-cau' then i.id is null and q.order_id is not null
                         else i.id is not null end
             and ($3::timestamptz is null or (r.placed_at, r.order_id) < ($3, $4))
           order by r.placed_at desc, r.order_id desc limit $5"#,
        seller.0,
        which.slug(),
        at,
        id,
        size,
    )
    .fetch_all(db)
    .await
}

/// How many sales lack an invoice, and how many of these were asked for; counted up to a thousand.
pub(super) async fn missing(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<(i64, i64)> {
    let row = sqlx::query!(
        r#"select count(*) as "all!", count(asked) as "asked!" from (
               select q.order_id as asked from orders.invoicing_report r
               left join documents.invoice_requests q on q.order_id = r.order_id
               where r.seller_id = $1 and not exists (
                   select from documents.invoices i where i.order_id = r.order_id and i.replaced_at is null)
               limit 1000) few"#,
        seller.0
    )
    .fetch_one(db)
    .await?;
    Ok((row.all, row.asked))
}

/// Sellers with sales that have lacked an invoice since before `since`: how many, and how many asked for.
/// Sales older than `oldest` are left alone.
pub(super) async fn sellers_to_remind(
    db: &mut PgConnection,
    since: DateTime<Utc>,
    oldest: DateTime<Utc>,
) -> sqlx::Result<Vec<(SellerId, i64, i64)>> {
    let rows = sqlx::query!(
        r#"select r.seller_id as "seller!: SellerId", count(*) as "all!", count(q.order_id) as "asked!"
           from orders.invoicing_report r
           left join documents.invoice_requests q on q.order_id = r.order_id
           where r.state_since <= $1 and r.placed_at > $2 and not exists (
               select from documents.invoices i where i.order_id = r.order_id and i.replaced_at is null)
           group by r.seller_id order by r.seller_id"#,
        since,
        oldest,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.seller, row.all, row.asked)).collect())
}
