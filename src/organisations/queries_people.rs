//! SQL of members and invitations.

use super::{invitations::Invitation, members::Member, model::OrgRole};
use crate::kernel::{Cx, OrgId, PersonId};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

fn codes(roles: &[OrgRole]) -> Vec<String> {
    roles.iter().map(|role| role.code().to_owned()).collect()
}

/// All members, the oldest first.
pub(super) async fn members(db: &mut PgConnection, org: OrgId) -> sqlx::Result<Vec<Member>> {
    let rows = sqlx::query!(
        r#"select person_id as "person: PersonId", roles, added_at from organisations.members
           where org_id = $1 order by added_at, person_id"#,
        org.0,
    )
    .fetch_all(db)
    .await?;
    let member = |row: (PersonId, Vec<String>, DateTime<Utc>)| Member {
        person: row.0,
        roles: OrgRole::all_of(&row.1),
        added_at: row.2,
    };
    Ok(rows.into_iter().map(|row| member((row.person, row.roles, row.added_at))).collect())
}

/// Gives a member these roles; `false` when he is none.
pub(super) async fn set_roles(
    db: &mut PgConnection,
    org: OrgId,
    person: PersonId,
    roles: &[OrgRole],
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update organisations.members set roles = $3 where org_id = $1 and person_id = $2",
        org.0,
        person.0,
        &codes(roles),
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn remove(
    db: &mut PgConnection,
    org: OrgId,
    person: PersonId,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from organisations.members where org_id = $1 and person_id = $2",
        org.0,
        person.0,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn insert_invitation(
    db: &mut PgConnection,
    cx: &Cx,
    invitation: &Invitation,
    token_hash: &[u8],
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into organisations.invitations
            (id, org_id, email, roles, token_hash, invited_by, made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        cx.new_id(),
        invitation.org.0,
        invitation.email,
        &codes(&invitation.roles),
        token_hash,
        invitation.invited_by.0,
        cx.now,
        invitation.expires_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

struct Row {
    org: OrgId,
    name: String,
    email: String,
    roles: Vec<String>,
    invited_by: PersonId,
    expires_at: DateTime<Utc>,
}

impl From<Row> for Invitation {
    fn from(row: Row) -> Self {
        Self {
            org: row.org,
            name: row.name,
            email: row.email,
            roles: OrgRole::all_of(&row.roles),
            invited_by: row.invited_by,
            expires_at: row.expires_at,
        }
    }
}

/// What a link promises, while it holds and who invited is still an administrator.
pub(super) async fn invitation(
    db: &mut PgConnection,
    cx: &Cx,
    token_hash: &[u8],
) -> sqlx::Result<Option<Invitation>> {
    let row = sqlx::query_as!(
        Row,
        r#"select i.org_id as "org: OrgId", o.name, i.email, i.roles, i.invited_by as "invited_by: PersonId",
                  i.expires_at
           from organisations.invitations i join organisations.organisations o on o.id = i.org_id
           where i.token_hash = $1 and i.accepted_at is null and i.expires_at > $2
             and o.state in ('unverified', 'verified')
             and exists (select from organisations.members m
                         where m.org_id = i.org_id and m.person_id = i.invited_by
                           and 'administrator' = any (m.roles))"#,
        token_hash,
        cx.now,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Invitation::from))
}

/// Uses an invitation up; `false` when somebody was faster.
pub(super) async fn accept(
    db: &mut PgConnection,
    cx: &Cx,
    token_hash: &[u8],
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update organisations.invitations set accepted_at = $2
         where token_hash = $1 and accepted_at is null and expires_at > $2",
        token_hash,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes open invitations to an address back: their links hold no longer. How many there were.
pub(super) async fn withdraw(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    email: &str,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "update organisations.invitations set expires_at = $3
         where org_id = $1 and email = $2 and accepted_at is null and expires_at > $3",
        org.0,
        email,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// Those that nobody has accepted yet.
pub(super) async fn open_invitations(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
) -> sqlx::Result<Vec<Invitation>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select i.org_id as "org: OrgId", o.name, i.email, i.roles, i.invited_by as "invited_by: PersonId",
                  i.expires_at
           from organisations.invitations i join organisations.organisations o on o.id = i.org_id
           where i.org_id = $1 and i.accepted_at is null and i.expires_at > $2 order by i.made_at limit 200"#,
        org.0,
        cx.now,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Invitation::from).collect())
}
