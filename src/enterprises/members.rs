//! Who acts for a shop.

use super::{
    error::SellerError,
    model::{Role, State},
    queries, queries_people,
};
use crate::{
    kernel::{Cx, PersonId, SellerId},
    platform::audit,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

/// A member of a shop.
#[derive(Debug, Clone)]
pub struct Member {
    pub person: PersonId,
    pub role: Role,
    pub added_at: DateTime<Utc>,
}

/// An invitation that still holds.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub seller: SellerId,
    pub shop_name: String,
    /// Lower case.
    pub email: String,
    pub role: Role,
    pub invited_by: PersonId,
    pub expires_at: DateTime<Utc>,
}

/// How long an invitation holds.
const HOLDS: TimeDelta = TimeDelta::days(7);

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Makes a person a member. Without an invitation: for the demo and the operator.
///
/// # Errors
/// Whatever the database says.
pub async fn add_member(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    person: PersonId,
    role: Role,
) -> Result<(), SellerError> {
    queries_people::insert(db, cx, seller, person, role).await?;
    Ok(())
}

/// Invites an e-mail address. Answers the link's secret, which is kept nowhere, and the invitation.
///
/// # Errors
/// [`SellerError::WrongState`]-like refusal as [`SellerError::Stale`] when the shop is closed.
pub async fn invite(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    by: PersonId,
    email: &str,
    role: Role,
) -> Result<(String, Invitation), SellerError> {
    let (state, _) = queries::lock(db, seller).await?.ok_or(SellerError::NotFound)?;
    if matches!(state, State::Closed | State::Refused) {
        return Err(SellerError::Stale);
    }
    let shop_name =
        queries::seller(db, seller).await?.map(|s| s.shop_name).ok_or(SellerError::NotFound)?;
    let bits: [u8; 32] = rand::random();
    let token: String = bits.iter().map(|b| format!("{b:02x}")).collect();
    let expires_at = cx.now + HOLDS;
    let email = email.to_lowercase();
    let invitation = Invitation { seller, shop_name, email, role, invited_by: by, expires_at };
    queries_people::insert_invitation(db, cx, cx.new_id(), &invitation, &hash(&token)).await?;
    let detail = json!({ "email": invitation.email, "role": role.code() });
    audit::record(db, cx, "enterprises.invite", &format!("seller:{seller}"), detail).await?;
    Ok((token, invitation))
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

/// Accepts an invitation, once, for the account that has the invited address.
///
/// # Errors
/// [`SellerError::BadInvitation`] when it does not hold or is somebody else's.
pub async fn accept(
    db: &mut PgConnection,
    cx: &Cx,
    person: PersonId,
    email: Option<&str>,
    token: &str,
) -> Result<SellerId, SellerError> {
    let hash = hash(token);
    let found = queries_people::invitation(db, cx, &hash).await?;
    let found = found.filter(|i| email.is_some_and(|e| e.eq_ignore_ascii_case(&i.email)));
    let invitation = found.ok_or(SellerError::BadInvitation)?;
    // He who invited must still be an owner.
    let by = queries_people::role(db, invitation.seller, invitation.invited_by).await?;
    if by != Some(Role::Owner) || !queries_people::accept(db, cx, &hash).await? {
        return Err(SellerError::BadInvitation);
    }
    queries_people::insert(db, cx, invitation.seller, person, invitation.role).await?;
    let subject = format!("seller:{}", invitation.seller);
    let detail = json!({ "person": person, "role": invitation.role.code() });
    audit::record(db, cx, "enterprises.join", &subject, detail).await?;
    Ok(invitation.seller)
}

/// Takes a member off; a shop keeps at least one owner.
///
/// # Errors
/// [`SellerError::LastOwner`], [`SellerError::NotFound`].
pub async fn remove_member(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    person: PersonId,
) -> Result<(), SellerError> {
    // Held still, so that two owners cannot take each other off at once.
    queries::lock(db, seller).await?.ok_or(SellerError::NotFound)?;
    let owners = queries_people::owners(db, seller).await?;
    if owners == [person] {
        return Err(SellerError::LastOwner);
    }
    if !queries_people::delete(db, cx, seller, person).await? {
        return Err(SellerError::NotFound);
    }
    let detail = json!({ "person": person });
    audit::record(db, cx, "enterprises.remove_member", &format!("seller:{seller}"), detail).await?;
    Ok(())
}

/// The owners, oldest first: whom to write to about the shop.
///
/// # Errors
/// Whatever the database says.
pub async fn owners(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<PersonId>> {
    queries_people::owners(db, seller).await
}

/// All members, owners first.
///
/// # Errors
/// Whatever the database says.
pub async fn members(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Member>> {
    queries_people::members(db, seller).await
}
