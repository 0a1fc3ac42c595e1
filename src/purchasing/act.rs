//! Moving a purchase order: the one way from state to state, and what both sides decide.

use super::{
    error::PurchasingError,
    events::PoMoved,
    instalments::{self, Kind},
    machine::{self, Deed, Side},
    model::PoState,
    queries::{self, NewEvent},
    queries_act, queries_credit, queries_read,
    read::Po,
};
use crate::{
    kernel::{Cx, Vnd},
    payments::PayAccount,
    platform::outbox,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// Holds the order, if it stands as the reader saw it.
pub(super) async fn hold(
    db: &mut PgConnection,
    id: Uuid,
    seen: Option<i32>,
) -> Result<Po, PurchasingError> {
    let po = queries_read::lock(db, id).await?.ok_or(PurchasingError::NotFound)?;
    match seen {
        Some(version) if version != po.version => Err(PurchasingError::Moved(po.state)),
        _ => Ok(po),
    }
}

/// Takes the step in the record, the state and the news. The order is held.
pub(super) async fn step(
    db: &mut PgConnection,
    cx: &Cx,
    po: &mut Po,
    (side, deed): (Side, Deed),
    note: &str,
) -> Result<PoState, PurchasingError> {
    let to = machine::next(po.state, side, deed).ok_or(PurchasingError::Moved(po.state))?;
    let version = po.version + 1;
    queries_act::move_on(db, cx, po.id, (to, version), to != po.state).await?;
    let event =
        NewEvent { order: po.id, version, side: side.code(), event: deed.code(), state: to, note };
    queries::insert_event(db, cx, &event).await?;
    let news = PoMoved {
        order: po.id,
        org: po.org,
        seller: po.seller,
        event: deed.code().to_owned(),
        state: to.code().to_owned(),
        version,
    };
    outbox::publish(db, cx, &news).await?;
    po.version = version;
    po.state = to;
    Ok(to)
}

/// The seller confirms: the deposit is due, and what is on credit is taken from the customer's limit.
///
/// # Errors
/// [`PurchasingError::NoAccount`] without an account to be paid on; [`PurchasingError::Credit`] when the limit does not
/// reach; [`PurchasingError::Moved`].
pub async fn confirm(
    db: &mut PgConnection,
    cx: &Cx,
    (id, seen): (Uuid, Option<i32>),
    account: Option<&PayAccount>,
    note: &str,
) -> Result<(), PurchasingError> {
    let mut po = hold(db, id, seen).await?;
    let account = account.ok_or(PurchasingError::NoAccount)?;
    step(db, cx, &mut po, (Side::Seller, Deed::Confirm), note).await?;
    queries_act::confirmed(db, cx, po.id).await?;
    let credit = po.on_credit();
    if credit.0 > 0 {
        if !queries_credit::take(db, cx, (po.seller, po.org), credit).await? {
            let left = queries_credit::left(db, po.seller, po.org).await?;
            return Err(PurchasingError::Credit(left));
        }
        queries_act::hold_credit(db, po.id, credit).await?;
    }
    instalments::open(db, cx, &po, Kind::Deposit, po.deposit(), account).await
}

/// What one side says to the other, with a reason.
///
/// # Errors
/// [`PurchasingError::Note`] without a reason where one is needed; [`PurchasingError::Moved`].
pub async fn say(
    db: &mut PgConnection,
    cx: &Cx,
    (id, seen): (Uuid, Option<i32>),
    (side, deed): (Side, Deed),
    note: &str,
) -> Result<(), PurchasingError> {
    let mut po = hold(db, id, seen).await?;
    let asked = po.cancel_asked_by.as_deref();
    let allowed = match deed {
        Deed::Decline | Deed::Withdraw => true,
        Deed::AskCancel => asked.is_none(),
        // He who has proposed it cannot agree to it himself; he can take it back.
        Deed::AgreeCancel => asked.is_some_and(|by| by != side.code()),
        Deed::KeepOn => asked.is_some(),
        _ => false,
    };
    if !allowed {
        return Err(PurchasingError::Moved(po.state));
    }
    if matches!(deed, Deed::Decline | Deed::AskCancel) && note.is_empty() {
        return Err(PurchasingError::Note);
    }
    let to = step(db, cx, &mut po, (side, deed), note).await?;
    let asks = (deed == Deed::AskCancel).then_some((side.code(), note));
    queries_act::cancel_asked(db, po.id, asks).await?;
    if to == PoState::Cancelled {
        instalments::void_all(db, cx, po.id).await?;
        free_credit(db, cx, &po).await?;
    }
    Ok(())
}

/// Gives back what the order holds of the customer's credit.
pub(super) async fn free_credit(
    db: &mut PgConnection,
    cx: &Cx,
    po: &Po,
) -> Result<(), PurchasingError> {
    if po.credit_held.0 > 0 {
        queries_credit::give_back(db, cx, (po.seller, po.org), po.credit_held).await?;
        queries_act::hold_credit(db, po.id, Vnd::ZERO).await?;
    }
    Ok(())
}

/// What was on credit and had been paid is owed again: it counts for the customer's limit as before.
pub(super) async fn owe_again(
    db: &mut PgConnection,
    cx: &Cx,
    po: &mut Po,
) -> Result<(), PurchasingError> {
    let credit = po.on_credit();
    if credit.0 > 0 && po.credit_held.0 == 0 {
        queries_credit::owe(db, cx, (po.seller, po.org), credit).await?;
        queries_act::hold_credit(db, po.id, credit).await?;
        po.credit_held = credit;
    }
    Ok(())
}
