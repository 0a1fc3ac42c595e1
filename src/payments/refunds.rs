//! Money goes back the way it came: the seller asks, the provider sends it from the seller's account.

use super::{
    error::PaymentError,
    events::EventKind,
    gateways::Gateways,
    model::PaymentMethod,
    outcome,
    ports::{GatewayError, RefundAsk, RefundFate},
    queries_events,
    queries_gateways::{self as q, Attempt, AttemptState},
    queries_refunds::{self as r, Refund},
    record,
};
use crate::{
    kernel::{Cx, OrderId, SellerId, Vnd},
    platform::jobs::JobError,
};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// A refund as the seller sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundSeen {
    pub amount: Vnd,
    /// `asked`, `done`, `refused`, `unclear`.
    pub state: String,
    /// The provider's code, where it refused.
    pub note: String,
}

/// What a gateway has of an order, for its page.
#[derive(Debug, Clone, Default)]
pub struct GatewaySide {
    pub refunds: Vec<RefundSeen>,
    /// What could go back now by this way.
    pub refundable: Vnd,
    /// Another amount came than was asked for: what the provider said.
    pub mismatch: Option<String>,
}

/// What the gateway has of an order.
///
/// # Errors
/// Whatever the database says.
pub async fn gateway_side(
    db: &mut PgConnection,
    intent: crate::kernel::IntentId,
) -> sqlx::Result<GatewaySide> {
    let attempts = q::attempts(&mut *db, intent).await?;
    let refunds = r::of_intent(&mut *db, intent).await?;
    let sums = record::sums(db, intent).await?;
    let left: i64 = attempts.iter().map(|a| left(a, &refunds).0).sum();
    let mismatch = attempts.iter().find(|a| a.state == AttemptState::Mismatch);
    let mismatch = mismatch.map(|a| format!("{}: {}", a.reference, a.note));
    let seen =
        |r: &Refund| RefundSeen { amount: r.amount, state: r.state.clone(), note: r.note.clone() };
    Ok(GatewaySide {
        refunds: refunds.iter().map(seen).collect(),
        refundable: Vnd(sums.refundable().0.min(left)),
        mismatch,
    })
}

/// What an attempt brought and was not asked back.
fn left(attempt: &Attempt, refunds: &[Refund]) -> Vnd {
    if attempt.state != AttemptState::Captured {
        return Vnd::ZERO;
    }
    let asked = refunds.iter().filter(|r| r.attempt == attempt.id && r.state != "refused");
    Vnd((attempt.amount.0 - asked.map(|r| r.amount.0).sum::<i64>()).max(0))
}

/// Asks the providers to send back all that is owed to the buyer, and gives the sum. A job does it.
///
/// # Errors
/// [`PaymentError::NotFound`] when nothing is owed that came by a gateway.
pub async fn refund_what_is_owed(
    db: &mut PgConnection,
    cx: &Cx,
    order: OrderId,
) -> Result<Vnd, PaymentError> {
    let (locked, sums) = record::lock_order(db, order).await?;
    let refunds = r::of_intent(&mut *db, locked.id).await?;
    let mut owed = sums.refundable().0;
    let mut sum = 0;
    for attempt in q::attempts(&mut *db, locked.id).await? {
        let amount = left(&attempt, &refunds).0.min(owed);
        if amount <= 0 {
            continue;
        }
        let id = cx.new_id();
        r::insert(db, cx, id, (attempt.id, locked.id, Vnd(amount))).await?;
        let name = format!("refund_requested:{id}");
        let kind = EventKind::RefundRequested;
        outcome::note_one(db, cx, &attempt, kind, Vnd(amount), (&name, "")).await?;
        (owed, sum) = (owed - amount, sum + amount);
    }
    if sum == 0 { Err(PaymentError::NotFound) } else { Ok(Vnd(sum)) }
}

/// Sees to one refund: asks for it, or, where it may have been asked for before, looks first.
pub(super) async fn see_to(
    db: &PgPool,
    gateways: &Gateways,
    cx: &Cx,
    id: uuid::Uuid,
) -> Result<(), JobError> {
    let Some(refund) = r::find(db, id).await?.filter(|r| r.state == "asked") else { return Ok(()) };
    let Some(attempt) = q::attempt(db, refund.attempt).await? else { return Ok(()) };
    r::wait(db, refund.id, None, cx.now + pause(refund.asked)).await?;
    let fate = fate(db, gateways, cx, &attempt, &refund).await?;
    if let RefundFate::Pending { refund: theirs } = &fate {
        let at = cx.now + pause(refund.asked);
        return Ok(r::wait(db, refund.id, theirs.as_deref(), at).await?);
    }
    let mut tx = db.begin().await?;
    outcome::refunded(&mut tx, cx, &attempt, &refund, &fate).await.map_err(JobError::retry)?;
    tx.commit().await?;
    Ok(())
}

/// A refund of which the provider cannot say what became of it.
#[derive(Debug, Clone)]
pub struct Doubt {
    pub id: Uuid,
    pub order: OrderId,
    pub amount: Vnd,
    /// The provider's name.
    pub method: PaymentMethod,
    /// How the payment is named there.
    pub reference: String,
    pub made_at: DateTime<Utc>,
}

/// The refunds of a seller at which a person has to look, oldest first.
///
/// # Errors
/// Whatever the database says.
pub async fn doubts(db: &mut PgConnection, seller: SellerId) -> sqlx::Result<Vec<Doubt>> {
    r::doubts(db, seller).await
}

/// The seller has looked at the provider's desk: the money went back, or it did not. Gives the order.
///
/// # Errors
/// [`PaymentError::NotFound`] for a refund that is not this seller's; [`PaymentError::Decided`] unless it is in doubt.
pub async fn settle_doubt(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    (id, went_back): (Uuid, bool),
    evidence: &str,
) -> Result<OrderId, PaymentError> {
    let refund = r::find(&mut *db, id).await?.ok_or(PaymentError::NotFound)?;
    let attempt = q::attempt(&mut *db, refund.attempt).await?.ok_or(PaymentError::NotFound)?;
    let locked = queries_events::lock(db, attempt.intent).await?.filter(|l| l.seller == seller);
    let order = locked.ok_or(PaymentError::NotFound)?.order;
    // Read again under the lock: somebody else may have been faster.
    let refund = r::find(&mut *db, id).await?.filter(|refund| refund.state == "unclear");
    let refund = refund.ok_or(PaymentError::Decided)?;
    let word = evidence.to_owned();
    let fate = match went_back {
        true => RefundFate::Done { refund: word },
        false => RefundFate::Refused { code: word },
    };
    outcome::refunded(db, cx, &attempt, &refund, &fate).await?;
    Ok(order)
}

async fn fate(
    db: &PgPool,
    gateways: &Gateways,
    cx: &Cx,
    attempt: &Attempt,
    refund: &Refund,
) -> Result<RefundFate, JobError> {
    let contract = q::merchant(db, attempt.merchant).await?;
    let (sealed, payment) = (contract.and_then(|m| m.sealed), attempt.payment.as_deref());
    let (Some(sealed), Some(payment)) = (sealed, payment) else {
        return Ok(RefundFate::Refused { code: "the contract has ended".into() });
    };
    let gateway = gateways.open(attempt.merchant, &sealed).map_err(JobError::retry)?;
    let ask = RefundAsk {
        key: refund.id,
        made_at: refund.made_at,
        reference: &attempt.reference,
        paid_made_at: attempt.made_at,
        payment,
        paid: attempt.amount,
        amount: refund.amount,
        refund: refund.refund.as_deref(),
    };
    if refund.tried {
        let told = gateway.refund_status(cx.now, &ask).await.map_err(JobError::retry)?;
        // Looked at after the answer: a refund that was asked for meanwhile may be the one that it tells of.
        if !gateway.tells_refunds_apart() && r::has_others(db, refund).await? {
            return Ok(RefundFate::Unclear);
        }
        match told {
            RefundFate::NotFound => {}
            known => return Ok(known),
        }
    } else {
        r::tried(db, refund.id).await?;
    }
    match gateway.refund(cx.now, &ask).await {
        Ok(RefundFate::NotFound) => Ok(RefundFate::Pending { refund: None }),
        Ok(fate) => Ok(fate),
        Err(GatewayError::Refused { code }) => Ok(RefundFate::Refused { code }),
        // It has it, or may have it: looked up the next time.
        Err(GatewayError::Duplicate) => Ok(RefundFate::Pending { refund: None }),
        Err(error) => Err(JobError::retry(error)),
    }
}

/// Until the provider is asked again.
pub(super) fn pause(asked: i32) -> TimeDelta {
    let minutes = [1, 2, 5, 10, 30, 60, 180, 360];
    let nth = usize::try_from(asked).unwrap_or(0).saturating_sub(1).min(minutes.len() - 1);
    TimeDelta::minutes(minutes[nth])
}
