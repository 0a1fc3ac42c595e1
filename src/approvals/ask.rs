//! Somebody asks his firm to agree.

use super::{
    error::ApprovalError,
    events::ApprovalAsked,
    model::{Request, Standing, State, Subject, needed},
    queries, queries_rules,
};
use crate::{
    catalogue::Categories,
    kernel::{Cx, PersonId},
    organisations::{self, OrgRole},
    platform::outbox,
};
use sqlx::PgConnection;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Categories with all branches above them, as [`Request::categories`] wants them.
#[must_use]
pub fn with_parents<'a>(
    tree: &Categories,
    slugs: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    let paths = slugs.into_iter().filter_map(|slug| tree.get(slug));
    let all: BTreeSet<&String> = paths.flat_map(|category| &category.path).collect();
    all.into_iter().cloned().collect()
}

/// Who has to agree; one statement where the firm has no rules.
async fn steps(db: &mut PgConnection, asked: &Request) -> sqlx::Result<Vec<Option<PersonId>>> {
    let rules = queries_rules::rules(db, asked.org).await?;
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let approvers = organisations::members_with(db, asked.org, OrgRole::Approver).await?;
    Ok(needed(&rules, asked, &approvers))
}

/// How it stands, without asking anybody. `None`: somebody has to agree and has not been asked for this print.
///
/// # Errors
/// Whatever the database says.
pub async fn look(db: &mut PgConnection, asked: &Request) -> sqlx::Result<Option<Standing>> {
    if steps(db, asked).await?.is_empty() {
        return Ok(Some(Standing::NotNeeded));
    }
    let kept = queries::standing(db, asked.subject).await?;
    let same = kept.filter(|kept| kept.org == asked.org && kept.print == asked.print);
    Ok(same.and_then(|kept| kept.state.standing()))
}

/// The same where it is acted on: what stands is kept still until the transaction ends.
///
/// # Errors
/// Whatever the database says.
pub async fn hold(db: &mut PgConnection, asked: &Request) -> sqlx::Result<Option<Standing>> {
    if steps(db, asked).await?.is_empty() {
        return Ok(Some(Standing::NotNeeded));
    }
    let kept = queries::lock_standing(db, asked.subject).await?;
    let same = kept.filter(|kept| kept.org == asked.org && kept.print == asked.print);
    Ok(same.and_then(|kept| kept.state.standing()))
}

/// Who was asked about something, and what became of it.
#[derive(Debug, Clone)]
pub struct Told {
    pub request: Uuid,
    pub print: Vec<u8>,
    /// Who still has to agree; `None`: any approver.
    pub waits_for: Vec<Option<PersonId>>,
    /// What he wrote who decided last.
    pub note: String,
}

/// The request that stands for a thing, as those read it who wait for it.
///
/// # Errors
/// Whatever the database says.
pub async fn told(db: &mut PgConnection, subject: Subject) -> sqlx::Result<Option<Told>> {
    let Some(kept) = queries::standing(db, subject).await? else { return Ok(None) };
    let case = queries::case(db, &kept).await?;
    let record = queries::record(db, kept.id).await?;
    let open = case.steps.iter().filter(|step| step.state == State::Waiting);
    let waits_for = open.map(|step| step.approver).collect();
    let last = record.into_iter().rev().find(|h| matches!(&*h.event, "approve" | "refuse"));
    let note = last.map(|happened| happened.note).unwrap_or_default();
    Ok(Some(Told { request: kept.id, print: kept.print, waits_for, note }))
}

/// What was asked about has ended: nobody decides on it any more. What was decided stays.
///
/// # Errors
/// Whatever the database says.
pub async fn withdraw(db: &mut PgConnection, cx: &Cx, subject: Subject) -> sqlx::Result<()> {
    let kept = queries::lock_standing(db, subject).await?;
    match kept.filter(|kept| kept.state == State::Waiting) {
        Some(kept) => queries::void(db, cx, kept.id, "withdraw").await,
        None => Ok(()),
    }
}

/// The request that stands for a thing, if one does.
///
/// # Errors
/// Whatever the database says.
pub async fn latest(db: &mut PgConnection, subject: Subject) -> sqlx::Result<Option<Uuid>> {
    Ok(queries::standing(db, subject).await?.map(|kept| kept.id))
}

/// Asks those whom the firm's rules name. The same print of the same thing again answers how the first request stands;
/// another print makes the old request void and asks anew.
///
/// # Errors
/// Whatever the database says; [`ApprovalError::Stale`] when others ask for the same thing over and over.
pub async fn ask(
    db: &mut PgConnection,
    cx: &Cx,
    asked: &Request,
) -> Result<Standing, ApprovalError> {
    let steps = steps(db, asked).await?;
    // Who asks for the same at the same time is met at the index, and read on the second turn.
    for _ in 0..3 {
        if let Some(kept) = queries::lock_standing(db, asked.subject).await? {
            let same = kept.org == asked.org && kept.print == asked.print;
            match kept.state.standing() {
                Some(standing) if same && !steps.is_empty() => return Ok(standing),
                _ => queries::void(db, cx, kept.id, "void").await?,
            }
        }
        if steps.is_empty() {
            return Ok(Standing::NotNeeded);
        }
        let id = cx.new_id();
        if queries::insert(db, cx, id, asked, &steps).await? {
            outbox::publish(db, cx, &ApprovalAsked { request: id }).await?;
            return Ok(Standing::Waiting);
        }
    }
    Err(ApprovalError::Stale)
}
