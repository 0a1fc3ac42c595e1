//! The SQL statements of bank statements on their way in.

use super::statement::Columns;
use crate::kernel::{Cx, SellerId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor, types::Json};
use uuid::Uuid;

/// A statement as it was brought in.
pub(super) struct Statement {
    pub id: Uuid,
    pub file_name: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// What became of its lines, once it has been read in.
    pub taken: Option<Counts>,
}

/// What became of the lines of a statement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(super) struct Counts {
    pub matched: usize,
    pub waits: usize,
    pub known: usize,
    pub foreign: usize,
    pub unread: usize,
}

pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    statement: &Statement,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.statements (id, seller_id, file_name, header, rows, uploaded_at) values ($1, $2, $3, $4, $5, $6)",
        statement.id,
        seller.0,
        statement.file_name,
        &statement.header,
        Json(&statement.rows) as _,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn find(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    id: Uuid,
) -> sqlx::Result<Option<Statement>> {
    let row = sqlx::query!(
        r#"select id, file_name, header, rows as "rows: Json<Vec<Vec<String>>>", taken as "taken: Json<Counts>"
           from payments.statements where id = $1 and seller_id = $2"#,
        id,
        seller.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Statement {
        id: row.id,
        file_name: row.file_name,
        header: row.header,
        rows: row.rows.0,
        taken: row.taken.map(|t| t.0),
    }))
}

/// Notes that a statement has been read in and empties it; `false` when it was before.
pub(super) async fn close(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    counts: Counts,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payments.statements set imported_at = $2, taken = $3, rows = '[]' where id = $1 and imported_at is null",
        id,
        cx.now,
        Json(counts) as _,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes statements that nobody has read in away.
pub(super) async fn sweep(db: impl PgExecutor<'_>, before: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from payments.statements where imported_at is null and uploaded_at < $1",
        before
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What the seller has said of a statement of this form.
pub(super) async fn remembered(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    form: &str,
) -> sqlx::Result<Option<Columns>> {
    let found = sqlx::query_scalar!(
        r#"select columns as "columns: Json<Columns>" from payments.statement_columns where seller_id = $1 and header = $2"#,
        seller.0,
        form
    )
    .fetch_optional(db)
    .await?;
    Ok(found.map(|json| json.0))
}

pub(super) async fn remember(
    db: &mut PgConnection,
    seller: SellerId,
    form: &str,
    columns: &Columns,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.statement_columns (seller_id, header, columns) values ($1, $2, $3)
         on conflict (seller_id, header) do update set columns = excluded.columns",
        seller.0,
        form,
        Json(columns) as _,
    )
    .execute(db)
    .await?;
    Ok(())
}
