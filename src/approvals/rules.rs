//! A firm's rules, and who stands in for whom.

use super::{error::ApprovalError, queries_rules};
use crate::{
    kernel::{Cx, Day, OrgId, PersonId, Vnd},
    platform::audit,
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// As many as a firm keeps in force.
const MOST: usize = 100;

/// When somebody has to agree, and who.
#[derive(Debug, Clone)]
pub struct NewRule {
    /// From this amount on.
    pub over: Vnd,
    /// Of these goods and what lies below; `None`: of all.
    pub category: Option<String>,
    /// What this member asks for; `None`: anybody.
    pub person: Option<PersonId>,
    /// Who agrees; `None`: any approver.
    pub approver: Option<PersonId>,
}

/// Who decides in an approver's place, between two days.
#[derive(Debug, Clone)]
pub struct NewStandIn {
    pub approver: PersonId,
    pub stand_in: PersonId,
    pub from: Day,
    /// Included.
    pub to: Day,
}

/// Adds a rule. What was asked before stays as it is.
///
/// # Errors
/// [`ApprovalError::Full`].
pub async fn add_rule(
    db: &mut PgConnection,
    cx: &Cx,
    (org, by): (OrgId, PersonId),
    new: &NewRule,
) -> Result<Uuid, ApprovalError> {
    if queries_rules::rules(db, org).await?.len() >= MOST {
        return Err(ApprovalError::Full);
    }
    let id = cx.new_id();
    queries_rules::insert_rule(db, cx, id, (org, by), new).await?;
    let detail = json!({
        "rule": id, "over": new.over.0, "category": new.category, "person": new.person, "approver": new.approver,
    });
    audit::record(db, cx, "approvals.add_rule", &format!("organisation:{org}"), detail).await?;
    Ok(id)
}

/// Ends a rule.
///
/// # Errors
/// [`ApprovalError::NotFound`].
pub(super) async fn end_rule(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    rule: Uuid,
) -> Result<(), ApprovalError> {
    if !queries_rules::end_rule(db, cx, org, rule).await? {
        return Err(ApprovalError::NotFound);
    }
    let detail = json!({ "rule": rule });
    audit::record(db, cx, "approvals.end_rule", &format!("organisation:{org}"), detail).await?;
    Ok(())
}

/// Lets somebody stand in for an approver.
///
/// # Errors
/// [`ApprovalError::Full`].
pub async fn add_stand_in(
    db: &mut PgConnection,
    cx: &Cx,
    (org, by): (OrgId, PersonId),
    new: &NewStandIn,
) -> Result<Uuid, ApprovalError> {
    if queries_rules::stand_ins(db, org, crate::kernel::day_of(cx.now)).await?.len() >= MOST {
        return Err(ApprovalError::Full);
    }
    let id = cx.new_id();
    queries_rules::insert_stand_in(db, cx, id, (org, by), new).await?;
    let detail = json!({
        "stand_in": id, "approver": new.approver, "person": new.stand_in, "from": new.from, "to": new.to,
    });
    audit::record(db, cx, "approvals.add_stand_in", &format!("organisation:{org}"), detail).await?;
    Ok(id)
}

/// Ends somebody's standing in.
///
/// # Errors
/// [`ApprovalError::NotFound`].
pub(super) async fn end_stand_in(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    id: Uuid,
) -> Result<(), ApprovalError> {
    if !queries_rules::end_stand_in(db, cx, org, id).await? {
        return Err(ApprovalError::NotFound);
    }
    let detail = json!({ "stand_in": id });
    audit::record(db, cx, "approvals.end_stand_in", &format!("organisation:{org}"), detail).await?;
    Ok(())
}
