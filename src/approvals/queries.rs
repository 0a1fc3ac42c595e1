//! SQL of requests, their steps and their record.

use super::{
    machine::{Case, Step},
    model::{Happened, Kept, Request, State, Subject, SubjectKind},
};
use crate::kernel::{Cx, OrgId, PersonId, Vnd};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// The request that stands for a thing.
pub(super) async fn standing(
    db: &mut PgConnection,
    subject: Subject,
) -> sqlx::Result<Option<Kept>> {
    sqlx::query_as!(
        Kept,
        r#"select id, org_id as "org: OrgId", subject_kind as "kind: SubjectKind", subject_id as subject, print,
                  asked_by as "asked_by: PersonId", amount as "amount: Vnd", what_vi, what_en, url,
                  state as "state: State", asked_at
           from approvals.requests where subject_kind = $1 and subject_id = $2 and state <> 'void'"#,
        subject.kind as SubjectKind,
        subject.id,
    )
    .fetch_optional(db)
    .await
}

/// The same, kept still until the transaction ends.
pub(super) async fn lock_standing(
    db: &mut PgConnection,
    subject: Subject,
) -> sqlx::Result<Option<Kept>> {
    sqlx::query_as!(
        Kept,
        r#"select id, org_id as "org: OrgId", subject_kind as "kind: SubjectKind", subject_id as subject, print,
                  asked_by as "asked_by: PersonId", amount as "amount: Vnd", what_vi, what_en, url,
                  state as "state: State", asked_at
           from approvals.requests where subject_kind = $1 and subject_id = $2 and state <> 'void' for update"#,
        subject.kind as SubjectKind,
        subject.id,
    )
    .fetch_optional(db)
    .await
}

/// One of a firm, kept still until the transaction ends.
pub(super) async fn lock(
    db: &mut PgConnection,
    org: OrgId,
    id: Uuid,
) -> sqlx::Result<Option<Kept>> {
    sqlx::query_as!(
        Kept,
        r#"select id, org_id as "org: OrgId", subject_kind as "kind: SubjectKind", subject_id as subject, print,
                  asked_by as "asked_by: PersonId", amount as "amount: Vnd", what_vi, what_en, url,
                  state as "state: State", asked_at
           from approvals.requests where id = $1 and org_id = $2 for update"#,
        id,
        org.0,
    )
    .fetch_optional(db)
    .await
}

/// One, for its page and its letters.
pub(super) async fn request(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Kept>> {
    sqlx::query_as!(
        Kept,
        r#"select id, org_id as "org: OrgId", subject_kind as "kind: SubjectKind", subject_id as subject, print,
                  asked_by as "asked_by: PersonId", amount as "amount: Vnd", what_vi, what_en, url,
                  state as "state: State", asked_at
           from approvals.requests where id = $1"#,
        id,
    )
    .fetch_optional(db)
    .await
}

/// Another print is asked for, nobody has to agree any more, or it has ended: `event` says which.
pub(super) async fn void(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    event: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update approvals.requests set state = 'void', decided_at = coalesce(decided_at, $2)
         where id = $1 and state <> 'void'",
        id,
        cx.now,
    )
    .execute(&mut *db)
    .await?;
    note(db, cx, id, (event, cx.person(), None), "").await
}

/// What waits since before then, the oldest first, kept still; what somebody decides on just now is left to him.
pub(super) async fn waiting_since(
    db: &mut PgConnection,
    before: DateTime<Utc>,
    most: i64,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select id from approvals.requests where state = 'waiting' and asked_at < $1
         order by asked_at limit $2 for update skip locked",
        before,
        most,
    )
    .fetch_all(db)
    .await
}

/// Writes a request with its steps and that it was asked; `false` when another one stands for the same thing.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    asked: &Request,
    steps: &[Option<PersonId>],
) -> sqlx::Result<bool> {
    use crate::kernel::Lang;
    let steps: Vec<Option<Uuid>> = steps.iter().map(|step| step.map(|p| p.0)).collect();
    let done = sqlx::query_scalar!(
        r#"with fresh as (
               insert into approvals.requests (id, org_id, subject_kind, subject_id, print, asked_by, amount, what_vi,
                                               what_en, url, state, asked_at)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $11)
               on conflict (subject_kind, subject_id) where state <> 'void' do nothing returning id
           ), steps as (
               insert into approvals.steps (request_id, position, approver_id, state)
               select fresh.id, n, approver, 'waiting'
               from fresh, unnest($12::uuid[]) with ordinality as s (approver, n)
           ), told as (
               insert into approvals.events (id, request_id, at, event, person_id)
               select $13, id, $11, 'ask', $6 from fresh
           )
           select exists (select from fresh) as "fresh!""#,
        id,
        asked.org.0,
        asked.subject.kind as SubjectKind,
        asked.subject.id,
        asked.print.as_slice(),
        asked.asked_by.0,
        asked.amount.0,
        asked.what.get(Lang::Vi),
        asked.what.get(Lang::En),
        asked.url,
        cx.now,
        &steps as &[Option<Uuid>],
        cx.new_id(),
    )
    .fetch_one(db)
    .await?;
    Ok(done)
}

/// A request with its steps.
pub(super) async fn case(db: &mut PgConnection, kept: &Kept) -> sqlx::Result<Case> {
    let mut steps = steps(db, &[kept.id]).await?;
    Ok(case_of(kept, &mut steps))
}

/// Several requests with their steps, in their order.
pub(super) async fn cases(db: &mut PgConnection, kept: &[Kept]) -> sqlx::Result<Vec<Case>> {
    let ids: Vec<Uuid> = kept.iter().map(|kept| kept.id).collect();
    let mut steps = steps(db, &ids).await?;
    Ok(kept.iter().map(|kept| case_of(kept, &mut steps)).collect())
}

fn case_of(kept: &Kept, steps: &mut HashMap<Uuid, Vec<Step>>) -> Case {
    let steps = steps.remove(&kept.id).unwrap_or_default();
    Case { asked_by: kept.asked_by, state: kept.state, steps }
}

/// The steps of these requests.
async fn steps(db: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<HashMap<Uuid, Vec<Step>>> {
    let rows = sqlx::query!(
        r#"select request_id, position, approver_id as "approver: PersonId", state as "state: State",
                  decided_by as "decided_by: PersonId"
           from approvals.steps where request_id = any($1) order by request_id, position"#,
        ids,
    )
    .fetch_all(db)
    .await?;
    let mut steps: HashMap<Uuid, Vec<Step>> = HashMap::new();
    for row in rows {
        let (position, approver, state) = (row.position, row.approver, row.state);
        let step = Step { position, approver, state, decided_by: row.decided_by };
        steps.entry(row.request_id).or_default().push(step);
    }
    Ok(steps)
}

/// Writes what has been decided.
pub(super) async fn save(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    case: &Case,
) -> sqlx::Result<()> {
    for step in case.steps.iter().filter(|step| step.state != State::Waiting) {
        sqlx::query!(
            "update approvals.steps set state = $3, decided_by = $4, decided_at = $5
             where request_id = $1 and position = $2 and state = 'waiting'",
            id,
            step.position,
            step.state as State,
            step.decided_by.map(|p| p.0),
            cx.now,
        )
        .execute(&mut *db)
        .await?;
    }
    sqlx::query!(
        "update approvals.requests
         set state = $2, decided_at = case $2 when 'waiting' then null else $3::timestamptz end
         where id = $1 and state = 'waiting'",
        id,
        case.state as State,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Puts something on the record.
pub(super) async fn note(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    (event, person, stands_for): (&str, Option<PersonId>, Option<PersonId>),
    note: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into approvals.events (id, request_id, at, event, person_id, stands_for, note)
         values ($1, $2, $3, $4, $5, $6, $7)",
        cx.new_id(),
        id,
        cx.now,
        event,
        person.map(|p| p.0),
        stands_for.map(|p| p.0),
        note,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The record, in order.
pub(super) async fn record(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Vec<Happened>> {
    sqlx::query_as!(
        Happened,
        r#"select at, event, person_id as "person: PersonId", stands_for as "stands_for: PersonId", note
           from approvals.events where request_id = $1 order by at, id"#,
        id,
    )
    .fetch_all(db)
    .await
}

/// A firm's requests, the newest first; `of`: this person's alone; `waiting`: those that are to be decided.
pub(super) async fn of_org(
    db: &mut PgConnection,
    (org, of): (OrgId, Option<PersonId>),
    waiting: bool,
    before: Option<(DateTime<Utc>, Uuid)>,
    most: i64,
) -> sqlx::Result<Vec<Kept>> {
    let (at, id) = before.unzip();
    sqlx::query_as!(
        Kept,
        r#"select id, org_id as "org: OrgId", subject_kind as "kind: SubjectKind", subject_id as subject, print,
                  asked_by as "asked_by: PersonId", amount as "amount: Vnd", what_vi, what_en, url,
                  state as "state: State", asked_at
           from approvals.requests
           where org_id = $1 and ($2::uuid is null or asked_by = $2) and (not $3 or state = 'waiting')
             and ($4::timestamptz is null or (asked_at, id) < ($4, $5))
           order by asked_at desc, id desc limit $6"#,
        org.0,
        of.map(|p| p.0),
        waiting,
        at,
        id,
        most,
    )
    .fetch_all(db)
    .await
}
