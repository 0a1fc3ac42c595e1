//! The SQL statements of contracts.

use crate::kernel::Cx;
use sqlx::PgConnection;
use uuid::Uuid;

/// A contract as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) number: String,
    pub(super) file_key: String,
    pub(super) sha256: Vec<u8>,
}

pub(super) async fn contract(db: &mut PgConnection, order: Uuid) -> sqlx::Result<Option<Kept>> {
    sqlx::query_as!(
        Kept,
        "select number, file_key, sha256 from purchasing.contracts where order_id = $1",
        order
    )
    .fetch_optional(db)
    .await
}

/// Keeps a contract unless there is one; gives the one that there is.
pub(super) async fn keep(
    db: &mut PgConnection,
    cx: &Cx,
    order: Uuid,
    fresh: &Kept,
) -> sqlx::Result<Kept> {
    sqlx::query!(
        "insert into purchasing.contracts (order_id, number, file_key, sha256, made_at)
         values ($1, $2, $3, $4, $5) on conflict (order_id) do nothing",
        order,
        fresh.number,
        fresh.file_key,
        fresh.sha256,
        cx.now,
    )
    .execute(&mut *db)
    .await?;
    contract(db, order).await?.ok_or(sqlx::Error::RowNotFound)
}
