//! SQL of events.

use super::{
    events::NewEvent,
    model::{EventState, Kind},
};
use crate::kernel::{Cx, Day, Lang, OrgId, PersonId, SellerId, date};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// An event as it stands.
#[derive(Debug, Clone)]
pub struct Event {
    pub id: Uuid,
    /// Of its page: `/su-kien/{slug}`.
    pub slug: String,
    pub kind: Kind,
    pub title: String,
    pub title_en: String,
    pub summary: String,
    pub summary_en: String,
    /// Markdown.
    pub body: String,
    pub organiser: String,
    pub place: String,
    pub starts_on: Day,
    pub ends_on: Day,
    pub sign_up_until: Day,
    pub state: EventState,
    pub reason: String,
    pub version: i32,
    /// The organisation that runs it; `None`: the Department.
    pub host: Option<OrgId>,
    /// Since when its draft waits for the Department.
    pub proposed_at: Option<DateTime<Utc>>,
}

impl Event {
    /// Its title as the reader reads; the Vietnamese one where there is no other.
    #[must_use]
    pub fn title_in(&self, lang: Lang) -> &str {
        if lang == Lang::En && !self.title_en.is_empty() { &self.title_en } else { &self.title }
    }

    /// Its summary as the reader reads.
    #[must_use]
    pub fn summary_in(&self, lang: Lang) -> &str {
        if lang == Lang::En && !self.summary_en.is_empty() {
            &self.summary_en
        } else {
            &self.summary
        }
    }

    /// `05/12/2026` or `05/12/2026 – 07/12/2026`.
    #[must_use]
    pub fn days(&self) -> String {
        if self.starts_on == self.ends_on {
            date(self.starts_on)
        } else {
            format!("{} – {}", date(self.starts_on), date(self.ends_on))
        }
    }
}

pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    (id, slug): (Uuid, &str),
    (by, host): (Uuid, Option<OrgId>),
    new: &NewEvent,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into trade_events.events (id, slug, kind, title, title_en, summary, summary_en, body, organiser, place,
             starts_on, ends_on, sign_up_until, state, made_by, made_at, updated_at, host_org)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'draft', $14, $15, $15, $16)",
        id,
        slug,
        new.kind.code(),
        new.title,
        new.title_en,
        new.summary,
        new.summary_en,
        new.body,
        new.organiser,
        new.place,
        new.starts_on,
        new.ends_on,
        new.sign_up_until,
        by,
        cx.now,
        host.map(|org| org.0),
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn change(
    db: &mut PgConnection,
    cx: &Cx,
    (id, version): (Uuid, i32),
    host: Option<OrgId>,
    new: &NewEvent,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update trade_events.events set kind = $3, title = $4, title_en = $5, summary = $6, summary_en = $7, body = $8,
             organiser = $9, place = $10, starts_on = $11, ends_on = $12, sign_up_until = $13, updated_at = $14,
             version = version + 1
         where id = $1 and version = $2 and state <> 'cancelled'
           and ($15::uuid is null or (host_org = $15 and state = 'draft' and proposed_at is null))",
        id,
        version,
        new.kind.code(),
        new.title,
        new.title_en,
        new.summary,
        new.summary_en,
        new.body,
        new.organiser,
        new.place,
        new.starts_on,
        new.ends_on,
        new.sign_up_until,
        cx.now,
        host.map(|org| org.0),
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn step(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    (from, to): (&[EventState], EventState),
    reason: &str,
) -> sqlx::Result<bool> {
    let from: Vec<String> = from.iter().map(|state| state.code().to_owned()).collect();
    let done = sqlx::query!(
        "update trade_events.events
         set state = $3, reason = $4, updated_at = $5, version = version + 1, proposed_at = null
         where id = $1 and state = any($2)",
        id,
        &from,
        to.code(),
        reason,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The draft waits for the Department, or no longer does; `false`: it is not as it was thought.
pub(super) async fn propose(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    waits: bool,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update trade_events.events
         set proposed_at = case when $2 then $3::timestamptz end, updated_at = $3, version = version + 1
         where id = $1 and state = 'draft' and host_org is not null and (proposed_at is null) = $2",
        id,
        waits,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The events that an organisation runs, newest first.
pub(super) async fn of_host(db: impl PgExecutor<'_>, host: OrgId) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as!(
        Event,
        r#"select id, slug, kind as "kind: Kind", title, title_en, summary, summary_en, body, organiser, place,
                  starts_on, ends_on, sign_up_until, state as "state: EventState", reason, version,
                  host_org as "host: OrgId", proposed_at
           from trade_events.events where host_org = $1 order by ends_on desc, id desc limit 200"#,
        host.0,
    )
    .fetch_all(db)
    .await
}

pub(super) async fn by_id(db: impl PgExecutor<'_>, id: Uuid) -> sqlx::Result<Option<Event>> {
    sqlx::query_as!(
        Event,
        r#"select id, slug, kind as "kind: Kind", title, title_en, summary, summary_en, body, organiser, place,
                  starts_on, ends_on, sign_up_until, state as "state: EventState", reason, version,
                  host_org as "host: OrgId", proposed_at
           from trade_events.events where id = $1"#,
        id
    )
    .fetch_optional(db)
    .await
}

/// What is to be seen by everybody, cancelled or not.
pub(super) async fn by_slug(db: impl PgExecutor<'_>, slug: &str) -> sqlx::Result<Option<Event>> {
    sqlx::query_as!(
        Event,
        r#"select id, slug, kind as "kind: Kind", title, title_en, summary, summary_en, body, organiser, place,
                  starts_on, ends_on, sign_up_until, state as "state: EventState", reason, version,
                  host_org as "host: OrgId", proposed_at
           from trade_events.events where slug = $1 and state <> 'draft'"#,
        slug
    )
    .fetch_optional(db)
    .await
}

/// Newest first, what waits for the Department before all; drafts only where they are asked for, an organisation's
/// own once it has proposed them.
pub(super) async fn all(
    db: impl PgExecutor<'_>,
    drafts: bool,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as!(
        Event,
        r#"select id, slug, kind as "kind: Kind", title, title_en, summary, summary_en, body, organiser, place,
                  starts_on, ends_on, sign_up_until, state as "state: EventState", reason, version,
                  host_org as "host: OrgId", proposed_at
           from trade_events.events
           where state <> 'draft' or ($1 and (host_org is null or proposed_at is not null))
           order by ($1 and proposed_at is not null) desc, ends_on desc, id desc limit $2 offset $3"#,
        drafts,
        limit,
        offset,
    )
    .fetch_all(db)
    .await
}

/// The published events that are not over, the next first.
///
/// # Errors
/// Whatever the database says.
pub async fn published_soon(
    db: impl PgExecutor<'_>,
    today: Day,
    limit: i64,
) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as!(
        Event,
        r#"select id, slug, kind as "kind: Kind", title, title_en, summary, summary_en, body, organiser, place,
                  starts_on, ends_on, sign_up_until, state as "state: EventState", reason, version,
                  host_org as "host: OrgId", proposed_at
           from trade_events.events where state = 'published' and ends_on >= $1 order by starts_on, id limit $2"#,
        today,
        limit,
    )
    .fetch_all(db)
    .await
}

/// Who must hear that an event is cancelled: shops, and people with a living wish to meet one.
pub(super) async fn concerned(
    db: &mut PgConnection,
    event: Uuid,
) -> sqlx::Result<(Vec<SellerId>, Vec<PersonId>)> {
    let sellers = sqlx::query_scalar!(
        r#"select seller_id as "seller: SellerId" from trade_events.sign_ups
           where event_id = $1 and state in ('waiting', 'accepted')"#,
        event
    )
    .fetch_all(&mut *db)
    .await?;
    let people = sqlx::query_scalar!(
        r#"select distinct person_id as "person!: PersonId" from trade_events.meetings
           where event_id = $1 and state in ('asked', 'agreed')"#,
        event
    )
    .fetch_all(db)
    .await?;
    Ok((sellers, people))
}
