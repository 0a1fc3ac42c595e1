//! SQL of what a person keeps here: addresses and consents.

use super::{Address, NewAddress};
use crate::kernel::PersonId;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

type Time = DateTime<Utc>;

/// Holds the person's row, so that two changes of his address book follow one another.
pub(super) async fn lock_person(db: &mut PgConnection, person: PersonId) -> sqlx::Result<()> {
    sqlx::query!("select id from accounts.people where id = $1 for no key update", person.0)
        .fetch_optional(db)
        .await?;
    Ok(())
}

pub(super) async fn addresses(
    db: &mut PgConnection,
    person: PersonId,
) -> sqlx::Result<Vec<Address>> {
    sqlx::query_as!(
        Address,
        "select id, recipient, phone, commune_code, line, is_default from accounts.addresses
         where person_id = $1 order by is_default desc, created_at, id",
        person.0,
    )
    .fetch_all(db)
    .await
}

pub(super) async fn insert_address(
    db: &mut PgConnection,
    id: Uuid,
    person: PersonId,
    new: &NewAddress,
    now: Time,
) -> sqlx::Result<Uuid> {
    sqlx::query!(
        "insert into accounts.addresses
             (id, person_id, recipient, phone, commune_code, line, is_default, created_at)
         values ($1, $2, $3, $4, $5, $6, false, $7)",
        id,
        person.0,
        new.recipient,
        new.phone,
        new.commune_code,
        new.line,
        now,
    )
    .execute(db)
    .await?;
    Ok(id)
}

pub(super) async fn update_address(
    db: &mut PgConnection,
    person: PersonId,
    id: Uuid,
    new: &NewAddress,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update accounts.addresses set recipient = $3, phone = $4, commune_code = $5, line = $6
         where person_id = $1 and id = $2",
        person.0,
        id,
        new.recipient,
        new.phone,
        new.commune_code,
        new.line,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes; says whether it was the default, or `None` when it is not there.
pub(super) async fn delete_address(
    db: &mut PgConnection,
    person: PersonId,
    id: Uuid,
) -> sqlx::Result<Option<bool>> {
    sqlx::query_scalar!(
        "delete from accounts.addresses where person_id = $1 and id = $2 returning is_default",
        person.0,
        id,
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn make_default(
    db: &mut PgConnection,
    person: PersonId,
    id: Uuid,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update accounts.addresses set is_default = (id = $2)
         where person_id = $1 and is_default <> (id = $2)",
        person.0,
        id,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn delete_addresses(db: &mut PgConnection, person: PersonId) -> sqlx::Result<()> {
    sqlx::query!("delete from accounts.addresses where person_id = $1", person.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Consents that somebody gives at once; the lists are of one length.
pub(super) struct NewConsents<'a> {
    pub(super) ids: Vec<Uuid>,
    pub(super) person: Option<PersonId>,
    pub(super) contact: Option<&'a str>,
    pub(super) purposes: Vec<String>,
    pub(super) policy_version: &'a str,
    pub(super) policy_hashes: Vec<Vec<u8>>,
    pub(super) channel: &'a str,
}

pub(super) async fn insert_consents(
    db: &mut PgConnection,
    new: &NewConsents<'_>,
    now: Time,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into accounts.consents
             (id, person_id, contact, purpose, policy_version, policy_hash, channel, given_at)
         select id, $2, $3, purpose, $5, policy_hash, $7, $8
         from unnest($1::uuid[], $4::text[], $6::bytea[]) as t (id, purpose, policy_hash)",
        &new.ids,
        new.person.map(|p| p.0),
        new.contact,
        &new.purposes,
        new.policy_version,
        &new.policy_hashes,
        new.channel,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A consent on record.
pub(super) struct Consent {
    pub(super) purpose: String,
    pub(super) policy_version: String,
    pub(super) given_at: Time,
    pub(super) withdrawn_at: Option<Time>,
}

pub(super) async fn consents(
    db: &mut PgConnection,
    person: PersonId,
) -> sqlx::Result<Vec<Consent>> {
    sqlx::query_as!(
        Consent,
        "select purpose, policy_version, given_at, withdrawn_at from accounts.consents
         where person_id = $1 order by given_at desc, id desc limit 100",
        person.0,
    )
    .fetch_all(db)
    .await
}

pub(super) async fn withdraw(
    db: &mut PgConnection,
    person: PersonId,
    purpose: &str,
    now: Time,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update accounts.consents set withdrawn_at = $3
         where person_id = $1 and purpose = $2 and withdrawn_at is null",
        person.0,
        purpose,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn withdraw_all(
    db: &mut PgConnection,
    person: PersonId,
    now: Time,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update accounts.consents set withdrawn_at = $2
         where person_id = $1 and withdrawn_at is null",
        person.0,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Another number to sign in with; the index `people_phone` refuses one that is taken.
pub(super) async fn set_phone(
    db: &mut PgConnection,
    person: PersonId,
    phone: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update accounts.people set phone = $2, phone_asked = null
         where id = $1 and closed_at is null",
        person.0,
        phone,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A number to be called under alone. The one before ends as it does in [`set_phone`], unless it is the only way in.
pub(super) async fn ask_phone(
    db: &mut PgConnection,
    person: PersonId,
    phone: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update accounts.people set phone_asked = $2,
             phone = case when email_confirmed_at is null then phone end
         where id = $1 and closed_at is null",
        person.0,
        phone,
    )
    .execute(db)
    .await?;
    Ok(())
}
