//! The SQL statements behind lists, counts and figures: each is bounded, however many orders there are.

use super::{
    lists::{Filter, Listed, OrderName, Page},
    machine::OrderState,
};
use crate::{
    kernel::{Cursor, OrderId, OrgId, PersonId, SellerId, Vnd},
    payments::PaymentMethod,
};
use chrono::{DateTime, Utc};
use sqlx::{PgExecutor, Postgres, QueryBuilder, Row, postgres::PgRow};

/// Counts stop here: "999+" says enough, and a shop with a million orders waits no longer than others.
pub(super) const COUNTED: i64 = 1000;

const COLUMNS: &str = "select id, code, buyer_name, buyer_phone, seller_name, total, discount_total, voucher_code, payment_method, state, version,
            placed_at, due_at, delivery_text, tracking,
            (select string_agg(name || case when label = '' then '' else ' (' || label || ')' end
                               || ' × ' || quantity, ', ' order by position)
             from (select * from orders.lines l where l.order_id = o.id order by position limit 3) few) as goods,
            (select count(*) from orders.lines l where l.order_id = o.id) as kinds
     from ";
const ORDERS: &str = "orders.orders o where ";
/// A name that many bear fills a page from so many orders; fewer bear others, and the index finds those.
const LOOKED_THROUGH: i64 = 2_000;

fn listed(row: &PgRow) -> sqlx::Result<Listed> {
    Ok(Listed {
        id: OrderId(row.try_get("id")?),
        code: row.try_get("code")?,
        buyer_name: row.try_get("buyer_name")?,
        buyer_phone: row.try_get("buyer_phone")?,
        seller_name: row.try_get("seller_name")?,
        total: Vnd(row.try_get("total")?),
        discount: Vnd(row.try_get("discount_total")?),
        voucher: row.try_get("voucher_code")?,
        payment: row.try_get::<PaymentMethod, _>("payment_method")?,
        state: row.try_get::<OrderState, _>("state")?,
        version: row.try_get("version")?,
        placed_at: row.try_get("placed_at")?,
        due_at: row.try_get("due_at")?,
        delivery_text: row.try_get("delivery_text")?,
        tracking: row.try_get("tracking")?,
        goods: row.try_get::<Option<String>, _>("goods")?.unwrap_or_default(),
        kinds: row.try_get("kinds")?,
    })
}

/// Narrows to what the filter asks, by the columns of the indexes; names aside.
fn narrow(query: &mut QueryBuilder<Postgres>, filter: &Filter) {
    if let Some(state) = filter.state {
        // Unknown to the planner: it would take most orders to be completed, and read on until it meets some.
        query.push(" and state = (select ").push_bind(state.code()).push(")");
    }
    if let Some(from) = filter.from {
        query.push(" and placed_at >= ").push_bind(from);
    }
    if let Some(before) = filter.before {
        query.push(" and placed_at < ").push_bind(before);
    }
    if let Some(code) = &filter.code {
        query.push(" and code = ").push_bind(code.clone());
    }
    if let Some(phone) = &filter.phone {
        query.push(" and buyer_phone = ").push_bind(phone.clone());
    }
}

/// From a cursor on, newest first or backwards.
fn turn(query: &mut QueryBuilder<Postgres>, page: &Page, most: i64) {
    match page.from {
        Cursor::Start => {}
        Cursor::After(at, id) => {
            query.push(" and (placed_at, id) < (").push_bind(at).push(", ").push_bind(id).push(")");
        }
        Cursor::Before(at, id) => {
            query.push(" and (placed_at, id) > (").push_bind(at).push(", ").push_bind(id).push(")");
        }
    }
    let order = match page.from {
        Cursor::Before(..) => " order by placed_at, id limit ",
        Cursor::Start | Cursor::After(..) => " order by placed_at desc, id desc limit ",
    };
    query.push(order).push_bind(most);
}

/// One page of a seller's orders; one row more tells whether there are more.
pub(super) async fn of_seller<'c>(
    db: impl PgExecutor<'c> + Copy,
    seller: SellerId,
    filter: &Filter,
    page: &Page,
) -> sqlx::Result<Vec<Listed>> {
    let mut query = QueryBuilder::new(COLUMNS);
    if !filter.words.is_empty() {
        query.push("(select * from orders.orders where seller_id = ").push_bind(seller.0);
        narrow(&mut query, filter);
        turn(&mut query, page, LOOKED_THROUGH);
        query.push(") o where buyer_words @> ").push_bind(filter.words.clone());
        turn(&mut query, page, page.size + 1);
        let rows = query.build().fetch_all(db).await?;
        if i64::try_from(rows.len()).is_ok_and(|n| n > page.size) {
            return rows.iter().map(listed).collect();
        }
        query = QueryBuilder::new(COLUMNS);
    }
    query.push(ORDERS).push("seller_id = ").push_bind(seller.0);
    narrow(&mut query, filter);
    if !filter.words.is_empty() {
        // As the index has them: this seller's words, whatever others' buyers are called.
        let words: Vec<String> = filter.words.iter().map(|w| format!("{seller} {w}")).collect();
        query.push(" and orders.words_of_seller(seller_id, buyer_words) @> ").push_bind(words);
    }
    turn(&mut query, page, page.size + 1);
    query.build().fetch_all(db).await?.iter().map(listed).collect()
}

/// One page of a person's own orders; one row more tells whether there are more.
pub(super) async fn of_buyer(
    db: impl PgExecutor<'_>,
    buyer: PersonId,
    page: &Page,
) -> sqlx::Result<Vec<Listed>> {
    let mut query = QueryBuilder::new(COLUMNS);
    query.push(ORDERS).push("buyer_id = ").push_bind(buyer.0);
    turn(&mut query, page, page.size + 1);
    query.build().fetch_all(db).await?.iter().map(listed).collect()
}

/// One page of what was ordered for a firm; one row more tells whether there are more.
pub(super) async fn of_org(
    db: impl PgExecutor<'_>,
    org: OrgId,
    page: &Page,
) -> sqlx::Result<Vec<Listed>> {
    let mut query = QueryBuilder::new(COLUMNS);
    query.push(ORDERS).push("org_id = ").push_bind(org.0);
    turn(&mut query, page, page.size + 1);
    query.build().fetch_all(db).await?.iter().map(listed).collect()
}

/// How many orders of a seller stand in each state, at most [`COUNTED`] of each.
pub(super) async fn counts(
    db: impl PgExecutor<'_>,
    seller: SellerId,
) -> sqlx::Result<Vec<(OrderState, i64)>> {
    let states: Vec<String> = OrderState::ALL.iter().map(|s| s.code().to_owned()).collect();
    let rows = sqlx::query!(
        r#"select s.state as "state!: OrderState", n.n as "n!"
           from unnest($2::text[]) s (state), lateral (
               select count(*) as n from (
                   select from orders.orders o where o.seller_id = $1 and o.state = s.state limit $3) few) n"#,
        seller.0,
        &states,
        COUNTED,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (r.state, r.n)).collect())
}

/// The orders that came in since a moment, by the state they are in now.
pub(super) async fn since(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    from: DateTime<Utc>,
) -> sqlx::Result<Vec<(OrderState, i64, Vnd)>> {
    let rows = sqlx::query!(
        r#"select state as "state: OrderState", count(*) as "n!", sum(total)::bigint as "total!: Vnd"
           from orders.orders where seller_id = $1 and placed_at >= $2 group by state"#,
        seller.0,
        from
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (r.state, r.n, r.total)).collect())
}

/// What was completed on each day since a moment (days of Viet Nam).
pub(super) async fn completed(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    from: DateTime<Utc>,
) -> sqlx::Result<Vec<(chrono::NaiveDate, Vnd)>> {
    let rows = sqlx::query!(
        r#"select (completed_at at time zone 'Asia/Ho_Chi_Minh')::date as "day!", sum(total)::bigint as "total!: Vnd"
           from orders.orders where seller_id = $1 and completed_at >= $2 group by 1"#,
        seller.0,
        from
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|r| (r.day, r.total)).collect())
}

/// The orders of a seller with these codes.
pub(super) async fn by_codes(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    codes: &[String],
) -> sqlx::Result<Vec<(String, OrderId)>> {
    let rows = sqlx::query!(
        "select code, id from orders.orders where code = any($1) and seller_id = $2",
        codes,
        seller.0
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, OrderId(row.id))).collect())
}

/// Codes and buyers of some orders.
pub(super) async fn names(
    db: impl PgExecutor<'_>,
    ids: &[OrderId],
) -> sqlx::Result<Vec<(OrderId, OrderName)>> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    let rows =
        sqlx::query!("select id, code, buyer_name from orders.orders where id = any($1)", &ids)
            .fetch_all(db)
            .await?;
    let name = |code, buyer| OrderName { code, buyer };
    Ok(rows.into_iter().map(|r| (OrderId(r.id), name(r.code, r.buyer_name))).collect())
}
