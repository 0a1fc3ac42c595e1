//! SQL of rules and of those who stand in.

use super::{
    model::Rule,
    rules::{NewRule, NewStandIn},
};
use crate::kernel::{Cx, Day, OrgId, PersonId, Vnd};
use sqlx::PgConnection;
use uuid::Uuid;

/// Those in force, the oldest first.
pub(super) async fn rules(db: &mut PgConnection, org: OrgId) -> sqlx::Result<Vec<Rule>> {
    sqlx::query_as!(
        Rule,
        r#"select id, over as "over: Vnd", category, person_id as "person: PersonId",
                  approver_id as "approver: PersonId"
           from approvals.rules where org_id = $1 and ended_at is null order by made_at, id"#,
        org.0,
    )
    .fetch_all(db)
    .await
}

pub(super) async fn insert_rule(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    (org, by): (OrgId, PersonId),
    new: &NewRule,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into approvals.rules (id, org_id, over, category, person_id, approver_id, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        org.0,
        new.over.0,
        new.category,
        new.person.map(|p| p.0),
        new.approver.map(|p| p.0),
        by.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn end_rule(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    rule: Uuid,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update approvals.rules set ended_at = $3 where id = $1 and org_id = $2 and ended_at is null",
        rule,
        org.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Who decides in an approver's place.
pub(super) struct StandIn {
    pub(super) id: Uuid,
    pub(super) approver: PersonId,
    pub(super) stand_in: PersonId,
    pub(super) from_day: Day,
    pub(super) to_day: Day,
}

/// Those whose last day is not past.
pub(super) async fn stand_ins(
    db: &mut PgConnection,
    org: OrgId,
    today: Day,
) -> sqlx::Result<Vec<StandIn>> {
    sqlx::query_as!(
        StandIn,
        r#"select id, approver_id as "approver: PersonId", stand_in_id as "stand_in: PersonId", from_day, to_day
           from approvals.stand_ins where org_id = $1 and ended_at is null and to_day >= $2
           order by from_day, id"#,
        org.0,
        today,
    )
    .fetch_all(db)
    .await
}

pub(super) async fn insert_stand_in(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    (org, by): (OrgId, PersonId),
    new: &NewStandIn,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into approvals.stand_ins (id, org_id, approver_id, stand_in_id, from_day, to_day, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        org.0,
        new.approver.0,
        new.stand_in.0,
        new.from,
        new.to,
        by.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn end_stand_in(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    id: Uuid,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update approvals.stand_ins set ended_at = $3 where id = $1 and org_id = $2 and ended_at is null",
        id,
        org.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The approvers in whose place somebody stands on a day.
pub(super) async fn stands_for(
    db: &mut PgConnection,
    org: OrgId,
    person: PersonId,
    day: Day,
) -> sqlx::Result<Vec<PersonId>> {
    sqlx::query_scalar!(
        r#"select approver_id as "approver: PersonId" from approvals.stand_ins
           where org_id = $1 and stand_in_id = $2 and ended_at is null and $3 between from_day and to_day
           order by from_day, id"#,
        org.0,
        person.0,
        day,
    )
    .fetch_all(db)
    .await
}
