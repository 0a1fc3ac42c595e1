//! SQL of departments and places to which goods go.

use super::sites::{NewSite, Site};
use crate::kernel::{Cx, OrgId};
use sqlx::PgConnection;
use uuid::Uuid;

/// All of them, the usual one first.
pub(super) async fn all(db: &mut PgConnection, org: OrgId) -> sqlx::Result<Vec<Site>> {
    sqlx::query_as!(
        Site,
        "select id, name, recipient, phone, commune_code, line, is_default from organisations.sites
         where org_id = $1 and removed_at is null order by is_default desc, name, id",
        org.0,
    )
    .fetch_all(db)
    .await
}

/// No other one is the usual one any more.
pub(super) async fn unset_default(
    db: &mut PgConnection,
    org: OrgId,
    but: Uuid,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update organisations.sites set is_default = false
         where org_id = $1 and id <> $2 and is_default and removed_at is null",
        org.0,
        but,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes one, new or not; `false` when it is another organisation's or was taken off.
pub(super) async fn put(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    id: Uuid,
    new: &NewSite,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into organisations.sites as s
            (id, org_id, name, recipient, phone, commune_code, line, is_default, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
         on conflict (id) do update
             set name = $3, recipient = $4, phone = $5, commune_code = $6, line = $7, is_default = $8, updated_at = $9
             where s.org_id = $2 and s.removed_at is null",
        id,
        org.0,
        new.name,
        new.recipient,
        new.phone,
        new.commune_code,
        new.line,
        new.is_default,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn remove(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    id: Uuid,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update organisations.sites set removed_at = $3, is_default = false
         where id = $1 and org_id = $2 and removed_at is null",
        id,
        org.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
