//! Every SQL statement over plans and targets.

use super::{
    load::{PlanRow, TargetRow},
    target::{NewTarget, Target},
};
use crate::kernel::Day;
use sqlx::PgConnection;

pub(super) async fn insert_plan(db: &mut PgConnection, plan: &PlanRow) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into participation.plans
             (code, province, province_then, title, period_from, period_to, owner, document)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
        plan.code,
        plan.province,
        plan.province_then,
        plan.title,
        plan.period_from,
        plan.period_to,
        plan.owner,
        plan.document,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn insert_target(db: &mut PgConnection, target: &TargetRow) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into participation.targets (plan_code, indicator, year, lower_bps, upper_bps, passage)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        target.plan_code,
        target.indicator,
        target.year,
        target.lower_bps,
        target.upper_bps,
        target.passage,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// All targets, those of the province `home` and of the whole country first, newest years first.
pub(super) async fn targets(db: &mut PgConnection, home: &str) -> sqlx::Result<Vec<Target>> {
    sqlx::query_as!(
        Target,
        "select t.plan_code, p.province_then, p.title, p.document, t.indicator, t.year, t.lower_bps,
                t.upper_bps, t.passage
         from participation.targets t join participation.plans p on p.code = t.plan_code
         order by t.year desc, p.province = $1 desc, t.plan_code, t.indicator",
        home,
    )
    .fetch_all(db)
    .await
}

/// A plan whose targets the Department may set.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) code: String,
    pub(super) title: String,
    pub(super) period_from: Day,
    pub(super) period_to: Option<Day>,
}

/// The plans of the province that are in force on `today`.
pub(super) async fn plans_in_force(
    db: &mut PgConnection,
    home: &str,
    today: Day,
) -> sqlx::Result<Vec<Plan>> {
    sqlx::query_as!(
        Plan,
        "select code, title, period_from, period_to from participation.plans
         where province = $1 and period_from <= $2 and (period_to is null or period_to >= $2)
         order by period_from desc, code",
        home,
        today,
    )
    .fetch_all(db)
    .await
}

/// The bounds of the target that is to be replaced.
pub(super) async fn lock_target(
    db: &mut PgConnection,
    target: &NewTarget,
) -> sqlx::Result<Option<(i32, Option<i32>)>> {
    let row = sqlx::query!(
        "select lower_bps, upper_bps from participation.targets
         where plan_code = $1 and indicator = $2 and year = $3 for update",
        target.plan_code,
        target.indicator.code(),
        target.year,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| (r.lower_bps, r.upper_bps)))
}

pub(super) async fn upsert_target(db: &mut PgConnection, target: &NewTarget) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "insert into participation.targets (plan_code, indicator, year, lower_bps, upper_bps, passage)
         select code, $2, $3, $4, $5, $6 from participation.plans where code = $1
         on conflict (plan_code, indicator, year)
         do update set lower_bps = $4, upper_bps = $5, passage = $6",
        target.plan_code,
        target.indicator.code(),
        target.year,
        target.lower_bps,
        target.upper_bps,
        target.passage,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}
