//! SQL of the shops at an event.

use super::model::SignUpState;
use crate::kernel::{Cx, PersonId, SellerId};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

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
