//! SQL of meetings.

use super::{
    meet::{Answer, Wish},
    model::{MeetingState, Outcome, Party},
};
use crate::kernel::{Cx, PersonId, Phone, SellerId};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

/// Whose meeting it is said to be.
#[derive(Debug, Clone, Copy)]
pub enum Side {
    Buyer(PersonId),
    Seller(SellerId),
}

impl Side {
    pub(super) const fn party(self) -> Party {
        match self {
            Self::Buyer(_) => Party::Buyer,
            Self::Seller(_) => Party::Seller,
        }
    }

    const fn keys(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Buyer(person) => (Some(person.0), None),
            Self::Seller(seller) => (None, Some(seller.0)),
        }
    }
}

/// A meeting as it stands.
#[derive(Debug, Clone)]
pub(super) struct Meeting {
    pub id: Uuid,
    pub event_slug: String,
    pub event_title: String,
    pub seller: SellerId,
    pub shop: String,
    pub shop_slug: String,
    pub person: PersonId,
    pub firm: String,
    pub name: String,
    /// E.164.
    pub phone: String,
    pub email: String,
    pub subject: String,
    pub wished: String,
    pub state: MeetingState,
    pub at: Option<DateTime<Utc>>,
    pub place: String,
    pub answer: String,
    pub result: Option<Outcome>,
    pub note: String,
    pub version: i32,
}

impl Meeting {
    /// As people here write it.
    pub(super) fn phone_shown(&self) -> String {
        Phone::local(&self.phone)
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, MeetingState::Asked | MeetingState::Agreed)
    }
}

/// `false`: there is a living one already.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    wish: &Wish,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into trade_events.meetings (id, event_id, seller_id, person_id, org_id, firm, name, phone, email,
             subject, wished, state, made_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'asked', $12, $12)
         on conflict (event_id, seller_id, person_id) where state in ('asked', 'agreed') do nothing",
        id,
        wish.event,
        wish.seller.0,
        wish.person.0,
        wish.org.as_ref().map(|(org, _)| org.0),
        wish.org.as_ref().map_or("", |(_, name)| name.as_str()),
        wish.name,
        wish.phone,
        wish.email,
        wish.subject,
        wish.wished,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// One of this side's meetings.
pub(super) async fn find(
    db: impl PgExecutor<'_>,
    id: Uuid,
    side: Side,
) -> sqlx::Result<Option<Meeting>> {
    Ok(list(db, Some(id), None, side).await?.pop())
}

/// This side's meetings, open ones first; of one event, or of all.
pub(super) async fn of(
    db: impl PgExecutor<'_>,
    event: Option<Uuid>,
    side: Side,
) -> sqlx::Result<Vec<Meeting>> {
    list(db, None, event, side).await
}

async fn list(
    db: impl PgExecutor<'_>,
    id: Option<Uuid>,
    event: Option<Uuid>,
    side: Side,
) -> sqlx::Result<Vec<Meeting>> {
    let (person, seller) = side.keys();
    sqlx::query_as!(
        Meeting,
        r#"select m.id, e.slug as event_slug, e.title as event_title,
                  m.seller_id as "seller: SellerId", s.shop_name as "shop!", s.slug as "shop_slug!",
                  m.person_id as "person: PersonId", m.firm, m.name, m.phone, m.email, m.subject, m.wished,
                  m.state as "state: MeetingState", m.at, m.place, m.answer, m.result as "result: Outcome", m.note,
                  m.version
           from trade_events.meetings m
           join trade_events.events e on e.id = m.event_id
           join enterprises.sellers_report s on s.seller_id = m.seller_id
           where ($1::uuid is null or m.id = $1) and ($2::uuid is null or m.event_id = $2)
             and ($3::uuid is null or m.person_id = $3) and ($4::uuid is null or m.seller_id = $4)
           order by m.state not in ('asked', 'agreed'), m.at nulls first, m.made_at desc limit 500"#,
        id,
        event,
        person,
        seller,
    )
    .fetch_all(db)
    .await
}

/// Takes a meeting on from where it was seen; `false`: it is no longer there.
pub(super) async fn step(
    db: &mut PgConnection,
    cx: &Cx,
    meeting: &Meeting,
    to: MeetingState,
    answer: &Answer,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update trade_events.meetings
         set state = $4, at = coalesce($5, at), place = case when $5::timestamptz is null then place else $6 end,
             answer = $7, result = $8, note = $9, updated_at = $10, version = version + 1
         where id = $1 and state = $2 and version = $3",
        meeting.id,
        meeting.state.code(),
        meeting.version,
        to.code(),
        answer.at,
        answer.place,
        answer.why,
        answer.result.map(Outcome::code),
        answer.note,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
