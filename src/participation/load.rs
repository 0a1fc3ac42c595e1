//! Loads the plans and targets that the product ships.

use super::queries_targets;
use crate::{
    kernel::{Cx, Day},
    platform::reference,
};
use serde::Deserialize;
use sqlx::PgConnection;

#[derive(Deserialize)]
pub(super) struct PlanRow {
    pub(super) code: String,
    pub(super) province: String,
    pub(super) title: String,
    pub(super) period_from: Day,
    #[serde(deserialize_with = "reference::optional_day")]
    pub(super) period_to: Option<Day>,
    pub(super) owner: String,
    pub(super) document: String,
    pub(super) province_then: String,
}

#[derive(Deserialize)]
pub(super) struct TargetRow {
    pub(super) plan_code: String,
    pub(super) indicator: String,
    pub(super) lower_bps: i32,
    pub(super) upper_bps: Option<i32>,
    pub(super) year: i32,
    pub(super) passage: String,
}

/// Loads `data/plans.csv` and `data/targets.csv` when they changed. Rows that are there stay as
/// they are: the Department may have replaced them.
///
/// # Errors
/// A broken file, or whatever the database says.
pub async fn load_reference(db: &mut PgConnection, cx: &Cx) -> anyhow::Result<()> {
    let plans = include_str!("../../data/plans.csv");
    let targets = include_str!("../../data/targets.csv");
    if !reference::changed(db, cx, "plans", &[plans, targets]).await? {
        return Ok(());
    }
    for row in reference::rows::<PlanRow>(plans)? {
        queries_targets::insert_plan(db, &row).await?;
    }
    for row in reference::rows::<TargetRow>(targets)? {
        queries_targets::insert_target(db, &row).await?;
    }
    Ok(())
}
