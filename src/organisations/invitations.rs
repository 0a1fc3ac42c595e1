//! Inviting colleagues by mail.

use super::{
    error::OrgError,
    model::{OrgRole, OrgState},
    open::add_member,
    queries, queries_people,
};
use crate::{
    accounts,
    kernel::{Cx, OrgId, PersonId},
    platform::audit,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

/// How long an invitation holds.
const HOLDS: TimeDelta = TimeDelta::days(7);
/// Members of one organisation.
const MOST: usize = 200;

/// Mails a day of an organisation that nobody has verified, and of a person for all such organisations of his.
const PER_DAY: i64 = 10;

/// An invitation that still holds.
#[derive(Debug, Clone)]
pub(super) struct Invitation {
    pub(super) org: OrgId,
    /// Of the organisation.
    pub(super) name: String,
    /// Lower case.
    pub(super) email: String,
    pub(super) roles: Vec<OrgRole>,
    pub(super) invited_by: PersonId,
    pub(super) expires_at: DateTime<Utc>,
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Invites an e-mail address. Answers the link's secret, which is kept nowhere, and the invitation.
///
/// # Errors
/// [`OrgError::Stale`] when the organisation is closed, [`OrgError::Full`], [`OrgError::TooManyInvitations`].
pub(super) async fn invite(
    db: &mut PgConnection,
    cx: &Cx,
    (org, by): (OrgId, PersonId),
    email: &str,
    roles: &[OrgRole],
) -> Result<(String, Invitation), OrgError> {
    let facts = queries::organisation(db, org).await?.ok_or(OrgError::NotFound)?;
    if matches!(facts.state, OrgState::Refused | OrgState::Closed) {
        return Err(OrgError::Stale);
    }
    let there = queries_people::members(db, org).await?.len();
    if there + queries_people::open_invitations(db, cx, org).await?.len() >= MOST {
        return Err(OrgError::Full);
    }
    let counted =
        [(format!("invitations of:{org}"), PER_DAY), (format!("invitations by:{by}"), PER_DAY)];
    if facts.state != OrgState::Verified && !accounts::may_again(db, cx, &counted).await? {
        return Err(OrgError::TooManyInvitations);
    }
    let bits: [u8; 32] = rand::random();
    let token: String = bits.iter().map(|b| format!("{b:02x}")).collect();
    let invitation = Invitation {
        org,
        name: facts.name,
        email: email.to_lowercase(),
        roles: roles.to_vec(),
        invited_by: by,
        expires_at: cx.now + HOLDS,
    };
    queries_people::insert_invitation(db, cx, &invitation, &hash(&token)).await?;
    let roles: Vec<&str> = roles.iter().map(|role| role.code()).collect();
    let detail = json!({ "email": invitation.email, "roles": roles });
    audit::record(db, cx, "organisations.invite", &format!("organisation:{org}"), detail).await?;
    Ok((token, invitation))
}

/// Takes the invitations of an address back.
///
/// # Errors
/// [`OrgError::NotFound`] where none is open.
pub(super) async fn withdraw(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    email: &str,
) -> Result<(), OrgError> {
    if queries_people::withdraw(db, cx, org, email).await? == 0 {
        return Err(OrgError::NotFound);
    }
    let detail = json!({ "email": email });
    let subject = format!("organisation:{org}");
    audit::record(db, cx, "organisations.withdraw_invitation", &subject, detail).await?;
    Ok(())
}

/// What a link promises; `None` when it does not hold (any more).
///
/// # Errors
/// Whatever the database says.
pub(super) async fn invitation(
    db: &mut PgConnection,
    cx: &Cx,
    token: &str,
) -> sqlx::Result<Option<Invitation>> {
    queries_people::invitation(db, cx, &hash(token)).await
}

/// Accepts an invitation, once, for the account that has the invited address. Who is a member keeps his roles and
/// gets the new ones besides.
///
/// # Errors
/// [`OrgError::BadInvitation`] when it does not hold or is somebody else's.
pub(super) async fn accept(
    db: &mut PgConnection,
    cx: &Cx,
    (person, email): (PersonId, Option<&str>),
    token: &str,
) -> Result<OrgId, OrgError> {
    let hash = hash(token);
    let found = queries_people::invitation(db, cx, &hash).await?;
    let found = found.filter(|i| email.is_some_and(|e| e.eq_ignore_ascii_case(&i.email)));
    let invitation = found.ok_or(OrgError::BadInvitation)?;
    // Held still, so that roles which are changed meanwhile are not written over.
    queries::lock(db, invitation.org).await?.ok_or(OrgError::BadInvitation)?;
    if !queries_people::accept(db, cx, &hash).await? {
        return Err(OrgError::BadInvitation);
    }
    let org = invitation.org;
    let mut roles = invitation.roles;
    let there = queries_people::members(db, org).await?;
    if let Some(member) = there.iter().find(|member| member.person == person) {
        roles.extend(&member.roles);
    }
    roles.sort_by_key(|role| role.code());
    roles.dedup();
    add_member(db, cx, org, person, &roles).await?;
    let codes: Vec<&str> = roles.iter().map(|role| role.code()).collect();
    let detail = json!({ "person": person, "roles": codes });
    audit::record(db, cx, "organisations.join", &format!("organisation:{org}"), detail).await?;
    Ok(org)
}
