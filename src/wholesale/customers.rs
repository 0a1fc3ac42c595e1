//! A firm asks, a seller admits.

use super::{
    error::WholesaleError,
    model::{CustomerState, CustomerStep, Settings},
    queries, queries_customers,
};
use crate::{
    kernel::{Cx, OrgId, PersonId, SellerId},
    platform::audit,
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

/// A seller has at most so many groups.
const MOST_GROUPS: usize = 50;

/// One firm as its seller sees it.
#[derive(Debug, Clone)]
pub struct Customer {
    pub org: OrgId,
    pub name: String,
    pub tax_code: String,
    pub address: String,
    /// An officer, or its own admitted shop, has shown who it is.
    pub verified: bool,
    pub state: CustomerState,
    pub group: Option<Uuid>,
    pub group_name: String,
    pub message: String,
    pub reason: String,
    pub asked_by: Option<PersonId>,
    pub changed_at: chrono::DateTime<chrono::Utc>,
    pub version: i32,
}

/// How a firm stands with a seller; `None`: neither has said anything.
///
/// # Errors
/// Whatever the database says.
pub async fn customer(
    db: &mut PgConnection,
    seller: SellerId,
    org: OrgId,
) -> sqlx::Result<Option<Customer>> {
    queries_customers::customer(db, seller, org).await
}

/// A firm asks to be admitted.
///
/// # Errors
/// [`WholesaleError::NotNow`] when it has asked or is a customer; [`WholesaleError::NotFound`] when nobody sells so.
pub async fn ask(
    db: &mut PgConnection,
    cx: &Cx,
    (org, person): (OrgId, PersonId),
    seller: SellerId,
    message: &str,
) -> Result<(), WholesaleError> {
    let before = queries_customers::customer(db, seller, org).await?;
    let to = CustomerStep::Ask.leads(before.as_ref().map(|c| c.state));
    to.ok_or(WholesaleError::NotNow)?;
    let version = before.map(|c| c.version);
    if !queries_customers::ask(db, cx, (seller, org), person, message, version).await? {
        return Err(WholesaleError::Stale);
    }
    record(db, cx, (seller, org), CustomerStep::Ask.code(), message).await
}

/// The seller takes a step with a firm that asked, is his customer, or was; or takes in one that has said nothing.
///
/// # Errors
/// [`WholesaleError::NotNow`], or [`WholesaleError::Stale`] when somebody was faster.
pub async fn decide(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, org): (SellerId, OrgId),
    step: CustomerStep,
    (group, reason): (Option<Uuid>, &str),
) -> Result<CustomerState, WholesaleError> {
    let before = queries_customers::customer(db, seller, org).await?;
    let to = step.leads(before.as_ref().map(|c| c.state)).filter(|_| step != CustomerStep::Ask);
    let to = to.ok_or(WholesaleError::NotNow)?;
    let group = group.filter(|_| to == CustomerState::Admitted);
    own_group(db, seller, group).await?;
    let done = match &before {
        Some(before) => {
            let change = (to, group, reason, before.version);
            queries_customers::decide(db, cx, (seller, org), change).await?
        }
        None => queries_customers::take_in(db, cx, (seller, org), group).await?,
    };
    if !done {
        return Err(WholesaleError::Stale);
    }
    record(db, cx, (seller, org), step.code(), reason).await?;
    Ok(to)
}

/// Puts a customer into a group, or into none.
///
/// # Errors
/// [`WholesaleError::NotFound`] when group or customer are not his; [`WholesaleError::NotNow`] when the firm is no
/// customer at present.
pub async fn put_in_group(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, org): (SellerId, OrgId),
    group: Option<Uuid>,
) -> Result<(), WholesaleError> {
    own_group(db, seller, group).await?;
    if !queries_customers::set_group(db, cx, (seller, org), group).await? {
        return Err(WholesaleError::NotNow);
    }
    record(db, cx, (seller, org), "group", "").await
}

async fn own_group(
    db: &mut PgConnection,
    seller: SellerId,
    group: Option<Uuid>,
) -> Result<(), WholesaleError> {
    let Some(group) = group else { return Ok(()) };
    let groups = queries_customers::groups(db, seller).await?;
    if groups.iter().any(|g| g.id == group) { Ok(()) } else { Err(WholesaleError::NotFound) }
}

async fn record(
    db: &mut PgConnection,
    cx: &Cx,
    (seller, org): (SellerId, OrgId),
    event: &str,
    note: &str,
) -> Result<(), WholesaleError> {
    queries_customers::insert_event(db, cx, (seller, org), event, note).await?;
    let detail = json!({ "seller": seller, "note": note });
    let act = format!("wholesale.customer_{event}");
    audit::record(db, cx, &act, &format!("organisation:{org}"), detail).await?;
    Ok(())
}

/// Opens a group of customers.
///
/// # Errors
/// [`WholesaleError::Taken`] when there is one of this name; [`WholesaleError::Full`].
pub async fn open_group(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    name: &str,
) -> Result<Uuid, WholesaleError> {
    if queries_customers::groups(db, seller).await?.len() >= MOST_GROUPS {
        return Err(WholesaleError::Full);
    }
    let id = cx.new_id();
    if queries_customers::insert_group(db, cx, id, seller, name).await? {
        Ok(id)
    } else {
        Err(WholesaleError::Taken)
    }
}

/// Settles how a seller deals with firms.
///
/// # Errors
/// Whatever the database says.
pub async fn save_settings(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    settings: &Settings,
) -> Result<(), WholesaleError> {
    queries::put_settings(db, cx, seller, settings).await?;
    let detail = json!({ "hidden": settings.hidden });
    audit::record(db, cx, "wholesale.settings", &format!("seller:{seller}"), detail).await?;
    Ok(())
}
