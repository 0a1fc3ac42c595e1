//! The SQL statements of `documents` about contracts.

use crate::kernel::OrderId;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// One edition of a contract.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) edition: i32,
    pub(super) number: String,
    pub(super) content: String,
    pub(super) content_sha256: Vec<u8>,
    pub(super) issued_at: DateTime<Utc>,
}

/// The newest edition of an order's contract.
pub(super) async fn latest(db: &mut PgConnection, order: OrderId) -> sqlx::Result<Option<Row>> {
    sqlx::query_as!(
        Row,
        "select id, edition, number, content, content_sha256, issued_at from documents.contracts
         where order_id = $1 order by edition desc limit 1",
        order.0
    )
    .fetch_optional(db)
    .await
}

/// Waits until nobody else issues a contract of this order; until the transaction ends.
pub(super) async fn queue_for(db: &mut PgConnection, order: OrderId) -> sqlx::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('documents.contract:' || $1::text, 0))",
        order.to_string()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The next number of a year.
pub(super) async fn next_number(db: &mut PgConnection, year: i32) -> sqlx::Result<i32> {
    sqlx::query_scalar!(
        "insert into documents.numbers (year, last) values ($1, 1)
         on conflict (year) do update set last = numbers.last + 1 returning last",
        year
    )
    .fetch_one(db)
    .await
}

/// Keeps an edition.
pub(super) async fn insert(db: &mut PgConnection, order: OrderId, row: &Row) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into documents.contracts (id, order_id, edition, number, content, content_sha256, issued_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        row.id,
        order.0,
        row.edition,
        row.number,
        row.content,
        row.content_sha256,
        row.issued_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The digest of the first file of this kind, which is this one if there was none.
pub(super) async fn first_print(
    db: &mut PgConnection,
    contract: Uuid,
    lang: &str,
    layout: i32,
    (digest, bytes): (&[u8], i32),
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<u8>> {
    sqlx::query!(
        "insert into documents.prints (contract_id, lang, layout, sha256, bytes, made_at)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        contract,
        lang,
        layout,
        digest,
        bytes,
        now,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query_scalar!(
        "select sha256 from documents.prints where contract_id = $1 and lang = $2 and layout = $3",
        contract,
        lang,
        layout,
    )
    .fetch_one(db)
    .await
}
