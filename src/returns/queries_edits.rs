//! The SQL statements about proposed changes of orders.

use super::propose::Answer;
use crate::{
    kernel::{Cx, OrderId, Vnd},
    orders::{Amendment, Order},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::{PgConnection, PgExecutor, types::Json};
use uuid::Uuid;

/// A proposal to be written.
pub(super) struct FreshEdit<'a> {
    pub id: Uuid,
    pub order: &'a Order,
    pub amendment: &'a Amendment,
    pub reason: &'a str,
    pub due: DateTime<Utc>,
}

/// One line of a proposal.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct EditLine {
    pub position: i32,
    pub name: String,
    pub unit: String,
    pub before: i64,
    pub after: i64,
}

/// A proposal.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    pub id: Uuid,
    pub order: OrderId,
    pub order_version: i32,
    pub state: String,
    pub reason: String,
    pub total_before: Vnd,
    pub total_after: Vnd,
    pub due_at: DateTime<Utc>,
    pub lines: Vec<EditLine>,
}

struct Row {
    id: Uuid,
    order_id: Uuid,
    order_version: i32,
    state: String,
    reason: String,
    total_before: i64,
    total_after: i64,
    due_at: DateTime<Utc>,
    lines: Json<Vec<EditLine>>,
}

impl From<Row> for Edit {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            order: OrderId(row.order_id),
            order_version: row.order_version,
            state: row.state,
            reason: row.reason,
            total_before: Vnd(row.total_before),
            total_after: Vnd(row.total_after),
            due_at: row.due_at,
            lines: row.lines.0,
        }
    }
}

/// Writes a proposal; `false` when another one waits.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    new: &FreshEdit<'_>,
) -> sqlx::Result<bool> {
    let head = &new.order.head;
    let done = sqlx::query!(
        "insert into returns.edits (id, order_id, order_version, seller_id, state, reason, total_before, total_after,
             proposed_at, due_at)
         values ($1, $2, $3, $4, 'proposed', $5, $6, $7, $8, $9)
         on conflict (order_id) where state = 'proposed' do nothing",
        new.id,
        head.id.0,
        head.version,
        head.seller.0,
        new.reason,
        head.total.0,
        new.amendment.total.0,
        cx.now,
        new.due,
    )
    .execute(&mut *db)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    let fewer = new.amendment.lines.iter().filter(|l| l.quantity < l.before);
    for line in fewer {
        let Some(shown) = new.order.lines.iter().find(|l| l.position == line.position) else {
            continue;
        };
        sqlx::query!(
            "insert into returns.edit_lines (edit_id, position, name, unit, before, after)
             values ($1, $2, $3, $4, $5, $6)",
            new.id,
            line.position,
            shown.shown(),
            shown.unit,
            line.before,
            line.quantity,
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(true)
}

/// A proposal with its lines.
pub(super) async fn find(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Edit>> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, order_id, order_version, state, reason, total_before, total_after, due_at,
                  (select coalesce(json_agg(l order by position), '[]') from returns.edit_lines l
                   where l.edit_id = e.id) as "lines!: Json<Vec<EditLine>>"
           from returns.edits e where id = $1"#,
        id
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Edit::from))
}

/// The proposals of an order, the latest first.
pub(super) async fn of_order(db: &mut PgConnection, order: OrderId) -> sqlx::Result<Vec<Edit>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id, order_id, order_version, state, reason, total_before, total_after, due_at,
                  (select coalesce(json_agg(l order by position), '[]') from returns.edit_lines l
                   where l.edit_id = e.id) as "lines!: Json<Vec<EditLine>>"
           from returns.edits e where order_id = $1 order by proposed_at desc, id desc limit 20"#,
        order.0
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Edit::from).collect())
}

/// Ends a proposal that waits, within its time or, for the clock, after it; `None` when none waits.
pub(super) async fn decide(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    order: OrderId,
    answer: Answer,
) -> sqlx::Result<Option<Edit>> {
    let done = sqlx::query!(
        "update returns.edits set state = $3, decided_at = $4
         where id = $1 and order_id = $2 and state = 'proposed' and ($3 <> 'lapsed' or due_at <= $4)
               and ($3 <> 'accepted' or due_at > $4)",
        id,
        order.0,
        answer.code(),
        cx.now,
    )
    .execute(&mut *db)
    .await?;
    if done.rows_affected() == 0 { Ok(None) } else { find(db, id).await }
}

/// Proposals whose time is over.
pub(super) async fn due(
    db: impl PgExecutor<'_>,
    now: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select id from returns.edits where state = 'proposed' and due_at <= $1 order by due_at limit $2",
        now,
        most
    )
    .fetch_all(db)
    .await
}
