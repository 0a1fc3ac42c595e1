//! SQL of members and invitations.

use super::{
    members::{Invitation, Member},
    model::{Role, State},
    scope::Membership,
};
use crate::kernel::{Cx, PersonId, SellerId};
use sqlx::PgConnection;
use uuid::Uuid;

/// The living shops of a person, oldest membership first; closed and refused ones come last.
pub(super) async fn memberships(
    db: &mut PgConnection,
    person: PersonId,
) -> sqlx::Result<Vec<Membership>> {
    sqlx::query_as!(
        Membership,
        r#"select m.seller_id as "seller: SellerId", m.role as "role: Role", s.state as "state: State", s.shop_name
           from enterprises.members m join enterprises.sellers s on s.id = m.seller_id
           where m.person_id = $1
           order by s.state in ('refused', 'closed'), m.added_at, m.seller_id"#,
        person.0
    )
    .fetch_all(db)
    .await
}

pub(super) async fn role(
    db: &mut PgConnection,
    seller: SellerId,
    person: PersonId,
) -> sqlx::Result<Option<Role>> {
    sqlx::query_scalar!(
        r#"select role as "role: Role" from enterprises.members where seller_id = $1 and person_id = $2"#,
        seller.0,
        person.0
    )
    .fetch_optional(db)
    .await
}

/// Adds a member; an owner does not become staff by this.
pub(super) async fn insert(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    person: PersonId,
    role: Role,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into enterprises.members (seller_id, person_id, role, added_at) values ($1, $2, $3, $4)
         on conflict (seller_id, person_id) do update set role = excluded.role
         where enterprises.members.role = 'staff'",
        seller.0,
        person.0,
        role as Role,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn delete(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    person: PersonId,
) -> sqlx::Result<bool> {
    let gone = sqlx::query!(
        "with gone as (
             delete from enterprises.members where seller_id = $1 and person_id = $2 returning *)
         insert into enterprises.past_members (seller_id, person_id, added_at, removed_at)
         select seller_id, person_id, added_at, $3 from gone
         on conflict (seller_id, person_id, added_at) do update set removed_at = excluded.removed_at",
        seller.0,
        person.0,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(gone.rows_affected() == 1)
}

pub(super) async fn members(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Member>> {
    sqlx::query_as!(
        Member,
        r#"select person_id as "person: PersonId", role as "role: Role", added_at from enterprises.members
           where seller_id = $1 order by role, added_at"#,
        seller.0
    )
    .fetch_all(db)
    .await
}

pub(super) async fn owners(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<PersonId>> {
    sqlx::query_scalar!(
        r#"select person_id as "person: PersonId" from enterprises.members
           where seller_id = $1 and role = 'owner' order by added_at"#,
        seller.0
    )
    .fetch_all(db)
    .await
}

pub(super) async fn insert_invitation(
    db: &mut PgConnection,
    cx: &Cx,
    id: Uuid,
    invitation: &Invitation,
    token_hash: &[u8],
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into enterprises.invitations (id, seller_id, email, role, token_hash, invited_by, made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        invitation.seller.0,
        invitation.email,
        invitation.role as Role,
        token_hash,
        invitation.invited_by.0,
        cx.now,
        invitation.expires_at,
    )
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn invitation(
    db: &mut PgConnection,
    cx: &Cx,
    token_hash: &[u8],
) -> sqlx::Result<Option<Invitation>> {
    sqlx::query_as!(
        Invitation,
        r#"select i.seller_id as "seller: SellerId", s.shop_name, i.email, i.role as "role: Role",
            i.invited_by as "invited_by: PersonId", i.expires_at
           from enterprises.invitations i join enterprises.sellers s on s.id = i.seller_id
           where i.token_hash = $1 and i.accepted_at is null and i.expires_at > $2
             and s.state not in ('refused', 'closed')"#,
        token_hash,
        cx.now
    )
    .fetch_optional(db)
    .await
}

/// Uses the invitation up; `false` when somebody was faster.
pub(super) async fn accept(
    db: &mut PgConnection,
    cx: &Cx,
    token_hash: &[u8],
) -> sqlx::Result<bool> {
    let used = sqlx::query!(
        "update enterprises.invitations set accepted_at = $2
         where token_hash = $1 and accepted_at is null and expires_at > $2",
        token_hash,
        cx.now
    )
    .execute(db)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Invitations that still hold: (e-mail, role, last day).
pub(super) async fn open_invitations(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
) -> sqlx::Result<Vec<Invitation>> {
    sqlx::query_as!(
        Invitation,
        r#"select i.seller_id as "seller: SellerId", s.shop_name, i.email, i.role as "role: Role",
            i.invited_by as "invited_by: PersonId", i.expires_at
           from enterprises.invitations i join enterprises.sellers s on s.id = i.seller_id
           where i.seller_id = $1 and i.accepted_at is null and i.expires_at > $2 order by i.made_at"#,
        seller.0,
        cx.now
    )
    .fetch_all(db)
    .await
}
