//! The statements that write `reviews`.

use super::write::NewReview;
use crate::{
    kernel::{Cx, OrderId, PersonId, ProductId, SellerId},
    platform::kept_pictures::KeptPicture,
};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A review that is about to be changed; its row is locked.
pub(super) struct Locked {
    pub(super) product: ProductId,
    pub(super) seller: SellerId,
    pub(super) stars: i16,
    pub(super) hidden: bool,
}

/// Whether the buyer of an order is a member of its shop.
pub(super) async fn is_own(db: &mut PgConnection, order: OrderId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from orders.parties_report o
                          join enterprises.members_report m on m.seller_id = o.seller_id and m.person_id = o.buyer_id
                          where o.order_id = $1) as "own!""#,
        order.0
    )
    .fetch_one(db)
    .await
}

pub(super) async fn exists(
    db: &mut PgConnection,
    order: OrderId,
    position: i32,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from reviews.reviews where order_id = $1 and position = $2) as "is!""#,
        order.0,
        position
    )
    .fetch_one(db)
    .await
}

/// Writes a review if the order was completed after `since`: only what this finds can be reviewed.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    (order, position): (OrderId, i32),
    name: &str,
    new: &NewReview,
    since: DateTime<Utc>,
) -> sqlx::Result<Option<(ProductId, SellerId)>> {
    let row = sqlx::query!(
        r#"insert into reviews.reviews (id, order_id, position, product_id, seller_id, author_id, author_name, label,
                                        stars, body, written_at)
           select $1, o.order_id, b.position, b.product_id, o.seller_id, o.buyer_id, $4, b.label, $5, $6, $7
           from orders.parties_report o join orders.bought_report b on b.order_id = o.order_id
           where o.order_id = $2 and b.position = $3 and o.state = 'completed' and o.completed_at > $8
           on conflict (order_id, position) do nothing
           returning product_id as "product: ProductId", seller_id as "seller: SellerId""#,
        id,
        order.0,
        position,
        name,
        new.stars,
        new.body,
        cx.now,
        since,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.product, row.seller)))
}

pub(super) async fn insert_picture(
    db: &mut PgConnection,
    id: Uuid,
    review: Uuid,
    picture: &KeptPicture,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into reviews.pictures (id, review_id, position, key, width, height)
         select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5 from reviews.pictures where review_id = $2",
        id,
        review,
        picture.key,
        picture.width,
        picture.height,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Answers the keys of what is gone.
pub(super) async fn remove_pictures(
    db: &mut PgConnection,
    review: Uuid,
    without: &[Uuid],
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "delete from reviews.pictures where review_id = $1 and id = any($2) returning key",
        review,
        without
    )
    .fetch_all(db)
    .await
}

pub(super) async fn count_pictures(db: &mut PgConnection, review: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from reviews.pictures where review_id = $1"#,
        review
    )
    .fetch_one(db)
    .await
}

pub(super) async fn lock(db: &mut PgConnection, review: Uuid) -> sqlx::Result<Option<Locked>> {
    sqlx::query_as!(
        Locked,
        r#"select product_id as "product: ProductId", seller_id as "seller: SellerId", stars, hidden
           from reviews.reviews where id = $1 for update"#,
        review
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn lock_editable(
    db: &mut PgConnection,
    review: Uuid,
    since: DateTime<Utc>,
) -> sqlx::Result<Option<Locked>> {
    sqlx::query_as!(
        Locked,
        r#"select product_id as "product: ProductId", seller_id as "seller: SellerId", stars, hidden
           from reviews.reviews where id = $1 and not hidden and written_at > $2 for update"#,
        review,
        since
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn lock_shown(
    db: &mut PgConnection,
    review: Uuid,
    seller: SellerId,
) -> sqlx::Result<Option<Locked>> {
    sqlx::query_as!(
        Locked,
        r#"select product_id as "product: ProductId", seller_id as "seller: SellerId", stars, hidden
           from reviews.reviews where id = $1 and not hidden and seller_id = $2 for update"#,
        review,
        seller.0
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn update(
    db: &mut PgConnection,
    cx: &Cx,
    review: Uuid,
    new: &NewReview,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update reviews.reviews set stars = $2, body = $3, edited_at = $4, version = version + 1 where id = $1",
        review,
        new.stars,
        new.body,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Adds to the totals of a product and of its shop; a row of zeros says that something else has changed.
pub(super) async fn count(
    db: &mut PgConnection,
    product: ProductId,
    seller: SellerId,
    change: [i64; 5],
) -> sqlx::Result<()> {
    for (kind, subject) in [("product", product.0), ("seller", seller.0)] {
        let changed = sqlx::query!(
            "update reviews.totals set one = one + $3, two = two + $4, three = three + $5, four = four + $6,
                                       five = five + $7, version = version + 1
             where kind = $1 and subject_id = $2",
            kind,
            subject,
            change[0],
            change[1],
            change[2],
            change[3],
            change[4],
        )
        .execute(&mut *db)
        .await?;
        if changed.rows_affected() == 1 {
            continue;
        }
        sqlx::query!(
            "insert into reviews.totals as t (kind, subject_id, one, two, three, four, five)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (kind, subject_id) do update
             set one = t.one + excluded.one, two = t.two + excluded.two, three = t.three + excluded.three,
                 four = t.four + excluded.four, five = t.five + excluded.five, version = t.version + 1",
            kind,
            subject,
            change[0],
            change[1],
            change[2],
            change[3],
            change[4],
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Whether it is the first answer.
pub(super) async fn save_answer(
    db: &mut PgConnection,
    cx: &Cx,
    review: Uuid,
    person: PersonId,
    body: &str,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"insert into reviews.answers as a (review_id, body, answered_by, answered_at) values ($1, $2, $3, $4)
           on conflict (review_id) do update set body = $2, answered_by = $3, edited_at = $4
           returning a.edited_at is null as "first!""#,
        review,
        body,
        person.0,
        cx.now,
    )
    .fetch_one(db)
    .await
}

pub(super) async fn insert_report(
    db: &mut PgConnection,
    cx: &Cx,
    review: Uuid,
    reason: &str,
    note: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into reviews.reports (id, review_id, reason, note, reporter_id, reported_at)
         values ($1, $2, $3, $4, $5, $6)",
        cx.new_id(),
        review,
        reason,
        note,
        cx.person().map(|p| p.0),
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn settle_reports(
    db: &mut PgConnection,
    cx: &Cx,
    review: Uuid,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update reviews.reports set settled_at = $2 where review_id = $1 and settled_at is null",
        review,
        cx.now
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn insert_ruling(
    db: &mut PgConnection,
    cx: &Cx,
    (id, review): (Uuid, Uuid),
    by: PersonId,
    (act, reason, note): (&str, &str, &str),
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into reviews.rulings (id, review_id, act, reason, note, ruled_by, ruled_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id,
        review,
        act,
        reason,
        note,
        by.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn set_hidden(
    db: &mut PgConnection,
    review: Uuid,
    hidden: bool,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update reviews.reviews set hidden = $2, version = version + 1 where id = $1",
        review,
        hidden
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn set_appeal(
    db: &mut PgConnection,
    cx: &Cx,
    review: Uuid,
    words: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update reviews.reviews set appealed_at = $2, appeal = $3
         where id = $1 and hidden and appealed_at is null",
        review,
        cx.now,
        words,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether the author has asked for a look that has not been taken.
pub(super) async fn appeal_is_open(db: &mut PgConnection, review: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from reviews.reviews r where r.id = $1 and r.appealed_at is not null
               and not exists (select from reviews.rulings u where u.review_id = r.id and u.ruled_at >= r.appealed_at))
           as "open!""#,
        review
    )
    .fetch_one(db)
    .await
}

/// Readers go on; writers wait.
pub(super) async fn lock_all(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("lock table reviews.reviews in share mode").execute(db).await?;
    Ok(())
}

/// Sets every total that is not what the reviews say, and tells which they were.
pub(super) async fn put_right(db: &mut PgConnection) -> sqlx::Result<Vec<(String, Uuid)>> {
    let rows = sqlx::query!(
        r#"with counted as (
               select k.kind, k.subject_id,
                      count(*) filter (where stars = 1) as one, count(*) filter (where stars = 2) as two,
                      count(*) filter (where stars = 3) as three, count(*) filter (where stars = 4) as four,
                      count(*) filter (where stars = 5) as five
               from reviews.reviews r
               cross join lateral (values ('product', r.product_id), ('seller', r.seller_id)) k (kind, subject_id)
               where not r.hidden group by 1, 2),
           wrong as (
               select coalesce(t.kind, c.kind) as kind, coalesce(t.subject_id, c.subject_id) as subject_id,
                      coalesce(c.one, 0) as one, coalesce(c.two, 0) as two, coalesce(c.three, 0) as three,
                      coalesce(c.four, 0) as four, coalesce(c.five, 0) as five
               from reviews.totals t full join counted c on c.kind = t.kind and c.subject_id = t.subject_id
               where (coalesce(t.one, 0), coalesce(t.two, 0), coalesce(t.three, 0), coalesce(t.four, 0), coalesce(t.five, 0))
                     is distinct from
                     (coalesce(c.one, 0), coalesce(c.two, 0), coalesce(c.three, 0), coalesce(c.four, 0), coalesce(c.five, 0)))
           insert into reviews.totals as t (kind, subject_id, one, two, three, four, five)
           select kind, subject_id, one, two, three, four, five from wrong
           on conflict (kind, subject_id) do update
           set one = excluded.one, two = excluded.two, three = excluded.three, four = excluded.four,
               five = excluded.five, version = t.version + 1
           returning t.kind, t.subject_id"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.subject_id)).collect())
}
