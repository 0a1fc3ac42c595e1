//! The statements that write threads and messages.

use super::{
    model::Side,
    send::{Attachment, Sending},
};
use crate::kernel::{Cx, OrderId, PersonId, ProductId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Time = DateTime<Utc>;

pub(super) async fn of_order(db: &mut PgConnection, order: OrderId) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!("select id from messages.threads where order_id = $1", order.0)
        .fetch_optional(db)
        .await
}

pub(super) async fn open_for_order(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
    side: Side,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into messages.threads (id, seller_id, buyer_id, buyer_name, order_id, subject, opened_at, last_at,
                                       last_side, excerpt)
         select $1, o.seller_id, o.buyer_id, o.buyer_name, o.order_id, o.code, $3, $3, $4, ''
         from orders.parties_report o where o.order_id = $2
         on conflict (order_id) do nothing",
        cx.new_id(),
        order.0,
        cx.now,
        side.code(),
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn of_product(
    db: &mut PgConnection,
    product: ProductId,
    buyer: PersonId,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select id from messages.threads where buyer_id = $2 and product_id = $1",
        product.0,
        buyer.0
    )
    .fetch_optional(db)
    .await
}

/// Whether somebody is a member of the shop that sells this.
pub(super) async fn is_own(
    db: &mut PgConnection,
    product: ProductId,
    person: PersonId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from catalogue.products_report p
                          join enterprises.members_report m on m.seller_id = p.seller_id and m.person_id = $2
                          where p.product_id = $1) as "own!""#,
        product.0,
        person.0
    )
    .fetch_one(db)
    .await
}

pub(super) async fn opened_since(
    db: &mut PgConnection,
    buyer: PersonId,
    since: Time,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from messages.threads
           where buyer_id = $1 and product_id is not null and opened_at > $2"#,
        buyer.0,
        since
    )
    .fetch_one(db)
    .await
}

pub(super) async fn open_for_product(
    db: &mut PgConnection,
    cx: &Cx,
    product: ProductId,
    buyer: PersonId,
    name: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into messages.threads (id, seller_id, buyer_id, buyer_name, product_id, subject, opened_at, last_at,
                                       last_side, excerpt)
         select $1, p.seller_id, $3, $4, p.product_id, p.name, $5, $5, 'buyer', ''
         from catalogue.products_report p
         join enterprises.sellers_report s on s.seller_id = p.seller_id and s.state = 'approved'
         where p.product_id = $2 and p.state = 'published'
         on conflict (buyer_id, product_id) do nothing",
        cx.new_id(),
        product.0,
        buyer.0,
        name,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Notes a new message at its thread; `false` when the thread is closed. Whoever writes has read.
pub(super) async fn touch(
    db: &mut PgConnection,
    cx: &Cx,
    thread: Uuid,
    side: Side,
    excerpt: &str,
) -> sqlx::Result<bool> {
    let by_buyer = side == Side::Buyer;
    let done = sqlx::query!(
        "update messages.threads set last_at = $2, last_side = $3, excerpt = $4,
             seller_unread = case when $5 then seller_unread + 1 else 0 end,
             seller_unread_since = case when $5 then coalesce(seller_unread_since, $2) end,
             seller_told_at = case when $5 then seller_told_at end,
             buyer_unread = case when $5 then 0 else buyer_unread + 1 end,
             buyer_unread_since = case when $5 then null else coalesce(buyer_unread_since, $2) end,
             buyer_told_at = case when $5 then null else buyer_told_at end
         where id = $1 and closed_at is null",
        thread,
        cx.now,
        side.code(),
        excerpt,
        by_buyer,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn sent_since(
    db: &mut PgConnection,
    thread: Uuid,
    side: Side,
    since: Time,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from messages.messages where thread_id = $1 and side = $2 and sent_at > $3"#,
        thread,
        side.code(),
        since
    )
    .fetch_one(db)
    .await
}

pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    new: &Sending,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into messages.messages (id, thread_id, side, author_id, body, sent_at) values ($1, $2, $3, $4, $5, $6)",
        id,
        new.thread,
        new.side.code(),
        new.author.map(|p| p.0),
        new.body,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn attach(
    db: &mut PgConnection,
    id: Uuid,
    message: Uuid,
    file: &Attachment,
) -> sqlx::Result<()> {
    let kind = if file.is_picture { "picture" } else { "pdf" };
    sqlx::query!(
        "insert into messages.attachments (id, message_id, name, kind, key, bytes) values ($1, $2, $3, $4, $5, $6)",
        id,
        message,
        file.name,
        kind,
        file.key,
        file.bytes,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Notes that one of the two has read everything.
pub(super) async fn mark_read(db: &mut PgConnection, thread: Uuid, side: Side) -> sqlx::Result<()> {
    match side {
        Side::Buyer => sqlx::query!(
            "update messages.threads set buyer_unread = 0, buyer_unread_since = null, buyer_told_at = null
             where id = $1 and buyer_unread > 0",
            thread
        )
        .execute(db)
        .await
        .map(drop),
        Side::Seller => sqlx::query!(
            "update messages.threads set seller_unread = 0, seller_unread_since = null, seller_told_at = null
             where id = $1 and seller_unread > 0",
            thread
        )
        .execute(db)
        .await
        .map(drop),
    }
}

/// Threads whose shop has not read since before `limit`, noted as told.
pub(super) async fn tell_sellers(
    db: &mut PgConnection,
    cx: &Cx,
    limit: Time,
) -> sqlx::Result<Vec<(Uuid, Uuid)>> {
    let rows = sqlx::query!(
        "update messages.threads set seller_told_at = $1
         where seller_unread_since <= $2 and seller_told_at is null returning seller_id, id",
        cx.now,
        limit
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.seller_id, row.id)).collect())
}

/// Threads whose buyer has not read since before `limit`, noted as told.
pub(super) async fn tell_buyers(
    db: &mut PgConnection,
    cx: &Cx,
    limit: Time,
) -> sqlx::Result<Vec<(Option<Uuid>, Uuid)>> {
    let rows = sqlx::query!(
        "update messages.threads set buyer_told_at = $1
         where buyer_unread_since <= $2 and buyer_told_at is null returning buyer_id, id",
        cx.now,
        limit
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.buyer_id, row.id)).collect())
}

/// Deletes up to `most` messages from before `limit`; their files are noted as left over.
pub(super) async fn sweep_messages(
    db: &mut PgConnection,
    limit: Time,
    most: i64,
) -> sqlx::Result<u64> {
    let gone = sqlx::query!(
        "with old as (select id from messages.messages where sent_at < $1 order by sent_at limit $2),
              files as (insert into messages.leftovers (key)
                        select a.kind || ':' || a.key from messages.attachments a join old on old.id = a.message_id
                        on conflict do nothing)
         delete from messages.messages m using old where m.id = old.id",
        limit,
        most
    )
    .execute(db)
    .await?;
    Ok(gone.rows_affected())
}

/// Deletes threads in which nothing was said since `limit`.
pub(super) async fn sweep_threads(db: &mut PgConnection, limit: Time) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from messages.threads t where t.last_at < $1
           and not exists (select from messages.messages m where m.thread_id = t.id)",
        limit
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn leftovers(db: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!("select key from messages.leftovers order by key limit 500")
        .fetch_all(db)
        .await
}

pub(super) async fn forget_leftover(db: &mut PgConnection, key: &str) -> sqlx::Result<()> {
    sqlx::query!("delete from messages.leftovers where key = $1", key).execute(db).await?;
    Ok(())
}
