//! Somebody agrees or refuses.

use super::{
    error::ApprovalError,
    events::ApprovalDecided,
    machine::{Refusal, Voice},
    model::State,
    queries, queries_rules,
};
use crate::{
    kernel::{Cx, OrgId, PersonId, day_of},
    organisations::{self, OrgRole},
    platform::{audit, outbox},
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// What a member of a firm may decide today.
///
/// # Errors
/// Whatever the database says.
pub(super) async fn voice(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    person: PersonId,
) -> sqlx::Result<Voice> {
    let approvers = organisations::members_with(db, org, OrgRole::Approver).await?;
    let stands_for = queries_rules::stands_for(db, org, person, day_of(cx.now)).await?;
    Ok(Voice { person, approvers, stands_for })
}

/// A member agrees to a request, or refuses it: every step that is his.
///
/// # Errors
/// [`ApprovalError::NotFound`] for another firm's, [`ApprovalError::Stale`] when it has been decided or is void,
/// [`ApprovalError::NotYours`] when somebody else has to agree.
pub async fn decide(
    db: &mut PgConnection,
    cx: &Cx,
    (org, person): (OrgId, PersonId),
    request: Uuid,
    (yes, note): (bool, &str),
) -> Result<(), ApprovalError> {
    let kept = queries::lock(db, org, request).await?.ok_or(ApprovalError::NotFound)?;
    let mut case = queries::case(db, &kept).await?;
    let voice = voice(db, cx, org, person).await?;
    let stands_for = case.decide(&voice, yes).map_err(|refusal| match refusal {
        Refusal::Done => ApprovalError::Stale,
        Refusal::NotYours => ApprovalError::NotYours,
    })?;
    queries::save(db, cx, kept.id, &case).await?;
    let event = if yes { "approve" } else { "refuse" };
    queries::note(db, cx, kept.id, (event, Some(person), stands_for), note).await?;
    if case.state != State::Waiting {
        let told = ApprovalDecided {
            org,
            kind: kept.kind,
            subject: kept.subject,
            approved: case.state == State::Approved,
            request: kept.id,
        };
        outbox::publish(db, cx, &told).await?;
    }
    let detail = json!({ "request": request, "amount": kept.amount.0, "in_place_of": stands_for });
    let action = if yes { "approvals.approve" } else { "approvals.refuse" };
    audit::record(db, cx, action, &format!("organisation:{org}"), detail).await?;
    Ok(())
}
