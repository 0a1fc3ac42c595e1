//! SQL of organisations and their members.

use super::model::{Membership, NewOrganisation, OrgRole, OrgState, Organisation};
use crate::kernel::{Cx, OrgId, PersonId};
use sqlx::PgConnection;

/// `false` when a verified organisation has the tax code.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    id: OrgId,
    new: &NewOrganisation,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into organisations.organisations
            (id, tax_code, name, address, commune_code, email, state, created_at, updated_at)
         select $1, $2, $3, $4, $5, $6, 'unverified', $7, $7
         where not exists (select from organisations.organisations where tax_code = $2 and state = 'verified')",
        id.0,
        new.tax_code,
        new.name,
        new.address,
        new.commune_code,
        new.email,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn put_member(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    person: PersonId,
    roles: &[OrgRole],
) -> sqlx::Result<()> {
    let roles: Vec<String> = roles.iter().map(|role| role.code().to_owned()).collect();
    sqlx::query!(
        "insert into organisations.members (org_id, person_id, roles, added_at) values ($1, $2, $3, $4)
         on conflict (org_id, person_id) do update set roles = excluded.roles",
        org.0,
        person.0,
        &roles,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

struct Member {
    org: OrgId,
    name: String,
    tax_code: String,
    state: OrgState,
    roles: Vec<String>,
}

/// The living ones, oldest membership first.
pub(super) async fn memberships(
    db: &mut PgConnection,
    person: PersonId,
) -> sqlx::Result<Vec<Membership>> {
    let rows = sqlx::query_as!(
        Member,
        r#"select m.org_id as "org: OrgId", o.name, o.tax_code, o.state as "state: OrgState", m.roles
           from organisations.members m join organisations.organisations o on o.id = m.org_id
           where m.person_id = $1 and o.state in ('unverified', 'verified')
           order by m.added_at, m.org_id"#,
        person.0,
    )
    .fetch_all(db)
    .await?;
    let membership = |row: Member| Membership {
        org: row.org,
        name: row.name,
        tax_code: row.tax_code,
        state: row.state,
        roles: row.roles.iter().filter_map(|code| OrgRole::of(code)).collect(),
    };
    Ok(rows.into_iter().map(membership).collect())
}

pub(super) async fn organisation(
    db: &mut PgConnection,
    org: OrgId,
) -> sqlx::Result<Option<Organisation>> {
    sqlx::query_as!(
        Organisation,
        r#"select id as "id: OrgId", tax_code, name, address, commune_code, email, state as "state: OrgState"
           from organisations.organisations where id = $1"#,
        org.0,
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn members_with(
    db: &mut PgConnection,
    org: OrgId,
    role: OrgRole,
) -> sqlx::Result<Vec<PersonId>> {
    sqlx::query_scalar!(
        r#"select person_id as "person: PersonId" from organisations.members
           where org_id = $1 and $2 = any(roles) order by added_at, person_id"#,
        org.0,
        role.code(),
    )
    .fetch_all(db)
    .await
}

/// Keeps an organisation still until the transaction ends; its state.
pub(super) async fn lock(db: &mut PgConnection, org: OrgId) -> sqlx::Result<Option<OrgState>> {
    sqlx::query_scalar!(
        r#"select state as "state: OrgState" from organisations.organisations where id = $1 for update"#,
        org.0,
    )
    .fetch_optional(db)
    .await
}

/// The facts that members keep. The name of a verified one stays as it was seen.
pub(super) async fn update(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    (name, address, commune, email): (&str, &str, &str, &str),
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update organisations.organisations
         set name = case state when 'unverified' then $2 else name end,
             address = $3, commune_code = $4, email = $5, version = version + 1, updated_at = $6
         where id = $1 and state in ('unverified', 'verified')",
        org.0,
        name,
        address,
        commune,
        email,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Unverified → verified or refused; `false` when it is not unverified any more.
pub(super) async fn decide(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    to: OrgState,
    note: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update organisations.organisations
         set state = $2, decided_at = $3, decision_note = $4, version = version + 1, updated_at = $3
         where id = $1 and state = 'unverified'",
        org.0,
        to as OrgState,
        cx.now,
        note,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Those of one tax code that are alive, the verified one first, then the oldest.
pub(super) async fn of_tax_code(
    db: &mut PgConnection,
    tax_code: &str,
) -> sqlx::Result<Vec<Organisation>> {
    sqlx::query_as!(
        Organisation,
        r#"select id as "id: OrgId", tax_code, name, address, commune_code, email, state as "state: OrgState"
           from organisations.organisations
           where tax_code = $1 and state in ('unverified', 'verified')
           order by state = 'verified' desc, created_at, id"#,
        tax_code,
    )
    .fetch_all(db)
    .await
}

/// One that is verified from the beginning; `false` when it is there.
pub(super) async fn insert_verified(
    db: &mut PgConnection,
    cx: &Cx,
    id: OrgId,
    new: &NewOrganisation,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into organisations.organisations
            (id, tax_code, name, address, commune_code, email, state, created_at, updated_at, decided_at)
         values ($1, $2, $3, $4, $5, $6, 'verified', $7, $7, $7) on conflict do nothing",
        id.0,
        new.tax_code,
        new.name,
        new.address,
        new.commune_code,
        new.email,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// One line of the officers' list.
pub(super) struct Listed {
    pub(super) id: OrgId,
    pub(super) tax_code: String,
    pub(super) name: String,
    pub(super) commune_code: String,
    pub(super) created_at: chrono::DateTime<chrono::Utc>,
}

/// Those in a state, the oldest first, from after `after` on.
pub(super) async fn in_state(
    db: &mut PgConnection,
    state: OrgState,
    after: Option<(chrono::DateTime<chrono::Utc>, uuid::Uuid)>,
    most: i64,
) -> sqlx::Result<Vec<Listed>> {
    let (at, id) = after.unzip();
    sqlx::query_as!(
        Listed,
        r#"select id as "id: OrgId", tax_code, name, commune_code, created_at
           from organisations.organisations
           where state = $1 and ($2::timestamptz is null or (created_at, id) > ($2, $3))
           order by created_at, id limit $4"#,
        state as OrgState,
        at,
        id,
        most,
    )
    .fetch_all(db)
    .await
}

/// What an officer said when he decided.
pub(super) async fn decision(db: &mut PgConnection, org: OrgId) -> sqlx::Result<String> {
    let note = sqlx::query_scalar!(
        "select decision_note from organisations.organisations where id = $1",
        org.0
    );
    Ok(note.fetch_optional(db).await?.unwrap_or_default())
}
