//! SQL of sessions, one-time links, failed attempts and recovery codes.

use crate::kernel::PersonId;
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

type Time = DateTime<Utc>;

/// A session with what every page needs to know of its person.
pub(super) struct Session {
    pub(super) id: Uuid,
    pub(super) person: PersonId,
    pub(super) acting_for: Option<Uuid>,
    pub(super) buying_for: Option<Uuid>,
    pub(super) second_factor_at: Option<Time>,
    pub(super) last_seen_at: Time,
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) has_second_factor: bool,
    pub(super) is_officer: bool,
    pub(super) is_operator: bool,
    pub(super) has_shop: bool,
    pub(super) unread: i64,
    pub(super) orgs: Json<Vec<(Uuid, String)>>,
}

pub(super) async fn session(
    db: &mut PgConnection,
    token_hash: &[u8],
    now: Time,
) -> sqlx::Result<Option<Session>> {
    sqlx::query_as!(
        Session,
        r#"select s.id, s.person_id as "person: PersonId", s.acting_for, s.buying_for, s.second_factor_at,
                  s.last_seen_at, p.name, p.email,
                  p.totp_confirmed_at is not null as "has_second_factor!",
                  exists (select from accounts.roles r
                          where r.person_id = p.id and r.role = 'officer') as "is_officer!",
                  exists (select from accounts.roles r
                          where r.person_id = p.id and r.role = 'operator') as "is_operator!",
                  exists (select from enterprises.members_report m
                          where m.person_id = p.id) as "has_shop!",
                  (select count(*) from (select from notices.unread_report u
                                         where u.person_id = p.id limit 100) few) as "unread!",
                  (select coalesce(jsonb_agg(jsonb_build_array(o.org_id, o.name) order by o.added_at, o.org_id), '[]')
                   from organisations.members_report o
                   where o.person_id = p.id) as "orgs!: Json<Vec<(Uuid, String)>>"
           from accounts.sessions s join accounts.people p on p.id = s.person_id
           where s.token_hash = $1 and s.expires_at > $2 and p.closed_at is null"#,
        token_hash,
        now,
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn touch(
    db: &mut PgConnection,
    token_hash: &[u8],
    now: Time,
    seen_before: Time,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update accounts.sessions set last_seen_at = $2 where token_hash = $1 and last_seen_at < $3",
        token_hash,
        now,
        seen_before,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A session to be opened.
pub(super) struct NewSession<'a> {
    pub(super) token_hash: Vec<u8>,
    pub(super) id: Uuid,
    pub(super) person: PersonId,
    pub(super) user_agent: &'a str,
    pub(super) address: String,
    pub(super) second_factor_at: Option<Time>,
    pub(super) expires_at: Time,
}

pub(super) async fn open(
    db: &mut PgConnection,
    new: &NewSession<'_>,
    now: Time,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into accounts.sessions (token_hash, id, person_id, user_agent, address,
                                        second_factor_at, created_at, last_seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
        new.token_hash,
        new.id,
        new.person.0,
        new.user_agent,
        new.address,
        new.second_factor_at,
        now,
        new.expires_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn close(db: &mut PgConnection, token_hash: &[u8]) -> sqlx::Result<()> {
    sqlx::query!("delete from accounts.sessions where token_hash = $1", token_hash)
        .execute(db)
        .await?;
    Ok(())
}

/// Closes one session of a person, by its name.
pub(super) async fn revoke(
    db: &mut PgConnection,
    person: PersonId,
    session: Uuid,
) -> sqlx::Result<bool> {
    let gone = sqlx::query!(
        "delete from accounts.sessions where person_id = $1 and id = $2",
        person.0,
        session,
    )
    .execute(db)
    .await?;
    Ok(gone.rows_affected() == 1)
}

/// Closes all sessions of a person but `kept`.
pub(super) async fn revoke_others(
    db: &mut PgConnection,
    person: PersonId,
    kept: Option<Uuid>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from accounts.sessions where person_id = $1 and id is distinct from $2",
        person.0,
        kept,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A session in the list of its person.
pub(super) struct Listed {
    pub(super) id: Uuid,
    pub(super) user_agent: String,
    pub(super) address: String,
    pub(super) created_at: Time,
    pub(super) last_seen_at: Time,
}

pub(super) async fn sessions_of(
    db: &mut PgConnection,
    person: PersonId,
    now: Time,
) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        "select id, user_agent, address, created_at, last_seen_at from accounts.sessions
         where person_id = $1 and expires_at > $2 order by last_seen_at desc limit 50",
        person.0,
        now,
    )
    .fetch_all(db)
    .await
}

/// A one-time link to be made.
pub(super) struct NewToken<'a> {
    pub(super) token_hash: Vec<u8>,
    pub(super) person: PersonId,
    pub(super) purpose: &'a str,
    pub(super) contact: &'a str,
    pub(super) expires_at: Time,
}

pub(super) async fn make_token(
    db: &mut PgConnection,
    new: &NewToken<'_>,
    now: Time,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into accounts.tokens (token_hash, person_id, purpose, contact, made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        new.token_hash,
        new.person.0,
        new.purpose,
        new.contact,
        now,
        new.expires_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// How many links of a kind a person was sent since a moment.
pub(super) async fn tokens_since(
    db: &mut PgConnection,
    person: PersonId,
    purpose: &str,
    since: Time,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from accounts.tokens
           where person_id = $1 and purpose = $2 and made_at > $3"#,
        person.0,
        purpose,
        since,
    )
    .fetch_one(db)
    .await
}

/// Whose link it is.
pub(super) struct Token {
    pub(super) person: PersonId,
    pub(super) contact: String,
}

pub(super) async fn token(
    db: &mut PgConnection,
    token_hash: &[u8],
    purpose: &str,
    now: Time,
) -> sqlx::Result<Option<Token>> {
    sqlx::query_as!(
        Token,
        r#"select t.person_id as "person: PersonId", t.contact
           from accounts.tokens t join accounts.people p on p.id = t.person_id
           where t.token_hash = $1 and t.purpose = $2 and t.used_at is null and t.expires_at > $3
             and p.closed_at is null"#,
        token_hash,
        purpose,
        now,
    )
    .fetch_optional(db)
    .await
}

/// Uses a link up; of two who try at once, one gets it.
pub(super) async fn use_token(
    db: &mut PgConnection,
    token_hash: &[u8],
    purpose: &str,
    now: Time,
) -> sqlx::Result<Option<Token>> {
    sqlx::query_as!(
        Token,
        r#"update accounts.tokens set used_at = $3
           where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3
           returning person_id as "person: PersonId", contact"#,
        token_hash,
        purpose,
        now,
    )
    .fetch_optional(db)
    .await
}

/// Makes the other links of that kind worthless.
pub(super) async fn void_tokens(
    db: &mut PgConnection,
    person: PersonId,
    purpose: &str,
    now: Time,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update accounts.tokens set used_at = $3
         where person_id = $1 and purpose = $2 and used_at is null",
        person.0,
        purpose,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Notes an attempt on `subject` unless there were `limit` of them since; `None`: there were.
///
/// The subject is locked until the transaction ends, so attempts at once are counted one by one.
pub(super) async fn note_attempt(
    db: &mut PgConnection,
    subject: &str,
    limit: i64,
    since: Time,
    now: Time,
) -> sqlx::Result<Option<i64>> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 4401))", subject)
        .execute(&mut *db)
        .await?;
    sqlx::query_scalar!(
        "insert into accounts.sign_in_failures (subject, at)
         select $1, $4 where (select count(*) from accounts.sign_in_failures
                              where subject = $1 and at > $3) < $2
         returning id",
        subject,
        limit,
        since,
        now,
    )
    .fetch_optional(db)
    .await
}

/// Forgets single attempts, and all of `subject`.
pub(super) async fn forget_attempts(
    db: &mut PgConnection,
    ids: &[i64],
    subject: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from accounts.sign_in_failures where id = any($1) or subject = $2",
        ids,
        subject,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Deletes what has no meaning any more.
pub(super) async fn tidy(db: &mut PgConnection, now: Time, day_ago: Time) -> sqlx::Result<()> {
    sqlx::query!("delete from accounts.sessions where expires_at < $1", now)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from accounts.tokens where expires_at < $1", day_ago)
        .execute(&mut *db)
        .await?;
    sqlx::query!("delete from accounts.sign_in_failures where at < $1", day_ago)
        .execute(db)
        .await?;
    Ok(())
}
