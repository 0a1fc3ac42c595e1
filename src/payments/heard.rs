//! What providers tell us of their own accord: proved, kept once, answered; a job acts on it.

use super::{
    connect::commands as connect,
    error::PaymentError,
    events::EventKind,
    gateways::{Gateways, OpenError},
    model::PaymentMethod,
    outcome,
    ports::{About, Gateway, Heard, Inbound, Known, Notice, RefundFate, Reply, Told},
    queries_gateways::{self as q, Attempt, AttemptState},
    queries_refunds,
};
use crate::{
    kernel::Cx,
    platform::{
        inbox::{self, Arrived},
        jobs::{Handler, JobError},
    },
};
use async_trait::async_trait;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// Takes a notice in and gives the provider's answer; `None`: there is no such address.
///
/// # Errors
/// Whatever the database says: the provider is told 5xx and comes again.
pub(super) async fn take_in(
    db: &PgPool,
    gateways: &Gateways,
    cx: &Cx,
    (method, merchant): (PaymentMethod, Option<Uuid>),
    inbound: &Inbound<'_>,
) -> Result<Option<Reply>, PaymentError> {
    let Some(gateway) = gateway(db, gateways, method, merchant).await? else { return Ok(None) };
    let Ok(notice) = gateway.verify(cx.now, inbound) else {
        return Ok(Some(gateway.acknowledge(Heard::Forged)));
    };
    let mut db = db.acquire().await?;
    let heard = match find(&mut db, method, merchant, &notice).await? {
        None if method != PaymentMethod::Stripe => Heard::NotFound,
        attempt => {
            let subject = merchant.map(|id| id.to_string()).unwrap_or_default();
            let kept = inbox::Inbound {
                provider: method.code(),
                event_id: &format!("{subject}:{}", notice.id),
                subject: &subject,
                body: inbound.raw,
                handler: Listen::NAME,
            };
            let fresh = inbox::take_in(&mut *db, cx, &kept).await?;
            heard(attempt.as_ref(), &notice, fresh)
        }
    };
    Ok(Some(gateway.acknowledge(heard)))
}

fn heard(attempt: Option<&Attempt>, notice: &Notice, fresh: bool) -> Heard {
    match (&notice.told, attempt) {
        (Told::Captured(capture), Some(a)) if !outcome::is_as_asked(a, capture) => {
            Heard::WrongAmount
        }
        (_, Some(a)) if a.state == AttemptState::Captured => Heard::Before,
        _ if fresh => Heard::Kept,
        _ => Heard::Before,
    }
}

/// Stripe has one address for all sellers, the others one for each contract.
async fn gateway(
    db: &PgPool,
    gateways: &Gateways,
    method: PaymentMethod,
    merchant: Option<Uuid>,
) -> Result<Option<Box<dyn Gateway>>, PaymentError> {
    if let (PaymentMethod::Stripe, None) = (method, merchant) {
        return Ok(gateways.any_stripe().ok());
    }
    let Some(merchant) = merchant else { return Ok(None) };
    let found = q::merchant(db, merchant).await?;
    let Some(sealed) = found.filter(|m| m.method == method).and_then(|m| m.sealed) else {
        return Ok(None);
    };
    match gateways.open(merchant, &sealed) {
        Ok(gateway) => Ok(Some(gateway)),
        Err(OpenError::Off) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The attempt that a notice is about, if it is one of this contract.
async fn find(
    db: &mut PgConnection,
    method: PaymentMethod,
    merchant: Option<Uuid>,
    notice: &Notice,
) -> Result<Option<Attempt>, PaymentError> {
    let id = match &notice.about {
        About::Reference(name) => q::attempt_by_reference(&mut *db, method, name).await?,
        About::Payment(payment) => q::attempt_by_payment(&mut *db, method, payment).await?,
        About::Nothing => None,
    };
    let Some(id) = id else { return Ok(None) };
    let Some(attempt) = q::attempt(&mut *db, id).await? else { return Ok(None) };
    let ours = match merchant {
        Some(merchant) => attempt.merchant == merchant,
        None => {
            let contract = q::merchant(&mut *db, attempt.merchant).await?;
            notice.account.is_some() && contract.map(|m| m.code) == notice.account
        }
    };
    Ok(Some(attempt).filter(|_| ours))
}

/// Acts on a kept notice.
pub struct Listen {
    pub db: PgPool,
    pub gateways: Gateways,
}

#[async_trait]
impl Handler for Listen {
    type Payload = Arrived;
    const NAME: &'static str = "payments.listen";

    async fn handle(&self, cx: &Cx, arrived: Arrived) -> Result<(), JobError> {
        let Some(message) = inbox::read(&self.db, &arrived).await? else { return Ok(()) };
        let Some(body) = message.body else { return Ok(()) };
        let Some(method) = PaymentMethod::of(&message.provider) else { return Ok(()) };
        let merchant = message.subject.parse().ok();
        let gateway = gateway(&self.db, &self.gateways, method, merchant).await;
        let Some(gateway) = gateway.map_err(JobError::retry)? else { return Ok(()) };
        let Some(notice) = gateway.read(&body) else { return Ok(()) };
        if let (Told::Account, Some(account)) = (&notice.told, &notice.account) {
            let asked = connect::refresh(&self.db, &self.gateways, cx, account).await;
            return asked.map_err(JobError::retry);
        }
        let attempt = find(&mut *self.db.acquire().await?, method, merchant, &notice).await;
        let Some(attempt) = attempt.map_err(JobError::retry)? else { return Ok(()) };
        act(&self.db, &self.gateways, cx, &attempt, &notice.told).await
    }
}

async fn act(
    db: &PgPool,
    gateways: &Gateways,
    cx: &Cx,
    attempt: &Attempt,
    told: &Told,
) -> Result<(), JobError> {
    if *told == Told::Hint {
        return look(db, gateways, cx, attempt).await;
    }
    let mut tx = db.begin().await?;
    let done = match told {
        Told::Captured(capture) => outcome::captured(&mut tx, cx, attempt, capture).await,
        Told::Failed { code } => outcome::failed(&mut tx, cx, attempt, code).await,
        Told::Refunded { ours, refund, amount, currency } => {
            let fate = RefundFate::Done { refund: refund.clone() };
            match refund_of(&mut tx, attempt, *ours).await? {
                Some(row) => outcome::refunded(&mut tx, cx, attempt, &row, &fate).await,
                // Sent back by the seller at the provider's own site.
                None => {
                    let what = (refund.as_str(), *amount, currency.as_str());
                    outcome::moved(&mut tx, cx, attempt, EventKind::Refunded, what).await
                }
            }
        }
        Told::RefundFailed { ours, code } => match refund_of(&mut tx, attempt, *ours).await? {
            Some(row) => {
                let fate = RefundFate::Refused { code: code.clone() };
                outcome::refunded(&mut tx, cx, attempt, &row, &fate).await
            }
            None => Ok(()),
        },
        Told::Chargeback { dispute, amount, currency } => {
            let what = (dispute.as_str(), *amount, currency.as_str());
            outcome::moved(&mut tx, cx, attempt, EventKind::Chargeback, what).await
        }
        Told::ChargebackReversed { dispute, amount, currency } => {
            let what = (dispute.as_str(), *amount, currency.as_str());
            outcome::moved(&mut tx, cx, attempt, EventKind::ChargebackReversed, what).await
        }
        Told::Hint | Told::Account | Told::Other => Ok(()),
    };
    done.map_err(JobError::retry)?;
    tx.commit().await?;
    Ok(())
}

async fn refund_of(
    db: &mut PgConnection,
    attempt: &Attempt,
    ours: Option<Uuid>,
) -> sqlx::Result<Option<queries_refunds::Refund>> {
    let Some(id) = ours else { return Ok(None) };
    let found = queries_refunds::find(db, id).await?;
    Ok(found.filter(|refund| refund.attempt == attempt.id))
}

/// Asks the provider what became of an attempt.
pub(super) async fn look(
    db: &PgPool,
    gateways: &Gateways,
    cx: &Cx,
    attempt: &Attempt,
) -> Result<(), JobError> {
    let contract = q::merchant(db, attempt.merchant).await?;
    let Some(sealed) = contract.and_then(|m| m.sealed) else { return Ok(()) };
    let gateway = gateways.open(attempt.merchant, &sealed).map_err(JobError::retry)?;
    let known = Known {
        reference: &attempt.reference,
        session: attempt.session.as_deref(),
        made_at: attempt.made_at,
    };
    let fate = gateway.look_up(cx.now, &known).await.map_err(JobError::retry)?;
    outcome::learn(db, cx, attempt, &fate).await.map_err(JobError::retry)
}
