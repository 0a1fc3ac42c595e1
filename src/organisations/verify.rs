//! It becomes known who an organisation is: an officer has seen it, or its own shop was admitted.

use super::{
    error::OrgError,
    model::{NewOrganisation, OrgRole, OrgState},
    open::add_member,
    queries, queries_people,
};
use crate::{
    enterprises::{self, Role},
    kernel::{Cx, OrgId, SellerId},
    platform::audit,
};
use serde_json::json;
use sqlx::PgConnection;

/// What an officer decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Verify,
    Refuse,
}

impl Decision {
    /// The decision of a button.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        match code {
            "verify" => Some(Self::Verify),
            "refuse" => Some(Self::Refuse),
            _ => None,
        }
    }

    const fn leads_to(self) -> OrgState {
        match self {
            Self::Verify => OrgState::Verified,
            Self::Refuse => OrgState::Refused,
        }
    }
}

/// An officer says who an organisation is, or that it is not who it says.
///
/// # Errors
/// [`OrgError::Own`] for a member, [`OrgError::Taken`] when another one of this tax code is verified,
/// [`OrgError::Stale`] when it has been decided.
pub async fn decide(
    db: &mut PgConnection,
    cx: &Cx,
    org: OrgId,
    decision: Decision,
    note: &str,
) -> Result<(), OrgError> {
    let there = queries_people::members(db, org).await?;
    if cx.person().is_some_and(|officer| there.iter().any(|member| member.person == officer)) {
        return Err(OrgError::Own);
    }
    let done = queries::decide(db, cx, org, decision.leads_to(), note).await.map_err(taken)?;
    if !done {
        return Err(OrgError::Stale);
    }
    let action = match decision {
        Decision::Verify => "organisations.verify",
        Decision::Refuse => "organisations.refuse",
    };
    let detail = json!({ "note": note });
    audit::record(db, cx, action, &format!("organisation:{org}"), detail).await?;
    Ok(())
}

/// One verified organisation a tax code: the index decides.
fn taken(error: sqlx::Error) -> OrgError {
    match &error {
        sqlx::Error::Database(e) if e.constraint() == Some("organisations_tax_code") => {
            OrgError::Taken
        }
        _ => error.into(),
    }
}

/// The firm's own shop was admitted: the Department has seen who it is, so it may buy as well, and the shop's members
/// may buy for it. A claim that one of them administers is taken for the firm's own; otherwise one is opened with the
/// id of the shop. Whoever opened another claim stays unverified.
///
/// # Errors
/// Whatever the database says.
pub async fn shop_admitted(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
) -> Result<(), OrgError> {
    let Some(facts) = enterprises::facts(db, &[seller]).await?.remove(&seller) else {
        return Ok(());
    };
    let Some(tax_code) = facts.tax_code.filter(|_| !facts.legal_name.is_empty()) else {
        return Ok(());
    };
    let members = enterprises::members(db, seller).await?;
    let mut own = None;
    for claim in queries::of_tax_code(db, &tax_code).await? {
        let theirs = queries_people::members(db, claim.id).await?;
        let theirs = theirs.iter().filter(|m| m.roles.contains(&OrgRole::Administrator));
        let theirs = theirs.map(|m| m.person).any(|p| members.iter().any(|s| s.person == p));
        if claim.state == OrgState::Verified || theirs {
            own = Some(claim);
            break;
        }
    }
    let org = match own {
        Some(claim) => {
            queries::decide(db, cx, claim.id, OrgState::Verified, "").await?;
            claim.id
        }
        None => {
            let id = OrgId(seller.0);
            let new = NewOrganisation {
                tax_code,
                name: facts.legal_name,
                address: facts.address,
                commune_code: facts.commune_code,
                email: facts.email,
            };
            queries::insert_verified(db, cx, id, &new).await?;
            id
        }
    };
    let there = queries_people::members(db, org).await?;
    for member in members {
        if there.iter().any(|m| m.person == member.person) {
            continue;
        }
        let roles: &[OrgRole] = match member.role {
            Role::Owner => &OrgRole::ALL,
            Role::Staff => &[OrgRole::Requester],
        };
        add_member(db, cx, org, member.person, roles).await?;
    }
    Ok(())
}
