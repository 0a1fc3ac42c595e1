//! SQL of papers.

use super::papers::{NewPaper, Paper, PaperFile, PaperKind, PaperState};
use crate::kernel::{Cx, PersonId, SellerId};
use sqlx::PgConnection;
use uuid::Uuid;

/// The kinds that a seller may hand in.
pub(super) async fn kinds(db: &mut PgConnection) -> sqlx::Result<Vec<PaperKind>> {
    sqlx::query_as!(
        PaperKind,
        "select kind, label_vi, label_en, expires from enterprises.paper_kinds
         where used_for in ('seller', 'both') order by label_vi"
    )
    .fetch_all(db)
    .await
}

pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    id: Uuid,
    new: &NewPaper,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into enterprises.papers (id, seller_id, kind, number, issuer, issued, expires, file_key, file_type,
            file_name, state, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'submitted', $11)",
        id,
        seller.0,
        new.kind,
        new.number,
        new.issuer,
        new.issued,
        new.expires,
        new.file_key,
        new.file_type,
        new.file_name,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn of_seller(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Paper>> {
    sqlx::query_as!(
        Paper,
        r#"select p.id, p.kind, k.label_vi, k.label_en, p.number, p.issuer, p.issued, p.expires, p.file_name,
            p.state as "state: PaperState", p.reason, p.created_at
           from enterprises.papers p join enterprises.paper_kinds k on k.kind = p.kind
           where p.seller_id = $1 and p.removed_at is null order by p.created_at, p.id"#,
        seller.0
    )
    .fetch_all(db)
    .await
}

/// The file, if `person` is a member of its seller or `anybody` (an officer) may see it.
pub(super) async fn file(
    db: &mut PgConnection,
    id: Uuid,
    person: PersonId,
    anybody: bool,
) -> sqlx::Result<Option<PaperFile>> {
    sqlx::query_as!(
        PaperFile,
        r#"select p.seller_id as "seller: SellerId", p.file_key as key, p.file_type as mime, p.file_name as name
           from enterprises.papers p
           where p.id = $1 and p.removed_at is null and ($3 or exists (
             select 1 from enterprises.members m where m.seller_id = p.seller_id and m.person_id = $2))"#,
        id,
        person.0,
        anybody
    )
    .fetch_optional(db)
    .await
}

/// Takes a paper back. The licence that an approved shop stands on stays.
pub(super) async fn remove(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    id: Uuid,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "update enterprises.papers set removed_at = $3
         where id = $2 and seller_id = $1 and removed_at is null and not (state = 'accepted'
           and kind in ('business-licence', 'cooperative-licence', 'household-licence'))
         returning kind",
        seller.0,
        id,
        cx.now
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn judge(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    id: Uuid,
    state: PaperState,
    reason: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "update enterprises.papers set state = $3, reason = $4, reviewed_by = $5, reviewed_at = $6
         where id = $2 and seller_id = $1 and removed_at is null returning kind",
        seller.0,
        id,
        state as PaperState,
        reason,
        cx.person().map(|p| p.0),
        cx.now
    )
    .fetch_optional(db)
    .await
}
