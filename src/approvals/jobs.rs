//! Letters to those who decide and to those who asked.

use super::{
    events::{ApprovalAsked, ApprovalDecided},
    letters,
    machine::Voice,
    model::State,
    queries, queries_rules,
};
use crate::{
    accounts,
    kernel::{Cx, Lang, PersonId, Text, day_of},
    organisations::{self, OrgRole},
    platform::{
        bell,
        jobs::{Handler, JobError},
        mail::{self, Mail},
        rules,
    },
};
use async_trait::async_trait;
use chrono::TimeDelta;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// What letters say of the floor.
#[derive(Debug, Clone)]
pub struct Post {
    pub base_url: String,
    pub site_name: String,
}

/// What nobody has decided on for so long no longer stands.
pub struct Clocks(pub PgPool);

/// How many one run takes.
const BATCH: i64 = 500;

#[async_trait]
impl Handler for Clocks {
    type Payload = ();
    const NAME: &'static str = "approvals.clocks";

    async fn handle(&self, cx: &Cx, (): ()) -> Result<(), JobError> {
        let mut tx = self.0.begin().await?;
        let days = rules::value(&mut tx, "approval.wait_days", day_of(cx.now), 30).await?;
        let before = cx.now - TimeDelta::days(days);
        for id in queries::waiting_since(&mut tx, before, BATCH).await? {
            queries::void(&mut tx, cx, id, "expire").await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Under somebody's bell, leading to the request.
async fn ring(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    (cause, request): (&str, Uuid),
    title: impl Fn(Lang) -> String,
) -> sqlx::Result<()> {
    let href = format!("/to-chuc/duyet/{request}");
    let title = Text::new(title(Lang::Vi), title(Lang::En));
    let ring = bell::Ring { kind: "approval", cause, href: &href };
    bell::ring(db, cx, &[person], ring, &title).await
}

/// Writes to everybody who can decide a new request.
pub struct TellApprovers {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellApprovers {
    type Payload = ApprovalAsked;
    const NAME: &'static str = "approvals.tell_approvers";

    async fn handle(&self, cx: &Cx, told: ApprovalAsked) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let Some(kept) = queries::request(&mut tx, told.request).await? else { return Ok(()) };
        if kept.state != State::Waiting {
            return Ok(());
        }
        let case = queries::case(&mut tx, &kept).await?;
        let today = day_of(cx.now);
        // Who has left is not written to, even if he is noted as a stand-in.
        let members = organisations::members(&mut tx, kept.org).await?;
        let approve = members.iter().filter(|m| m.roles.contains(&OrgRole::Approver));
        let approvers: Vec<PersonId> = approve.map(|m| m.person).collect();
        let stand_ins = queries_rules::stand_ins(&mut tx, kept.org, today).await?;
        let asker = accounts::person(&mut tx, kept.asked_by).await?;
        let asker = asker.map(|p| p.name).unwrap_or_default();
        let org = organisations::organisation(&mut tx, kept.org).await?;
        let org = org.map(|o| o.name).unwrap_or_default();
        for person in members.iter().map(|m| m.person) {
            let places = stand_ins.iter().filter(|s| s.stand_in == person && s.from_day <= today);
            let stands_for = places.map(|s| s.approver).collect();
            let voice = Voice { person, approvers: approvers.clone(), stands_for };
            if !case.waits_for(&voice) {
                continue;
            }
            let cause = format!("approvals.asked:{}", kept.id);
            let title = |lang| letters::asked(&self.post, lang, &kept, &asker, &org).0;
            ring(&mut tx, cx, person, (&cause, kept.id), title).await?;
            let Some(reader) = accounts::person(&mut tx, person).await? else { continue };
            let Some(to) = reader.email else { continue };
            let (subject, body) = letters::asked(&self.post, reader.lang, &kept, &asker, &org);
            let dedup_key = format!("approvals.asked:{}:{person}", kept.id);
            mail::queue(&mut tx, cx, &Mail { to, subject, body, dedup_key }).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Writes to him who asked.
pub struct TellAsker {
    pub db: PgPool,
    pub post: Post,
}

#[async_trait]
impl Handler for TellAsker {
    type Payload = ApprovalDecided;
    const NAME: &'static str = "approvals.tell_asker";

    async fn handle(&self, cx: &Cx, told: ApprovalDecided) -> Result<(), JobError> {
        let mut tx = self.db.begin().await?;
        let Some(kept) = queries::request(&mut tx, told.request).await? else { return Ok(()) };
        let record = queries::record(&mut tx, kept.id).await?;
        let wanted = if told.approved { "approve" } else { "refuse" };
        let last = record.iter().rev().find(|happened| happened.event == wanted);
        let who = match last.and_then(|happened| happened.person) {
            Some(person) => accounts::person(&mut tx, person).await?.map(|p| p.name),
            None => None,
        };
        let words = (who.unwrap_or_default(), last.map_or("", |h| h.note.as_str()));
        let words = (words.0.as_str(), words.1);
        let write = |lang| letters::decided(&self.post, lang, &kept, told.approved, words);
        let dedup_key = format!("approvals.decided:{}", kept.id);
        ring(&mut tx, cx, kept.asked_by, (&dedup_key, kept.id), |lang| write(lang).0).await?;
        let reader = accounts::person(&mut tx, kept.asked_by).await?;
        if let Some((to, lang)) = reader.and_then(|r| Some((r.email?, r.lang))) {
            let (subject, body) = write(lang);
            mail::queue(&mut tx, cx, &Mail { to, subject, body, dedup_key }).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
