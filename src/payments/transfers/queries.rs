//! The SQL statements of transfers and what they pay.

use super::{
    line::{Direction, Line, State, Why},
    matching::Candidate,
};
use crate::kernel::{Cx, IntentId, SellerId, Vnd, day_of};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// Keeps a line; `false` when it is there already, from this source or from another.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    (id, line): (Uuid, &Line),
    (state, why, intent): (State, Why, Option<IntentId>),
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into payments.transfers (id, seller_id, account, reference, amount, direction, content, at, day,
                                         source, source_id, seen_in, state, why, intent_id, noted_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, array[$10], $12, $13, $14, $15)
         on conflict do nothing",
        id,
        seller.0,
        line.account,
        line.reference,
        line.amount.0,
        line.direction.code(),
        line.content,
        line.at,
        day_of(line.at),
        line.source,
        line.source_id,
        state.code(),
        why.code(),
        intent.map(|i| i.0),
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a known line came from another source as well.
pub(super) async fn seen_again(
    db: &mut PgConnection,
    seller: SellerId,
    line: &Line,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payments.transfers set seen_in = seen_in || $6::text
         where seller_id = $1 and account = $2 and reference = $3 and amount = $4 and direction = $5 and day = $7
           and reference <> '' and not seen_in @> array[$6::text]",
        seller.0,
        line.account,
        line.reference,
        line.amount.0,
        line.direction.code(),
        line.source,
        day_of(line.at),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// This seller's intents with these memos.
pub(super) async fn named(
    db: &mut PgConnection,
    seller: SellerId,
    memos: &[String],
) -> sqlx::Result<Vec<Candidate>> {
    sqlx::query_as!(
        Candidate,
        r#"select id as "id: IntentId", memo, greatest(-balance, 0) as "to_pay!: Vnd"
           from payments.intents where memo = any($2) and seller_id = $1"#,
        seller.0,
        memos,
    )
    .fetch_all(db)
    .await
}

/// This seller's open transfers of exactly this amount.
pub(super) async fn open_of_amount(
    db: &mut PgConnection,
    seller: SellerId,
    amount: Vnd,
) -> sqlx::Result<Vec<Candidate>> {
    sqlx::query_as!(
        Candidate,
        r#"select id as "id: IntentId", memo, -balance as "to_pay!: Vnd"
           from payments.intents where seller_id = $1 and balance = -$2::bigint and method = 'vietqr' limit 500"#,
        seller.0,
        amount.0,
    )
    .fetch_all(db)
    .await
}

/// Whether a line with the same amount, and the same text or order, came from another source within three days, and the banks'
/// references do not tell the two apart or together.
pub(super) async fn has_twin(
    db: &mut PgConnection,
    seller: SellerId,
    line: &Line,
    named: &[Candidate],
) -> sqlx::Result<bool> {
    let named: Vec<Uuid> = named.iter().map(|c| c.id.0).collect();
    sqlx::query_scalar!(
        r#"select exists (
               select from payments.transfers
               where seller_id = $1 and direction = 'in' and amount = $2 and day between $3::date - 3 and $3::date + 3
                 and source <> $4 and not seen_in @> array[$4::text]
                 and (content = $5 or intent_id = any($8))
                 and (reference = '' or $6 = '' or reference = $6)
                 and not (account = $7 and reference = $6 and day = $3 and reference <> '')) as "twin!""#,
        seller.0,
        line.amount.0,
        day_of(line.at),
        line.source,
        line.content,
        line.reference,
        line.account,
        &named,
    )
    .fetch_one(db)
    .await
}

/// Whether money that went out names a transfer that came in: the bank took it back, or the seller did.
pub(super) async fn names_transfer(
    db: &mut PgConnection,
    seller: SellerId,
    line: &Line,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from payments.transfers
               where seller_id = $1 and direction = 'in' and length(reference) >= 6 and state = 'matched'
                 and (reference = $2 or position(reference in $3) > 0)) as "names!""#,
        seller.0,
        line.reference,
        line.content,
    )
    .fetch_one(db)
    .await
}

/// Waits until nobody else takes in or decides lines of this seller; until the transaction ends.
pub(super) async fn hold(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('payments.transfers:' || $1::text, 0))",
        seller.to_string()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A line as it is counted for an intent, or, with less than nothing, taken back from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count {
    pub transfer: Uuid,
    pub nth: i32,
    pub intent: IntentId,
    pub amount: i64,
}

/// The number of the next count of a line, whose row this transaction holds.
pub(super) async fn next_count(db: &mut PgConnection, transfer: Uuid) -> sqlx::Result<i32> {
    sqlx::query_scalar!(
        r#"select coalesce(max(nth), 0) + 1 as "nth!" from payments.allocations where transfer_id = $1"#,
        transfer
    )
    .fetch_one(db)
    .await
}

/// Writes for which intent a line is counted.
pub(super) async fn allocate(
    db: &mut PgConnection,
    cx: &Cx,
    count: &Count,
    reason: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.allocations (transfer_id, nth, intent_id, amount, actor, reason, at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        count.transfer,
        count.nth,
        count.intent.0,
        count.amount,
        cx.person().map(|p| p.0),
        reason,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes a line that waits for its seller out of the queue; `None` when it is not his or is decided.
pub(super) async fn decide(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    (id, to): (Uuid, State),
    (intent, reason): (Option<IntentId>, &str),
) -> sqlx::Result<Option<Line>> {
    let row = sqlx::query!(
        r#"update payments.transfers set state = $3, intent_id = $4, reason = $5, decided_at = $6, decided_by = $7
           where id = $1 and seller_id = $2
             and ((state in ('review', 'unknown') and $3 in ('matched', 'ignored'))
                  or (state = 'outgoing' and $3 in ('refund', 'reversal', 'ignored')))
           returning account, reference, amount, direction as "direction: Direction", content, at, source_id"#,
        id,
        seller.0,
        to.code(),
        intent.map(|i| i.0),
        reason,
        cx.now,
        cx.person().map(|p| p.0),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Line {
        source: "bank",
        source_id: row.source_id,
        account: row.account,
        reference: row.reference,
        amount: Vnd(row.amount),
        direction: row.direction,
        content: row.content,
        at: row.at,
    }))
}

/// Whether a line is this seller's.
pub(super) async fn exists(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    id: Uuid,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payments.transfers where id = $1 and seller_id = $2) as "is!""#,
        id,
        seller.0
    )
    .fetch_one(db)
    .await
}

/// A line as the seller's pages show it.
#[derive(Debug, Clone)]
pub struct Shown {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub account: String,
    pub reference: String,
    pub amount: Vnd,
    pub direction: Direction,
    pub content: String,
    pub seen_in: Vec<String>,
    pub state: State,
    pub why: Why,
    /// The order that it pays, or perhaps pays.
    pub order: Option<Uuid>,
    pub reason: String,
    /// Whether the seller has decided it and may take that back.
    pub can_be_undone: bool,
}

/// This seller's lines in some states, newest first.
pub(super) async fn list(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    states: &[State],
    most: i64,
) -> sqlx::Result<Vec<Shown>> {
    let states: Vec<String> = states.iter().map(|s| s.code().to_owned()).collect();
    sqlx::query_as!(
        Shown,
        r#"select t.id, t.at, t.account, t.reference, t.amount as "amount: Vnd", t.direction as "direction: Direction",
                  t.content, t.seen_in, t.state as "state: State", t.why as "why: Why", i.order_id as "order?", t.reason,
                  (t.decided_at is not null
                   and not exists (select from payments.cod_batches b where b.transfer_id = t.id)) as "can_be_undone!"
           from payments.transfers t left join payments.intents i on i.id = t.intent_id
           where t.seller_id = $1 and t.state = any($2) order by t.at desc, t.id desc limit $3"#,
        seller.0,
        &states,
        most,
    )
    .fetch_all(db)
    .await
}

/// One line of this seller.
pub(super) async fn find(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    id: Uuid,
) -> sqlx::Result<Option<Shown>> {
    sqlx::query_as!(
        Shown,
        r#"select t.id, t.at, t.account, t.reference, t.amount as "amount: Vnd", t.direction as "direction: Direction",
                  t.content, t.seen_in, t.state as "state: State", t.why as "why: Why", i.order_id as "order?", t.reason,
                  (t.decided_at is not null
                   and not exists (select from payments.cod_batches b where b.transfer_id = t.id)) as "can_be_undone!"
           from payments.transfers t left join payments.intents i on i.id = t.intent_id
           where t.id = $2 and t.seller_id = $1"#,
        seller.0,
        id,
    )
    .fetch_optional(db)
    .await
}
