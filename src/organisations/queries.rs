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
