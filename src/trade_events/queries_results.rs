//! SQL of what came of an event.

use crate::kernel::Vnd;
use chrono::{DateTime, Utc};
use sqlx::PgExecutor;
use uuid::Uuid;

/// What one shop made of an event.
#[derive(Debug, Clone)]
pub(super) struct ShopResult {
    pub shop: String,
    pub asked: i64,
    pub agreed: i64,
    pub held: i64,
    /// As the shop tells it: talks after which something came.
    pub contacts: i64,
    pub samples: i64,
    pub quotes: i64,
    pub told_orders: i64,
    /// As the floor has measured it: orders completed, and purchase orders accepted, by people whom it met here.
    pub orders: i64,
    pub value: Vnd,
    /// Measured too: requests for quotation by them or by the firms for which they came.
    pub requests: i64,
}

/// Shop by shop, those with talks first. Orders count from the event's first moment until `until`.
pub(super) async fn by_shop(
    db: impl PgExecutor<'_>,
    event: Uuid,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> sqlx::Result<Vec<ShopResult>> {
    sqlx::query_as!(
        ShopResult,
        r#"select s.shop_name as "shop!", coalesce(m.asked, 0) as "asked!", coalesce(m.agreed, 0) as "agreed!",
                  coalesce(m.held, 0) as "held!", coalesce(m.contacts, 0) as "contacts!",
                  coalesce(m.samples, 0) as "samples!", coalesce(m.quotes, 0) as "quotes!",
                  coalesce(m.told_orders, 0) as "told_orders!", coalesce(o.orders, 0) as "orders!",
                  coalesce(o.value, 0)::bigint as "value!: Vnd", coalesce(r.requests, 0) as "requests!"
           from trade_events.sign_ups u
           join enterprises.sellers_report s on s.seller_id = u.seller_id
           left join lateral (
               select count(*) as asked, count(*) filter (where m.at is not null) as agreed,
                      count(*) filter (where m.state = 'held') as held,
                      count(*) filter (where m.result = 'contact') as contacts,
                      count(*) filter (where m.result = 'sample') as samples,
                      count(*) filter (where m.result = 'quote') as quotes,
                      count(*) filter (where m.result = 'order') as told_orders
               from trade_events.meetings m where m.event_id = u.event_id and m.seller_id = u.seller_id) m on true
           left join lateral (
               select count(*) as orders, sum(c.total) as value
               from (select seller_id, buyer_id, completed_at, total from orders.completed_report
                     union all
                     select seller_id, buyer_id, completed_at, total from purchasing.accepted_report) c
               where c.seller_id = u.seller_id and c.completed_at >= $2 and c.completed_at < $3
                 and c.buyer_id in (select m.person_id from trade_events.meetings m
                                    where m.event_id = u.event_id and m.seller_id = u.seller_id
                                      and m.state = 'held')) o on true
           left join lateral (
               select count(distinct a.request_id) as requests from quotes.asked_report a
               where a.seller_id = u.seller_id and a.asked_at >= $2 and a.asked_at < $3
                 and exists (select from trade_events.meetings m
                             where m.event_id = u.event_id and m.seller_id = u.seller_id and m.state = 'held'
                               and (m.person_id = a.asked_by or m.org_id = a.org_id))) r on true
           where u.event_id = $1 and u.state = 'accepted'
           order by coalesce(m.asked, 0) desc, s.shop_name limit 1000"#,
        event,
        from,
        until,
    )
    .fetch_all(db)
    .await
}

/// How many people asked for a talk.
pub(super) async fn askers(db: impl PgExecutor<'_>, event: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(distinct coalesce(org_id, person_id)) as "n!" from trade_events.meetings where event_id = $1"#,
        event
    )
    .fetch_one(db)
    .await
}
