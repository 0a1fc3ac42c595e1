//! A seller's steps: submitted by its owner, judged by an officer.

use super::{
    checklist,
    error::SellerError,
    events::{SellerApproved, SellerChanged, SellerReinstated, SellerStepTaken, SellerSuspended},
    model::{By, State, Step},
    queries, queries_people, queries_register,
};
use crate::{
    kernel::{Actor, Cx, SellerId},
    platform::{audit, outbox},
};
use serde_json::json;
use sqlx::PgConnection;

/// The owner hands the file in.
///
/// # Errors
/// [`SellerError::NotComplete`] while a requirement is open. The system itself, which loads shops that
/// were examined elsewhere, is not asked for papers.
pub async fn submit(db: &mut PgConnection, cx: &Cx, seller: SellerId) -> Result<(), SellerError> {
    let whole = checklist::of(db, cx, seller).await?.is_some_and(|list| list.is_whole());
    if cx.actor != Actor::System && !whole {
        return Err(SellerError::NotComplete);
    }
    take(db, cx, By::Owner, seller, (Step::Submit, None), "").await
}

/// The owner gives up a file that was never approved.
///
/// # Errors
/// [`SellerError::WrongState`] once the file is with the Department.
pub async fn give_up(db: &mut PgConnection, cx: &Cx, seller: SellerId) -> Result<(), SellerError> {
    take(db, cx, By::Owner, seller, (Step::Close, None), "").await
}

/// An officer decides. `version`: what he had before him; `None` for the system.
///
/// A legal entity that the register does not know yet, such as a firm founded last month, is entered
/// in it when an officer has seen its licence and admits it: it is an enterprise of the province.
///
/// # Errors
/// [`SellerError::OwnShop`] for a member of the shop, [`SellerError::NoReason`], [`SellerError::WrongState`],
/// [`SellerError::Stale`].
pub async fn decide(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    step: Step,
    reason: &str,
    version: Option<i32>,
) -> Result<(), SellerError> {
    if let Some(officer) = cx.person()
        && queries_people::role(db, seller, officer).await?.is_some()
    {
        return Err(SellerError::OwnShop);
    }
    take(db, cx, By::Officer, seller, (step, version), reason.trim()).await?;
    let entered = step == Step::Approve
        && cx.person().is_some()
        && queries_register::enter(db, cx, seller).await?;
    let detail = json!({ "reason": reason.trim(), "entered_in_register": entered });
    let action = format!("enterprises.{}", step.code());
    audit::record(db, cx, &action, &format!("seller:{seller}"), detail).await?;
    Ok(())
}

async fn take(
    db: &mut PgConnection,
    cx: &Cx,
    by: By,
    seller: SellerId,
    (step, version): (Step, Option<i32>),
    reason: &str,
) -> Result<(), SellerError> {
    let (from, now) = queries::lock(db, seller).await?.ok_or(SellerError::NotFound)?;
    if version.is_some_and(|seen| seen != now) {
        return Err(SellerError::Stale);
    }
    let (to, needs_reason) =
        step.leads(from, by).ok_or(SellerError::WrongState { step, state: from })?;
    if needs_reason && reason.is_empty() {
        return Err(SellerError::NoReason);
    }
    if !queries::set_state(db, cx, seller, (from, now), to, reason).await? {
        return Err(SellerError::Stale);
    }
    let record = queries::insert_event(db, cx, seller, Some(step), (from, to), reason).await?;
    let told =
        SellerStepTaken { seller, step, to, reason: reason.to_owned(), by: cx.person(), record };
    outbox::publish(db, cx, &told).await?;
    tell(db, cx, seller, from, to).await?;
    Ok(())
}

/// Tells those who show or sell the shop's goods.
async fn tell(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    from: State,
    to: State,
) -> sqlx::Result<()> {
    match (from, to) {
        (State::Submitted, State::Approved) => {
            outbox::publish(db, cx, &SellerApproved { seller }).await?;
        }
        (State::Suspended, State::Approved) => {
            outbox::publish(db, cx, &SellerReinstated { seller }).await?;
        }
        (State::Approved, _) => outbox::publish(db, cx, &SellerSuspended { seller }).await?,
        _ => {}
    }
    outbox::publish(db, cx, &SellerChanged { seller }).await
}
