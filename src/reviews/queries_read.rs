//! The statements that read `reviews`.

use super::model::Totals;
use crate::kernel::{OrderId, PersonId, ProductId, SellerId};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use std::collections::HashMap;
use uuid::Uuid;

type Time = DateTime<Utc>;

/// A review with its answer and what it is about.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) author_name: String,
    pub(super) label: String,
    pub(super) stars: i16,
    pub(super) body: String,
    pub(super) hidden: bool,
    pub(super) written_at: Time,
    pub(super) edited_at: Option<Time>,
    pub(super) appeal: String,
    pub(super) answer: Option<String>,
    pub(super) answered_at: Option<Time>,
    pub(super) product_name: String,
    pub(super) slug: String,
    /// Reports that nobody has ruled upon.
    pub(super) reports: i64,
    /// The author's appeal waits.
    pub(super) appeals: bool,
}

/// Which reviews are asked for, newest first.
#[derive(Debug, Default, Clone)]
pub(super) struct Wanted {
    pub(super) id: Option<Uuid>,
    pub(super) product: Option<ProductId>,
    pub(super) seller: Option<SellerId>,
    pub(super) star: Option<i16>,
    pub(super) hidden: Option<bool>,
    pub(super) unanswered: bool,
    /// Reported, or appealed against.
    pub(super) open: bool,
    pub(super) limit: i64,
    pub(super) offset: i64,
}

const OPEN_APPEAL: &str = "(r.appealed_at is not null and not exists (select from reviews.rulings u
                            where u.review_id = r.id and u.ruled_at >= r.appealed_at))";
/// Reported, or appealed against: by the two indexes of what is open, not by a walk through all reviews.
const OPEN: &str =
    " and r.id in (select o.review_id from reviews.reports o where o.settled_at is null
                      union select w.id from reviews.reviews w where w.appealed_at is not null
                      and not exists (select from reviews.rulings u
                                      where u.review_id = w.id and u.ruled_at >= w.appealed_at))";

pub(super) async fn find(db: &mut PgConnection, wanted: &Wanted) -> sqlx::Result<Vec<Row>> {
    let mut query = QueryBuilder::<Postgres>::new(
        "select r.id, r.author_name, r.label, r.stars, r.body, r.hidden, r.written_at, r.edited_at,
                r.appeal, a.body as answer, coalesce(a.edited_at, a.answered_at) as answered_at,
                coalesce(p.name, '') as product_name, coalesce(p.slug, '') as slug,
                (select count(*) from reviews.reports o where o.review_id = r.id and o.settled_at is null) as reports, ",
    );
    query.push(OPEN_APPEAL).push(" as appeals from reviews.reviews r");
    query.push(" left join reviews.answers a on a.review_id = r.id");
    query.push(" left join catalogue.products_report p on p.product_id = r.product_id where true");
    if let Some(id) = wanted.id {
        query.push(" and r.id = ").push_bind(id);
    }
    if let Some(product) = wanted.product {
        query.push(" and r.product_id = ").push_bind(product.0);
    }
    if let Some(seller) = wanted.seller {
        query.push(" and r.seller_id = ").push_bind(seller.0);
    }
    if let Some(star) = wanted.star {
        query.push(" and r.stars = ").push_bind(star);
    }
    if let Some(hidden) = wanted.hidden {
        query.push(" and r.hidden = ").push_bind(hidden);
    }
    if wanted.unanswered {
        query.push(" and a.review_id is null");
    }
    if wanted.open {
        query.push(OPEN);
    }
    query.push(" order by r.written_at desc, r.id desc limit ").push_bind(wanted.limit);
    query.push(" offset ").push_bind(wanted.offset);
    query.build_query_as().fetch_all(db).await
}

/// A picture of a review.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    pub(super) id: Uuid,
    pub(super) review: Uuid,
    pub(super) width: i32,
    pub(super) height: i32,
}

pub(super) async fn pictures(
    db: &mut PgConnection,
    reviews: &[Uuid],
) -> sqlx::Result<Vec<Picture>> {
    sqlx::query_as!(
        Picture,
        "select id, review_id as review, width, height from reviews.pictures
         where review_id = any($1) order by review_id, position",
        reviews
    )
    .fetch_all(db)
    .await
}

/// The key of a picture, if its review is shown, or `all`, or to its author.
pub(super) async fn picture_key(
    db: &mut PgConnection,
    id: Uuid,
    person: Option<PersonId>,
    all: bool,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select p.key from reviews.pictures p join reviews.reviews r on r.id = p.review_id
         where p.id = $1 and (not r.hidden or $2 or r.author_id = $3)",
        id,
        all,
        person.map(|p| p.0),
    )
    .fetch_optional(db)
    .await
}

/// One line of an order with what was said of it.
#[derive(Debug, Clone)]
pub(super) struct Bought {
    pub(super) order: OrderId,
    pub(super) code: String,
    pub(super) seller_name: String,
    pub(super) buyer_name: String,
    pub(super) completed_at: Option<Time>,
    pub(super) position: i32,
    pub(super) name: String,
    pub(super) label: String,
    pub(super) picture: String,
    pub(super) review: Option<Uuid>,
    pub(super) stars: Option<i16>,
    pub(super) body: Option<String>,
    pub(super) hidden: Option<bool>,
    pub(super) written_at: Option<Time>,
    pub(super) appealed_at: Option<Time>,
}

impl Bought {
    /// The stars given, zero where none were.
    pub(super) fn given(&self) -> i64 {
        self.stars.unwrap_or(0).into()
    }
}

/// The lines of the order with this code, for whoever has its key or bought it.
pub(super) async fn bought(
    db: &mut PgConnection,
    code: &str,
    secret: &str,
    person: Option<PersonId>,
) -> sqlx::Result<Vec<Bought>> {
    sqlx::query_as!(
        Bought,
        r#"select o.order_id as "order!: OrderId", o.code as "code!", o.seller_name as "seller_name!",
                  o.buyer_name as "buyer_name!", case when o.state = 'completed' then o.completed_at end as completed_at,
                  b.position as "position!", b.name as "name!", b.label as "label!", b.picture as "picture!",
                  r.id as "review?", r.stars as "stars?", r.body as "body?", r.hidden as "hidden?",
                  r.written_at as "written_at?", r.appealed_at as "appealed_at?"
           from orders.parties_report o join orders.bought_report b on b.order_id = o.order_id
           left join reviews.reviews r on r.order_id = o.order_id and r.position = b.position
           where o.code = $1 and (o.secret = $2 or o.buyer_id = $3) order by b.position"#,
        code,
        secret,
        person.map(|p| p.0),
    )
    .fetch_all(db)
    .await
}

/// A ruling, for its author and for who looks after reviews.
#[derive(Debug, Clone)]
pub(super) struct Ruling {
    pub(super) act: String,
    pub(super) reason: String,
    pub(super) note: String,
    pub(super) ruled_at: Time,
}

pub(super) async fn rulings(db: &mut PgConnection, review: Uuid) -> sqlx::Result<Vec<Ruling>> {
    sqlx::query_as!(
        Ruling,
        "select act, reason, note, ruled_at from reviews.rulings where review_id = $1 order by ruled_at desc, id desc",
        review
    )
    .fetch_all(db)
    .await
}

/// What was reported and not ruled upon: reason, words, when.
pub(super) async fn reports(
    db: &mut PgConnection,
    review: Uuid,
) -> sqlx::Result<Vec<(String, String, Time)>> {
    let rows = sqlx::query!(
        "select reason, note, reported_at from reviews.reports
         where review_id = $1 and settled_at is null order by reported_at desc limit 50",
        review
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.reason, row.note, row.reported_at)).collect())
}

/// How many wait for a ruling.
pub(super) async fn waiting(db: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from (
               select o.review_id from reviews.reports o where o.settled_at is null
               union
               select r.id from reviews.reviews r where r.appealed_at is not null
                 and not exists (select from reviews.rulings u
                                 where u.review_id = r.id and u.ruled_at >= r.appealed_at)) waits"#
    )
    .fetch_one(db)
    .await
}

/// The stars of products or shops.
pub(super) async fn totals(
    db: &mut PgConnection,
    kind: &str,
    subjects: &[Uuid],
) -> sqlx::Result<HashMap<Uuid, Totals>> {
    let rows = sqlx::query!(
        "select subject_id, one, two, three, four, five from reviews.totals where kind = $1 and subject_id = any($2)",
        kind,
        subjects
    )
    .fetch_all(db)
    .await?;
    let totals = rows.into_iter().map(|row| {
        let by_star = [row.one, row.two, row.three, row.four, row.five];
        (row.subject_id, Totals { by_star })
    });
    Ok(totals.collect())
}

/// A product that is on display: id, name.
pub(super) async fn product(
    db: &mut PgConnection,
    slug: &str,
) -> sqlx::Result<Option<(ProductId, String)>> {
    let row = sqlx::query!(
        r#"select p.product_id as "product!: ProductId", p.name as "name!"
           from catalogue.products_report p join enterprises.sellers_report s on s.seller_id = p.seller_id
           where p.slug = $1 and p.state = 'published' and s.state = 'approved'"#,
        slug
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.product, row.name)))
}

/// What letters about a review need.
pub(super) async fn told(
    db: &mut PgConnection,
    review: Uuid,
) -> sqlx::Result<Option<super::read::Told>> {
    sqlx::query_as!(
        super::read::Told,
        r#"select r.seller_id as "seller: SellerId", r.author_id as "author: PersonId", r.author_name, r.stars,
                  r.position, r.hidden, o.code as "code!", o.secret as "secret!", o.buyer_email as email, o.lang as "lang!",
                  coalesce(p.name, '') as "product_name!", coalesce(p.slug, '') as "slug!"
           from reviews.reviews r join orders.parties_report o on o.order_id = r.order_id
           left join catalogue.products_report p on p.product_id = r.product_id where r.id = $1"#,
        review
    )
    .fetch_optional(db)
    .await
}

/// Whether each line of an order has its review.
pub(super) async fn all_reviewed(db: &mut PgConnection, order: OrderId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select not exists (select from orders.bought_report b where b.order_id = $1
               and not exists (select from reviews.reviews r
                               where r.order_id = b.order_id and r.position = b.position)) as "all!""#,
        order.0
    )
    .fetch_one(db)
    .await
}

pub(super) async fn open_lines(
    db: &mut PgConnection,
    most: i64,
) -> sqlx::Result<Vec<super::read::OpenLine>> {
    sqlx::query_as!(
        super::read::OpenLine,
        r#"select o.order_id as "order!: OrderId", b.position as "position!", b.product_id as "product!: ProductId",
                  o.seller_id as "seller!: SellerId", o.buyer_name as "buyer_name!", o.completed_at as "completed_at!"
           from orders.parties_report o join orders.bought_report b on b.order_id = o.order_id
           where o.state = 'completed'
             and not exists (select from reviews.reviews r where r.order_id = o.order_id and r.position = b.position)
           order by o.completed_at desc, o.order_id, b.position limit $1"#,
        most
    )
    .fetch_all(db)
    .await
}

/// Reviews since `since` that no shop has answered, by shop.
pub(super) async fn unanswered(
    db: &mut PgConnection,
    since: Time,
) -> sqlx::Result<Vec<(SellerId, i64)>> {
    let rows = sqlx::query!(
        r#"select r.seller_id as "seller: SellerId", count(*) as "n!" from reviews.reviews r
           where not r.hidden and r.written_at > $1
             and not exists (select from reviews.answers a where a.review_id = r.id)
           group by 1"#,
        since
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.seller, row.n)).collect())
}
