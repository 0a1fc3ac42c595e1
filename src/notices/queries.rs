//! Every statement of `notices`.

use super::tell::News;
use crate::kernel::{Cx, Day, Lang, OrderId, PersonId, SellerId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Time = DateTime<Utc>;

/// Once per person and cause, dated with the cause.
pub(super) async fn insert_item(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    news: &News,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into notices.items (id, person_id, kind, dedup_key, title_vi, title_en, href, told_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict on constraint items_once do nothing",
        cx.new_id(),
        person.0,
        news.kind.code(),
        news.cause,
        news.title.get(Lang::Vi),
        news.title.get(Lang::En),
        news.href,
        cx.cause_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A notice in the list.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) id: Uuid,
    pub(super) title_vi: String,
    pub(super) title_en: String,
    pub(super) told_at: Time,
    pub(super) read: bool,
}

pub(super) async fn items(
    db: &mut PgConnection,
    person: PersonId,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<Item>> {
    sqlx::query_as!(
        Item,
        r#"select id, title_vi, title_en, told_at, read_at is not null as "read!" from notices.items
           where person_id = $1 order by told_at desc, id desc limit $2 offset $3"#,
        person.0,
        limit,
        offset
    )
    .fetch_all(db)
    .await
}

/// Notes that somebody has read one of his; answers where it leads.
pub(super) async fn open(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    id: Uuid,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "update notices.items set read_at = coalesce(read_at, $3) where id = $1 and person_id = $2 returning href",
        id,
        person.0,
        cx.now,
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn read_all(db: &mut PgConnection, cx: &Cx, person: PersonId) -> sqlx::Result<()> {
    sqlx::query!(
        "update notices.items set read_at = $2 where person_id = $1 and read_at is null",
        person.0,
        cx.now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Notes that somebody has read what leads to one of these; answers how many there were.
pub(super) async fn read_of(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    hrefs: &[String],
) -> sqlx::Result<i64> {
    let read = sqlx::query!(
        "update notices.items set read_at = $2 where person_id = $1 and read_at is null and href = any($3)",
        person.0,
        cx.now,
        hrefs,
    )
    .execute(db)
    .await?;
    Ok(i64::try_from(read.rows_affected()).unwrap_or(0))
}

pub(super) async fn sweep(db: &mut PgConnection, limit: Time) -> sqlx::Result<()> {
    sqlx::query!("delete from notices.items where told_at < $1", limit).execute(&mut *db).await?;
    sqlx::query!("delete from notices.texts where queued_at < $1", limit).execute(&mut *db).await?;
    sqlx::query!("delete from notices.digests where told_at < $1", limit).execute(db).await?;
    Ok(())
}

pub(super) async fn preference(
    db: &mut PgConnection,
    person: PersonId,
    kind: &str,
    channel: &str,
) -> sqlx::Result<Option<bool>> {
    sqlx::query_scalar!(
        "select wanted from notices.preferences where person_id = $1 and kind = $2 and channel = $3",
        person.0,
        kind,
        channel
    )
    .fetch_optional(db)
    .await
}

/// Kind, channel and what was said.
pub(super) async fn preferences(
    db: &mut PgConnection,
    person: PersonId,
) -> sqlx::Result<Vec<(String, String, bool)>> {
    let rows = sqlx::query!(
        "select kind, channel, wanted from notices.preferences where person_id = $1",
        person.0
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.channel, row.wanted)).collect())
}

pub(super) async fn set_preference(
    db: &mut PgConnection,
    person: PersonId,
    (kind, channel): (&str, &str),
    wanted: bool,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into notices.preferences (person_id, kind, channel, wanted) values ($1, $2, $3, $4)
         on conflict (person_id, kind, channel) do update set wanted = excluded.wanted",
        person.0,
        kind,
        channel,
        wanted
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn refuse(
    db: &mut PgConnection,
    cx: &Cx,
    contact: &str,
    kind: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into notices.refusals (contact, kind, refused_at) values (lower($1), $2, $3) on conflict do nothing",
        contact,
        kind,
        cx.now
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn has_refused(
    db: &mut PgConnection,
    contact: &str,
    kind: &str,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from notices.refusals where contact = lower($1) and kind = $2) as "has!""#,
        contact,
        kind
    )
    .fetch_one(db)
    .await
}

/// The two of an order, and how the buyer is reached.
#[derive(Debug, Clone)]
pub(super) struct Parties {
    pub(super) code: String,
    pub(super) secret: String,
    pub(super) seller: SellerId,
    pub(super) seller_name: String,
    pub(super) buyer: Option<PersonId>,
    pub(super) buyer_name: String,
    pub(super) email: Option<String>,
    pub(super) phone: String,
    pub(super) lang: String,
    pub(super) state: String,
}

pub(super) async fn parties(
    db: &mut PgConnection,
    order: OrderId,
) -> sqlx::Result<Option<Parties>> {
    sqlx::query_as!(
        Parties,
        r#"select code as "code!", secret as "secret!", seller_id as "seller!: SellerId", seller_name as "seller_name!",
                  buyer_id as "buyer: PersonId", buyer_name as "buyer_name!", buyer_email as email,
                  buyer_phone as "phone!", lang as "lang!", state as "state!"
           from orders.parties_report where order_id = $1"#,
        order.0
    )
    .fetch_optional(db)
    .await
}

/// The buyer's address of an order, for whoever has its key or bought it.
pub(super) async fn address_of(
    db: &mut PgConnection,
    code: &str,
    secret: &str,
    person: Option<PersonId>,
) -> sqlx::Result<Option<Option<String>>> {
    sqlx::query_scalar!(
        "select buyer_email from orders.parties_report where code = $1 and (secret = $2 or buyer_id = $3)",
        code,
        secret,
        person.map(|p| p.0)
    )
    .fetch_optional(db)
    .await
}

/// A product's name and its shop.
pub(super) async fn product(
    db: &mut PgConnection,
    product: Uuid,
) -> sqlx::Result<Option<(String, SellerId)>> {
    let row = sqlx::query!(
        r#"select name as "name!", seller_id as "seller!: SellerId" from catalogue.products_report where product_id = $1"#,
        product
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.name, row.seller)))
}

/// Orders that wait for each shop.
pub(super) async fn orders_waiting(db: &mut PgConnection) -> sqlx::Result<Vec<(SellerId, i64)>> {
    let rows = sqlx::query!(
        r#"select seller_id as "seller!: SellerId", count(*) as "n!" from orders.parties_report
           where state in ('awaiting_payment', 'placed', 'confirmed', 'packed') group by 1"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.seller, row.n)).collect())
}

/// Takes the letters of a day in hand; `false`: they are written.
pub(super) async fn begin_digest(db: &mut PgConnection, day: Day, now: Time) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into notices.digests (day, told_at) values ($1, $2) on conflict do nothing",
        day,
        now
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A member of a shop, and what he has said about the letter of the day.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    pub(super) seller: SellerId,
    pub(super) person: PersonId,
    pub(super) shop: String,
    pub(super) said: Option<bool>,
}

/// The members of these shops.
pub(super) async fn digest_readers(
    db: &mut PgConnection,
    sellers: &[Uuid],
) -> sqlx::Result<Vec<Reader>> {
    sqlx::query_as!(
        Reader,
        r#"select m.seller_id as "seller!: SellerId", m.person_id as "person!: PersonId", m.shop_name as "shop!",
                  p.wanted as "said?"
           from enterprises.members_report m
           left join notices.preferences p
                on p.person_id = m.person_id and p.kind = 'digest' and p.channel = 'mail'
           where m.seller_id = any($1)"#,
        sellers
    )
    .fetch_all(db)
    .await
}

/// `false`: it was queued before.
pub(super) async fn queue_text(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    (to, body): (&str, &str),
    dedup_key: &str,
) -> sqlx::Result<bool> {
    let fresh = sqlx::query!(
        "insert into notices.texts (id, dedup_key, recipient, body, queued_at) values ($1, $2, $3, $4, $5)
         on conflict (dedup_key) do nothing",
        id,
        dedup_key,
        to,
        body,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(fresh.rows_affected() == 1)
}

pub(super) async fn waiting_text(
    db: &mut PgConnection,
    id: Uuid,
) -> sqlx::Result<Option<(String, String)>> {
    let row = sqlx::query!(
        "select recipient, body from notices.texts where id = $1 and sent_at is null",
        id
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.recipient, row.body)))
}

pub(super) async fn text_sent(db: &mut PgConnection, cx: &Cx, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!("update notices.texts set sent_at = $2 where id = $1", id, cx.now)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn latest_texts(
    db: &mut PgConnection,
) -> sqlx::Result<Vec<(String, String, Time, bool)>> {
    let rows = sqlx::query!(
        r#"select recipient, body, queued_at, sent_at is not null as "sent!" from notices.texts
           order by queued_at desc, id desc limit 100"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.recipient, row.body, row.queued_at, row.sent)).collect())
}
