//! What is learnt about an attempt or a refund, whether the provider told it or was asked, becomes events. The same
//! told twice, or both ways, is one event.

use super::{
    error::PaymentError,
    events::{EventKind, NewEvent, REFUND_END, VND},
    ports::{Capture, Fate, RefundFate},
    queries_gateways::{self as q, Attempt},
    queries_refunds::{self as r, Refund},
    record,
};
use crate::kernel::{Cx, Vnd};
use chrono::TimeDelta;
use sqlx::{PgConnection, PgPool};

/// Takes in what has become of an attempt, in a transaction of its own.
pub(super) async fn learn(
    db: &PgPool,
    cx: &Cx,
    attempt: &Attempt,
    fate: &Fate,
) -> Result<(), PaymentError> {
    let mut tx = db.begin().await?;
    match fate {
        Fate::Captured(capture) => captured(&mut tx, cx, attempt, capture).await?,
        Fate::Failed { code } => failed(&mut tx, cx, attempt, code).await?,
        // It never came to the provider, and nobody can pay it any more.
        Fate::NotFound if cx.now > attempt.expires_at + TimeDelta::minutes(15) => {
            failed(&mut tx, cx, attempt, "not found").await?;
        }
        Fate::NotFound | Fate::Pending => {}
    }
    tx.commit().await?;
    Ok(())
}

/// What is due, in the currency in which it is due: anything else marks nothing as paid.
pub(super) fn is_as_asked(attempt: &Attempt, capture: &Capture) -> bool {
    capture.currency == VND && capture.amount == attempt.amount.0
}

/// Money has come.
pub(super) async fn captured(
    db: &mut PgConnection,
    cx: &Cx,
    attempt: &Attempt,
    capture: &Capture,
) -> Result<(), PaymentError> {
    let (reference, payment) = (&attempt.reference, capture.payment.as_str());
    if !is_as_asked(attempt, capture) {
        let note = format!("{} {} ({payment})", capture.amount, capture.currency);
        tracing::warn!(attempt = %attempt.id, %note, "another amount than was asked for");
        let name = format!("mismatch:{reference}");
        note_one(db, cx, attempt, EventKind::CaptureFailed, attempt.amount, (&name, &note)).await?;
        return Ok(q::end_attempt(db, attempt.id, "mismatch", Some(payment), &note).await?);
    }
    let name = format!("captured:{reference}:{payment}");
    note_one(db, cx, attempt, EventKind::Captured, attempt.amount, (&name, payment)).await?;
    Ok(q::end_attempt(db, attempt.id, "captured", Some(payment), "").await?)
}

/// It will not come by this attempt.
pub(super) async fn failed(
    db: &mut PgConnection,
    cx: &Cx,
    attempt: &Attempt,
    code: &str,
) -> Result<(), PaymentError> {
    let name = format!("failed:{}", attempt.reference);
    note_one(db, cx, attempt, EventKind::CaptureFailed, attempt.amount, (&name, code)).await?;
    Ok(q::end_attempt(db, attempt.id, "failed", None, code).await?)
}

/// Money that moved at the provider, named by it.
pub(super) async fn moved(
    db: &mut PgConnection,
    cx: &Cx,
    attempt: &Attempt,
    kind: EventKind,
    (name, amount, currency): (&str, i64, &str),
) -> Result<(), PaymentError> {
    let event = NewEvent {
        intent: attempt.intent,
        kind,
        amount: Vnd(amount),
        currency,
        provider: attempt.method.code(),
        provider_event_id: &format!("{}:{name}", kind.code()),
        at: cx.now,
        note: name,
    };
    match record::record(db, cx, &event).await {
        // Nothing moved: not an amount of ours.
        Ok(_) | Err(PaymentError::Amount) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Takes in what has become of a refund.
pub(super) async fn refunded(
    db: &mut PgConnection,
    cx: &Cx,
    attempt: &Attempt,
    refund: &Refund,
    fate: &RefundFate,
) -> Result<(), PaymentError> {
    // The intent is locked before its refunds, as everywhere.
    let (kind, state, theirs, note) = match fate {
        RefundFate::Done { refund } => (EventKind::Refunded, "done", Some(refund.as_str()), ""),
        RefundFate::Refused { code } => (EventKind::RefundFailed, "refused", None, code.as_str()),
        RefundFate::Unclear => {
            tracing::warn!(refund = %refund.id, "the provider cannot say what became of a refund");
            return Ok(r::doubt(db, refund.id).await?);
        }
        RefundFate::Pending { .. } | RefundFate::NotFound => return Ok(()),
    };
    if !matches!(refund.state.as_str(), "asked" | "unclear") {
        return Ok(());
    }
    let name = format!("{REFUND_END}{}", refund.id);
    note_one(db, cx, attempt, kind, refund.amount, (&name, note)).await?;
    r::end(db, refund.id, state, theirs, note).await?;
    Ok(())
}

pub(super) async fn note_one(
    db: &mut PgConnection,
    cx: &Cx,
    attempt: &Attempt,
    kind: EventKind,
    amount: Vnd,
    (name, note): (&str, &str),
) -> Result<(), PaymentError> {
    let event = NewEvent {
        intent: attempt.intent,
        kind,
        amount,
        currency: VND,
        provider: attempt.method.code(),
        provider_event_id: name,
        at: cx.now,
        note,
    };
    record::record(db, cx, &event).await?;
    Ok(())
}
