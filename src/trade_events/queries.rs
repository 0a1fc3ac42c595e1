//! SQL of events and sign-ups.

use super::{
    events::NewEvent,
    model::{EventState, Kind, SignUpState},
};
use crate::kernel::{Cx, Day, Lang, PersonId, SellerId, date};
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
    by: Uuid,
    new: &NewEvent,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into trade_events.events (id, slug, kind, title, title_en, summary, summary_en, body, organiser, place,
             starts_on, ends_on, sign_up_until, state, made_by, made_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'draft', $14, $15, $15)",
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
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn change(
    db: &mut PgConnection,
    cx: &Cx,
    (id, version): (Uuid, i32),
    new: &NewEvent,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update trade_events.events set kind = $3, title = $4, title_en = $5, summary = $6, summary_en = $7, body = $8,
             organiser = $9, place = $10, starts_on = $11, ends_on = $12, sign_up_until = $13, updated_at = $14,
             version = version + 1
         where id = $1 and version = $2 and state <> 'cancelled'",
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
        "update trade_events.events set state = $3, reason = $4, updated_at = $5, version = version + 1
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

pub(super) async fn by_id(db: impl PgExecutor<'_>, id: Uuid) -> sqlx::Result<Option<Event>> {
    sqlx::query_as!(
        Event,
        r#"select id, slug, kind as "kind: Kind", title, title_en, summary, summary_en, body, organiser, place,
                  starts_on, ends_on, sign_up_until, state as "state: EventState", reason, version
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
                  starts_on, ends_on, sign_up_until, state as "state: EventState", reason, version
           from trade_events.events where slug = $1 and state <> 'draft'"#,
        slug
    )
    .fetch_optional(db)
    .await
}

/// Newest first; drafts only where they are asked for.
pub(super) async fn all(
    db: impl PgExecutor<'_>,
    drafts: bool,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as!(
        Event,
        r#"select id, slug, kind as "kind: Kind", title, title_en, summary, summary_en, body, organiser, place,
                  starts_on, ends_on, sign_up_until, state as "state: EventState", reason, version
           from trade_events.events where $1 or state <> 'draft' order by ends_on desc, id desc limit $2 offset $3"#,
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
                  starts_on, ends_on, sign_up_until, state as "state: EventState", reason, version
           from trade_events.events where state = 'published' and ends_on >= $1 order by starts_on, id limit $2"#,
        today,
        limit,
    )
    .fetch_all(db)
    .await
}

/// `false`: an officer has decided.
pub(super) async fn put_sign_up(
    db: &mut PgConnection,
    cx: &Cx,
    (event, seller): (Uuid, SellerId),
    by: Uuid,
    shows: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into trade_events.sign_ups as s (event_id, seller_id, shows, state, asked_by, asked_at)
         values ($1, $2, $3, 'waiting', $4, $5)
         on conflict (event_id, seller_id) do update set shows = $3, state = 'waiting', asked_by = $4, asked_at = $5
         where s.state in ('waiting', 'withdrawn')",
        event,
        seller.0,
        shows,
        by,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn withdraw(
    db: &mut PgConnection,
    cx: &Cx,
    event: Uuid,
    seller: SellerId,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update trade_events.sign_ups set state = 'withdrawn', asked_at = $3
         where event_id = $1 and seller_id = $2 and state in ('waiting', 'accepted')",
        event,
        seller.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn decide(
    db: &mut PgConnection,
    cx: &Cx,
    (event, seller): (Uuid, SellerId),
    by: Uuid,
    to: SignUpState,
    reason: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update trade_events.sign_ups set state = $3, reason = $4, decided_by = $5, decided_at = $6
         where event_id = $1 and seller_id = $2 and state = 'waiting'",
        event,
        seller.0,
        to.code(),
        reason,
        by,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn sign_up_state(
    db: impl PgExecutor<'_>,
    event: Uuid,
    seller: SellerId,
) -> sqlx::Result<Option<SignUpState>> {
    sqlx::query_scalar!(
        r#"select state as "state: SignUpState" from trade_events.sign_ups where event_id = $1 and seller_id = $2"#,
        event,
        seller.0,
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn is_member(
    db: impl PgExecutor<'_>,
    seller: SellerId,
    person: PersonId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from enterprises.members_report where seller_id = $1 and person_id = $2) as "is!""#,
        seller.0,
        person.0,
    )
    .fetch_one(db)
    .await
}

/// A shop at an event.
#[derive(Debug, Clone)]
pub(super) struct Taking {
    pub seller: SellerId,
    pub shop: String,
    pub shop_slug: String,
    pub commune: String,
    pub shows: String,
    pub state: SignUpState,
    pub reason: String,
}

/// The shops of an event by name: all of them, or only who takes part and sells.
pub(super) async fn taking_part(
    db: impl PgExecutor<'_>,
    event: Uuid,
    all: bool,
) -> sqlx::Result<Vec<Taking>> {
    sqlx::query_as!(
        Taking,
        r#"select u.seller_id as "seller: SellerId", s.shop_name as "shop!", s.slug as "shop_slug!",
                  s.commune_code as "commune!", u.shows, u.state as "state: SignUpState", u.reason
           from trade_events.sign_ups u join enterprises.sellers_report s on s.seller_id = u.seller_id
           where u.event_id = $1 and ($2 or (u.state = 'accepted' and s.state = 'approved'))
           order by array_position(array['waiting', 'accepted', 'refused', 'withdrawn'], u.state), s.shop_name limit 1000"#,
        event,
        all,
    )
    .fetch_all(db)
    .await
}

/// How a shop stands at the events it knows of.
pub(super) async fn sign_ups_of(
    db: impl PgExecutor<'_>,
    seller: SellerId,
) -> sqlx::Result<Vec<(Uuid, SignUpState)>> {
    let rows = sqlx::query!(
        r#"select event_id, state as "state: SignUpState" from trade_events.sign_ups
           where seller_id = $1 order by asked_at desc limit 500"#,
        seller.0,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.event_id, row.state)).collect())
}

/// What a shop signed up with, and why it was refused.
pub(super) async fn own_sign_up(
    db: impl PgExecutor<'_>,
    event: Uuid,
    seller: SellerId,
) -> sqlx::Result<Option<(SignUpState, String, String)>> {
    let row = sqlx::query!(
        r#"select state as "state: SignUpState", shows, reason from trade_events.sign_ups
           where event_id = $1 and seller_id = $2"#,
        event,
        seller.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.state, row.shows, row.reason)))
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
