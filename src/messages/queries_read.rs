//! The statements that read threads and messages, each in the asker's own scope.

use super::read::Waiting;
use crate::kernel::{OrderId, PersonId, ProductId, SellerId};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

type Time = DateTime<Utc>;

/// A thread in a list or at the head of its page.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Thread {
    pub(super) id: Uuid,
    pub(super) buyer_name: String,
    pub(super) subject: String,
    pub(super) last_at: Time,
    pub(super) last_side: String,
    pub(super) excerpt: String,
    pub(super) buyer_unread: i32,
    pub(super) seller_unread: i32,
    pub(super) closed_at: Option<Time>,
    pub(super) shop_name: String,
    /// The order's code; empty for a product.
    pub(super) code: String,
    /// The product's address; empty for an order.
    pub(super) slug: String,
    /// There is an order between the two: nothing is masked.
    pub(super) known: bool,
}

/// Whose threads, and which of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub(super) id: Option<Uuid>,
    pub(super) seller: Option<SellerId>,
    /// The buyer, by his account or by the key of an order's link.
    pub(super) buyer: Option<(Option<PersonId>, String)>,
    pub(super) unread: bool,
    pub(super) orders: Option<bool>,
    pub(super) words: String,
    pub(super) limit: i64,
    pub(super) offset: i64,
}

/// Threads, newest first. Without a seller or a buyer there is nothing.
pub(super) async fn threads(db: &mut PgConnection, wanted: &Wanted) -> sqlx::Result<Vec<Thread>> {
    let mut query = QueryBuilder::<Postgres>::new(
        "select t.id, t.buyer_name, t.subject, t.last_at, t.last_side, t.excerpt, t.buyer_unread, t.seller_unread,
                t.closed_at, coalesce(s.shop_name, '') as shop_name, coalesce(o.code, '') as code,
                coalesce(p.slug, '') as slug,
                t.order_id is not null or exists (select from orders.parties_report b
                    where b.buyer_id = t.buyer_id and b.seller_id = t.seller_id) as known
         from messages.threads t
         left join enterprises.sellers_report s on s.seller_id = t.seller_id
         left join orders.parties_report o on o.order_id = t.order_id
         left join catalogue.products_report p on p.product_id = t.product_id where ",
    );
    match (&wanted.seller, &wanted.buyer) {
        (Some(seller), _) => query.push("t.seller_id = ").push_bind(seller.0),
        (None, Some((person, key))) if key.is_empty() => {
            query.push("t.buyer_id = ").push_bind(person.map(|p| p.0))
        }
        (None, Some((person, key))) => {
            query.push("(t.buyer_id = ").push_bind(person.map(|p| p.0));
            query.push(" or o.secret = ").push_bind(key.clone()).push(")")
        }
        (None, None) => query.push("false"),
    };
    if let Some(id) = wanted.id {
        query.push(" and t.id = ").push_bind(id);
    }
    if wanted.unread {
        query.push(" and t.seller_unread > 0");
    }
    match wanted.orders {
        Some(true) => {
            query.push(" and t.order_id is not null");
        }
        Some(false) => {
            query.push(" and t.product_id is not null");
        }
        None => {}
    }
    if !wanted.words.is_empty() {
        let like = format!("%{}%", wanted.words.replace(['%', '_', '\\'], " "));
        query.push(" and (t.subject ilike ").push_bind(like.clone());
        query.push(" or t.buyer_name ilike ").push_bind(like).push(")");
    }
    query.push(" order by t.last_at desc, t.id desc limit ").push_bind(wanted.limit);
    query.push(" offset ").push_bind(wanted.offset);
    query.build_query_as().fetch_all(db).await
}

/// One message.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) id: Uuid,
    pub(super) side: String,
    pub(super) body: String,
    pub(super) sent_at: Time,
}

/// The last `most` messages of a thread until `until`, oldest first.
pub(super) async fn messages(
    db: &mut PgConnection,
    thread: Uuid,
    until: Time,
    most: i64,
) -> sqlx::Result<Vec<Message>> {
    let mut rows = sqlx::query_as!(
        Message,
        "select id, side, body, sent_at from messages.messages
         where thread_id = $1 and sent_at <= $2 order by sent_at desc, id desc limit $3",
        thread,
        until,
        most
    )
    .fetch_all(db)
    .await?;
    rows.reverse();
    Ok(rows)
}

/// A file as its message shows it.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) id: Uuid,
    pub(super) message: Uuid,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) bytes: i64,
}

pub(super) async fn files(db: &mut PgConnection, messages: &[Uuid]) -> sqlx::Result<Vec<File>> {
    sqlx::query_as!(
        File,
        "select id, message_id as message, name, kind, bytes from messages.attachments
         where message_id = any($1) order by id",
        messages
    )
    .fetch_all(db)
    .await
}

/// Kind, key and name of a file, for the two who share its thread.
pub(super) async fn file(
    db: &mut PgConnection,
    id: Uuid,
    person: Option<PersonId>,
    secret: &str,
) -> sqlx::Result<Option<(String, String, String)>> {
    let row = sqlx::query!(
        "select a.kind, a.key, a.name from messages.attachments a
         join messages.messages m on m.id = a.message_id join messages.threads t on t.id = m.thread_id
         where a.id = $1 and (t.buyer_id = $2
             or exists (select from enterprises.members_report e where e.seller_id = t.seller_id and e.person_id = $2)
             or exists (select from orders.parties_report o where o.order_id = t.order_id and o.secret = $3))",
        id,
        person.map(|p| p.0),
        secret,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.kind, row.key, row.name)))
}

/// An order for whoever bought it or has its key: id, code, shop's name.
pub(super) async fn buyers_order(
    db: &mut PgConnection,
    code: &str,
    secret: &str,
    person: Option<PersonId>,
) -> sqlx::Result<Option<(OrderId, String, String)>> {
    let row = sqlx::query!(
        r#"select o.order_id as "order!: OrderId", o.code as "code!",
                  coalesce(s.shop_name, o.seller_name) as "shop!"
           from orders.parties_report o left join enterprises.sellers_report s on s.seller_id = o.seller_id
           where o.code = $1 and (o.secret = $2 or o.buyer_id = $3)"#,
        code,
        secret,
        person.map(|p| p.0),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.order, row.code, row.shop)))
}

/// An order of a shop: id, code, buyer's name.
pub(super) async fn sellers_order(
    db: &mut PgConnection,
    code: &str,
    seller: SellerId,
) -> sqlx::Result<Option<(OrderId, String, String)>> {
    let row = sqlx::query!(
        r#"select order_id as "order!: OrderId", code as "code!", buyer_name as "name!"
           from orders.parties_report where code = $1 and seller_id = $2"#,
        code,
        seller.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.order, row.code, row.name)))
}

/// A product on display: id, name, shop's name.
pub(super) async fn product(
    db: &mut PgConnection,
    slug: &str,
) -> sqlx::Result<Option<(ProductId, String, String)>> {
    let row = sqlx::query!(
        r#"select p.product_id as "product!: ProductId", p.name as "name!", s.shop_name as "shop!"
           from catalogue.products_report p join enterprises.sellers_report s on s.seller_id = p.seller_id
           where p.slug = $1 and p.state = 'published' and s.state = 'approved'"#,
        slug
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.product, row.name, row.shop)))
}

/// What letters about unread messages need.
pub(super) async fn waiting(db: &mut PgConnection, threads: &[Uuid]) -> sqlx::Result<Vec<Waiting>> {
    sqlx::query_as!(
        Waiting,
        r#"select t.id as thread, t.subject, t.buyer_name, coalesce(s.shop_name, '') as "shop_name!", t.buyer_unread,
                  t.seller_unread, o.code as "code?", o.secret as "secret?", o.buyer_email as "email?",
                  coalesce(o.lang, 'vi') as "lang!"
           from messages.threads t left join enterprises.sellers_report s on s.seller_id = t.seller_id
           left join orders.parties_report o on o.order_id = t.order_id
           where t.id = any($1) order by t.last_at desc"#,
        threads
    )
    .fetch_all(db)
    .await
}

/// How many messages each shop has not read.
pub(super) async fn unread_by_seller(db: &mut PgConnection) -> sqlx::Result<Vec<(SellerId, i64)>> {
    let rows = sqlx::query!(
        r#"select seller_id as "seller: SellerId", sum(seller_unread) as "n!" from messages.threads
           where seller_unread > 0 group by 1"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.seller, row.n)).collect())
}
