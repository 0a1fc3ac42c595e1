//! The SQL statements of `wholesale` about purchase lists.

use crate::kernel::{Cx, OrgId, VariantId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A list as the firm's lists show it.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) lines: i64,
    pub(super) updated_at: DateTime<Utc>,
}

pub(super) async fn lists(db: &mut PgConnection, org: OrgId) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select l.id, l.name, l.updated_at,
                (select count(*) from wholesale.list_lines n where n.list_id = l.id) as "lines!"
         from wholesale.lists l where l.org_id = $1 order by l.updated_at desc, l.id desc limit 200"#,
        org.0
    )
    .fetch_all(db)
    .await
}

pub(super) async fn count(db: &mut PgConnection, org: OrgId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "n!" from wholesale.lists where org_id = $1"#, org.0)
        .fetch_one(db)
        .await
}

/// A list with its lines.
#[derive(Debug, Clone)]
pub(super) struct List {
    pub(super) name: String,
    pub(super) version: i32,
    pub(super) lines: Vec<(VariantId, i64)>,
}

pub(super) async fn list(
    db: &mut PgConnection,
    org: OrgId,
    id: Uuid,
) -> sqlx::Result<Option<List>> {
    let head = sqlx::query!(
        "select name, version from wholesale.lists where id = $1 and org_id = $2",
        id,
        org.0
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(head) = head else { return Ok(None) };
    let rows = sqlx::query!(
        "select variant_id, quantity from wholesale.list_lines where list_id = $1 order by position, variant_id",
        id
    )
    .fetch_all(db)
    .await?;
    let lines = rows.into_iter().map(|r| (VariantId(r.variant_id), r.quantity)).collect();
    Ok(Some(List { name: head.name, version: head.version, lines }))
}

/// `false`: the name is taken.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    org: OrgId,
    name: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into wholesale.lists (id, org_id, name, created_by, updated_at) values ($1, $2, $3, $4, $5)
         on conflict (org_id, name) do nothing",
        id,
        org.0,
        name,
        cx.person().map(|p| p.0),
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// `false`: there is none, or somebody else has changed it.
pub(super) async fn rename(
    db: &mut PgConnection,
    cx: &Cx,
    (org, id): (OrgId, Uuid),
    version: i32,
    name: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update wholesale.lists set name = $4, updated_at = $5, version = version + 1
         where id = $1 and org_id = $2 and version = $3",
        id,
        org.0,
        version,
        name,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn put_lines(
    db: &mut PgConnection,
    id: Uuid,
    lines: &[(VariantId, i64)],
) -> sqlx::Result<()> {
    sqlx::query!("delete from wholesale.list_lines where list_id = $1", id)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "insert into wholesale.list_lines (list_id, variant_id, quantity, position)
         select $1, variant, quantity, n::int
         from unnest($2::uuid[], $3::bigint[]) with ordinality as l (variant, quantity, n)
         on conflict do nothing",
        id,
        &lines.iter().map(|(variant, _)| variant.0).collect::<Vec<_>>(),
        &lines.iter().map(|(_, quantity)| *quantity).collect::<Vec<_>>(),
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn delete(db: &mut PgConnection, org: OrgId, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!("delete from wholesale.lists where id = $1 and org_id = $2", id, org.0)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}
