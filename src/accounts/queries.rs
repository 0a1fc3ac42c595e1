//! SQL of people, their roles and their second factor.

use super::{NewPerson, Person, Role, RoleHolder};
use crate::kernel::{Lang, PersonId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

type Time = DateTime<Utc>;

/// A person as signing in and the account's pages need him.
pub(super) struct Row {
    pub(super) id: PersonId,
    pub(super) name: String,
    pub(super) email: Option<String>,
    /// He signs in with it.
    pub(super) phone: Option<String>,
    /// He gave it, and it is another account's: he is called under it.
    pub(super) phone_asked: Option<String>,
    pub(super) lang: String,
    pub(super) password_hash: Option<String>,
    pub(super) email_confirmed_at: Option<Time>,
    pub(super) totp_secret: Option<String>,
    pub(super) totp_confirmed_at: Option<Time>,
}

impl Row {
    /// The number that the person gave last.
    pub(super) fn called(&self) -> Option<&str> {
        self.phone_asked.as_deref().or(self.phone.as_deref())
    }
}

impl From<Row> for Person {
    fn from(row: Row) -> Self {
        let lang = Lang::of(&row.lang);
        let email_confirmed = row.email_confirmed_at.is_some();
        let phone = row.called().map(str::to_owned);
        let Row { id, name, email, .. } = row;
        Self { id, name, email, phone, lang, email_confirmed }
    }
}

/// Adds a person; `None`: the address or number is taken.
pub(super) async fn insert(
    db: &mut PgConnection,
    id: PersonId,
    new: &NewPerson,
    now: Time,
) -> sqlx::Result<Option<PersonId>> {
    sqlx::query_scalar!(
        r#"insert into accounts.people
               (id, email, phone, name, password_hash, lang, email_confirmed_at, created_at)
           values ($1, $2, $3, $4, $5, $6, case when $7 then $8::timestamptz end, $8)
           on conflict do nothing returning id as "id: PersonId""#,
        id.0,
        new.email,
        new.phone,
        new.name,
        new.password_hash,
        new.lang.code(),
        new.email_confirmed,
        now,
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn person(db: &mut PgConnection, id: PersonId) -> sqlx::Result<Option<Row>> {
    sqlx::query_as!(
        Row,
        r#"select id as "id: PersonId", name, email, phone, phone_asked, lang, password_hash,
                  email_confirmed_at, totp_secret, totp_confirmed_at
           from accounts.people where id = $1 and closed_at is null"#,
        id.0,
    )
    .fetch_optional(db)
    .await
}

/// Several people; whose account is closed is not among them.
pub(super) async fn people(db: &mut PgConnection, ids: &[PersonId]) -> sqlx::Result<Vec<Row>> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        Row,
        r#"select id as "id: PersonId", name, email, phone, phone_asked, lang, password_hash,
                  email_confirmed_at, totp_secret, totp_confirmed_at
           from accounts.people where id = any($1) and closed_at is null"#,
        &ids,
    )
    .fetch_all(db)
    .await
}

/// By e-mail address or phone number.
pub(super) async fn by_contact(db: &mut PgConnection, contact: &str) -> sqlx::Result<Option<Row>> {
    sqlx::query_as!(
        Row,
        r#"select id as "id: PersonId", name, email, phone, phone_asked, lang, password_hash,
                  email_confirmed_at, totp_secret, totp_confirmed_at
           from accounts.people where (email = $1 or phone = $1) and closed_at is null"#,
        contact,
    )
    .fetch_optional(db)
    .await
}

/// A second sign-up on an address that nobody has proved yet takes the place of the first.
pub(super) async fn renew_unconfirmed(
    db: &mut PgConnection,
    id: PersonId,
    new: &NewPerson,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update accounts.people set name = $2, password_hash = $3, lang = $4
         where id = $1 and email_confirmed_at is null and phone is null and closed_at is null",
        id.0,
        new.name,
        new.password_hash,
        new.lang.code(),
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The address is proved; `false`: meanwhile it is somebody else's.
pub(super) async fn confirm_email(
    db: &mut PgConnection,
    id: PersonId,
    email: &str,
    now: Time,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update accounts.people set email = $2, email_confirmed_at = $3
         where id = $1 and closed_at is null
           and not exists (select from accounts.people o where o.email = $2 and o.id <> $1)",
        id.0,
        email,
        now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn set_password(
    db: &mut PgConnection,
    id: PersonId,
    hash: &str,
) -> sqlx::Result<()> {
    sqlx::query!("update accounts.people set password_hash = $2 where id = $1", id.0, hash)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn set_demo_password(
    db: &mut PgConnection,
    id: PersonId,
    password: &str,
) -> sqlx::Result<()> {
    sqlx::query!("update accounts.people set demo_password = $2 where id = $1", id.0, password)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn set_profile(
    db: &mut PgConnection,
    id: PersonId,
    name: &str,
    lang: Lang,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update accounts.people set name = $2, lang = $3 where id = $1",
        id.0,
        name,
        lang.code(),
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn grant(
    db: &mut PgConnection,
    id: PersonId,
    role: Role,
    now: Time,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into accounts.roles (person_id, role, granted_at) values ($1, $2, $3)
         on conflict do nothing",
        id.0,
        role.as_str(),
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn holders(db: &mut PgConnection) -> sqlx::Result<Vec<RoleHolder>> {
    sqlx::query_as!(
        RoleHolder,
        r#"select p.id as "id: PersonId", r.role, p.name, p.email,
                  p.totp_confirmed_at is not null as "second_factor!"
           from accounts.roles r join accounts.people p on p.id = r.person_id
           where p.closed_at is null order by r.role, p.name"#
    )
    .fetch_all(db)
    .await
}

pub(super) async fn set_totp(
    db: &mut PgConnection,
    id: PersonId,
    secret: &str,
    step: i64,
    now: Time,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update accounts.people set totp_secret = $2, totp_confirmed_at = $4, totp_last_step = $3
         where id = $1 and totp_confirmed_at is null and closed_at is null",
        id.0,
        secret,
        step,
        now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn clear_totp(db: &mut PgConnection, id: PersonId) -> sqlx::Result<()> {
    sqlx::query!("delete from accounts.recovery_codes where person_id = $1", id.0)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "update accounts.people set totp_secret = null, totp_confirmed_at = null where id = $1",
        id.0,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Uses a code's time step up; `false`: it, or a later one, was used before.
pub(super) async fn use_step(db: &mut PgConnection, id: PersonId, step: i64) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update accounts.people set totp_last_step = $2
         where id = $1 and totp_confirmed_at is not null and totp_last_step < $2",
        id.0,
        step,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Replaces the recovery codes.
pub(super) async fn put_recovery_codes(
    db: &mut PgConnection,
    id: PersonId,
    hashes: &[Vec<u8>],
    now: Time,
) -> sqlx::Result<()> {
    sqlx::query!("delete from accounts.recovery_codes where person_id = $1", id.0)
        .execute(&mut *db)
        .await?;
    sqlx::query!(
        "insert into accounts.recovery_codes (person_id, code_hash, made_at)
         select $1, hash, $3 from unnest($2::bytea[]) as hash",
        id.0,
        hashes,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn use_recovery_code(
    db: &mut PgConnection,
    id: PersonId,
    hash: &[u8],
    now: Time,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update accounts.recovery_codes set used_at = $3
         where person_id = $1 and code_hash = $2 and used_at is null",
        id.0,
        hash,
        now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn recovery_codes_left(db: &mut PgConnection, id: PersonId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from accounts.recovery_codes
           where person_id = $1 and used_at is null"#,
        id.0,
    )
    .fetch_one(db)
    .await
}

pub(super) async fn owns_shop(db: &mut PgConnection, id: PersonId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from enterprises.members_report
                          where person_id = $1 and role = 'owner'
                            and state not in ('refused', 'closed')) as "yes!""#,
        id.0,
    )
    .fetch_one(db)
    .await
}

/// Whether a firm that has other members has no other administrator whose account is open.
pub(super) async fn keeps_firm(db: &mut PgConnection, id: PersonId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from organisations.members_report m
               where m.person_id = $1 and 'administrator' = any (m.roles)
                 and exists (select from organisations.members_report o
                             join accounts.people p on p.id = o.person_id and p.closed_at is null
                             where o.org_id = m.org_id and o.person_id <> $1)
                 and not exists (select from organisations.members_report o
                                 join accounts.people p on p.id = o.person_id and p.closed_at is null
                                 where o.org_id = m.org_id and o.person_id <> $1
                                   and 'administrator' = any (o.roles))) as "yes!""#,
        id.0,
    )
    .fetch_one(db)
    .await
}

/// Takes the person out of the account; the id stays, because orders and the audit chain name it.
pub(super) async fn anonymise(db: &mut PgConnection, id: PersonId, now: Time) -> sqlx::Result<()> {
    sqlx::query!("delete from accounts.roles where person_id = $1", id.0).execute(&mut *db).await?;
    sqlx::query!(
        "update accounts.people
         set name = 'Tài khoản đã đóng', email = null, phone = null, phone_asked = null, password_hash = null,
             demo_password = null, email_confirmed_at = null, totp_secret = null,
             totp_confirmed_at = null, closed_at = $2
         where id = $1 and closed_at is null",
        id.0,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}
