//! The statements of reports and of quick answers.

use super::model::Side;
use crate::kernel::{Cx, PersonId, SellerId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Time = DateTime<Utc>;

/// A thread is put before the operator; once by each side until somebody has looked.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    thread: Uuid,
    side: Side,
    reason: &str,
    note: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into messages.reports (id, thread_id, side, reason, note, reported_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (thread_id, side) where settled_at is null do nothing",
        cx.new_id(),
        thread,
        side.code(),
        reason,
        note,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn is_open(db: &mut PgConnection, thread: Uuid, side: Side) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from messages.reports
                          where thread_id = $1 and side = $2 and settled_at is null) as "open!""#,
        thread,
        side.code()
    )
    .fetch_one(db)
    .await
}

/// A report as the operator sees it before he looks at what was said.
#[derive(Debug, Clone)]
pub(super) struct Report {
    pub(super) id: Uuid,
    pub(super) thread: Uuid,
    pub(super) side: String,
    pub(super) reason: String,
    pub(super) note: String,
    pub(super) reported_at: Time,
    pub(super) settled_at: Option<Time>,
    pub(super) outcome: String,
    pub(super) shop_name: String,
    pub(super) about_order: bool,
}

/// Reports, open ones or settled ones, newest first.
pub(super) async fn reports(
    db: &mut PgConnection,
    settled: bool,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<Report>> {
    sqlx::query_as!(
        Report,
        r#"select r.id, r.thread_id as thread, r.side, r.reason, r.note, r.reported_at, r.settled_at, r.outcome,
                  coalesce(s.shop_name, '') as "shop_name!", t.order_id is not null as "about_order!"
           from messages.reports r join messages.threads t on t.id = r.thread_id
           left join enterprises.sellers_report s on s.seller_id = t.seller_id
           where (r.settled_at is not null) = $1 order by r.reported_at desc, r.id desc limit $2 offset $3"#,
        settled,
        limit,
        offset
    )
    .fetch_all(db)
    .await
}

pub(super) async fn report(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Report>> {
    sqlx::query_as!(
        Report,
        r#"select r.id, r.thread_id as thread, r.side, r.reason, r.note, r.reported_at, r.settled_at, r.outcome,
                  coalesce(s.shop_name, '') as "shop_name!", t.order_id is not null as "about_order!"
           from messages.reports r join messages.threads t on t.id = r.thread_id
           left join enterprises.sellers_report s on s.seller_id = t.seller_id where r.id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// `false`: somebody has settled it before.
pub(super) async fn settle(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    by: PersonId,
    outcome: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update messages.reports set settled_at = $2, settled_by = $3, outcome = $4
         where id = $1 and settled_at is null",
        id,
        cx.now,
        by.0,
        outcome,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Between whom a thread is: the shop, and the buyer's account.
pub(super) async fn sides(
    db: &mut PgConnection,
    thread: Uuid,
) -> sqlx::Result<(SellerId, Option<PersonId>)> {
    let row = sqlx::query!(
        r#"select seller_id as "seller: SellerId", buyer_id as "buyer: PersonId" from messages.threads where id = $1"#,
        thread
    )
    .fetch_one(db)
    .await?;
    Ok((row.seller, row.buyer))
}

pub(super) async fn close(db: &mut PgConnection, cx: &Cx, thread: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update messages.threads set closed_at = $2 where id = $1 and closed_at is null",
        thread,
        cx.now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What a shop answers again and again.
#[derive(Debug, Clone)]
pub(super) struct QuickAnswer {
    pub(super) position: i32,
    pub(super) title: String,
    pub(super) body: String,
}

pub(super) async fn quick_answers(
    db: &mut PgConnection,
    seller: SellerId,
) -> sqlx::Result<Vec<QuickAnswer>> {
    sqlx::query_as!(
        QuickAnswer,
        "select position, title, body from messages.quick_answers where seller_id = $1 order by position",
        seller.0
    )
    .fetch_all(db)
    .await
}

/// Puts these in place of those there are.
pub(super) async fn save_quick_answers(
    db: &mut PgConnection,
    seller: SellerId,
    answers: &[(String, String)],
) -> sqlx::Result<()> {
    sqlx::query!("delete from messages.quick_answers where seller_id = $1", seller.0)
        .execute(&mut *db)
        .await?;
    for (position, (title, body)) in (1..).zip(answers) {
        sqlx::query!(
            "insert into messages.quick_answers (seller_id, position, title, body) values ($1, $2, $3, $4)",
            seller.0,
            position,
            title,
            body,
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}
