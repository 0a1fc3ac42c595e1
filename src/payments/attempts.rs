//! A buyer goes to pay at a gateway. The attempt is written, then the provider is asked with the attempt's id as
//! idempotency key, then its answer is noted; nothing is locked while it thinks.

use super::{
    error::PaymentError,
    events::{EventKind, NewEvent, VND},
    gateways::Gateways,
    outcome,
    ports::{Ask, Fate, GatewayError, Known, Started},
    queries,
    queries_gateways::{self as q, Attempt, AttemptState},
    record,
};
use crate::kernel::{Cx, Lang, OrderId, Vnd};
use chrono::TimeDelta;
use sqlx::{PgConnection, PgPool};

/// Who goes to pay.
#[derive(Debug, Clone, Copy)]
pub struct Payer<'a> {
    pub ip: &'a str,
    pub lang: Lang,
}

/// Where the buyer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// To the provider's page.
    To { url: String, attempt: uuid::Uuid },
    /// Nothing is to be paid (any more).
    Nothing,
    /// The provider is being asked this very moment, or did not answer: again in a few seconds.
    NoAnswer,
    /// The provider said no.
    Refused { code: String },
    /// The seller does not offer this provider any more.
    Off,
}

/// What is to be done, as the database says.
enum Next {
    Ready(Way),
    Ask { attempt: Box<Attempt>, again: bool },
}

/// After so long a request without an answer may be repeated.
const TRY: TimeDelta = TimeDelta::seconds(20);
/// A page that closes sooner is not shown any more.
const LEFT: TimeDelta = TimeDelta::minutes(2);
/// When the provider is first asked of our own accord.
const FIRST_LOOK: TimeDelta = TimeDelta::minutes(5);

/// Finds the page on which the buyer pays an order.
///
/// # Errors
/// [`PaymentError::NotFound`] when the order is not paid at a gateway.
pub async fn go_and_pay(
    db: &PgPool,
    gateways: &Gateways,
    cx: &Cx,
    order: OrderId,
    payer: Payer<'_>,
) -> Result<Way, PaymentError> {
    // A second round where the provider has had the first request and did not tell us its page.
    for _ in 0..2 {
        let mut tx = db.begin().await?;
        let next = prepare(&mut tx, cx, gateways, order).await?;
        tx.commit().await?;
        let (attempt, again) = match next {
            Next::Ready(way) => return Ok(way),
            Next::Ask { attempt, again } => (attempt, again),
        };
        if let Some(way) = ask(db, gateways, cx, &attempt, again, payer).await? {
            return Ok(way);
        }
    }
    Ok(Way::NoAnswer)
}

/// An open attempt is used again; one without an answer is repeated under its own name; else there is a new one.
#[expect(clippy::too_many_lines, reason = "each case of an attempt that may be there")]
async fn prepare(
    db: &mut PgConnection,
    cx: &Cx,
    gateways: &Gateways,
    order: OrderId,
) -> Result<Next, PaymentError> {
    let (locked, sums) = record::lock_order(db, order).await?;
    if !locked.method.is_online() {
        return Err(PaymentError::NotFound);
    }
    let amount = Vnd(sums.balance().0.min(0).saturating_neg());
    if amount.0 == 0 {
        return Ok(Next::Ready(Way::Nothing));
    }
    let earlier = q::attempts(&mut *db, locked.id).await?;
    let usable = earlier.first().filter(|a| a.amount == amount && a.expires_at > cx.now + LEFT);
    match usable {
        Some(Attempt { state: AttemptState::Open, url: Some(url), id, .. }) => {
            return Ok(Next::Ready(Way::To { url: url.clone(), attempt: *id }));
        }
        Some(a) if a.state == AttemptState::Starting && a.tried_at + TRY > cx.now => {
            return Ok(Next::Ready(Way::NoAnswer));
        }
        Some(a) if a.state == AttemptState::Starting => {
            q::try_again(db, cx, a.id).await?;
            return Ok(Next::Ask { attempt: Box::new(a.clone()), again: true });
        }
        _ => {}
    }
    let contracts = q::merchants(&mut *db, locked.seller).await?;
    let contract = contracts.into_iter().find(|m| m.method == locked.method);
    let Some(contract) = contract.filter(|m| gateways.has(m.method)) else {
        return Ok(Next::Ready(Way::Off));
    };
    let memo = queries::find(&mut *db, order).await?.ok_or(PaymentError::NotFound)?.memo;
    let lasts = TimeDelta::minutes(if locked.method.lasts_long() { 60 } else { 30 });
    let attempt = Attempt {
        id: cx.new_id(),
        intent: locked.id,
        merchant: contract.id,
        method: locked.method,
        reference: format!("{memo}-{}", earlier.len() + 1),
        amount,
        url: None,
        session: None,
        payment: None,
        state: AttemptState::Starting,
        note: String::new(),
        made_at: cx.now,
        expires_at: cx.now + lasts,
        tried_at: cx.now,
        asked: 0,
    };
    q::insert_attempt(db, &attempt, cx.now + FIRST_LOOK).await?;
    let begun = NewEvent {
        intent: locked.id,
        kind: EventKind::Started,
        amount,
        currency: VND,
        provider: attempt.method.code(),
        provider_event_id: &format!("started:{}", attempt.reference),
        at: cx.now,
        note: "",
    };
    record::note(db, cx, &locked, &begun).await?;
    Ok(Next::Ask { attempt: Box::new(attempt), again: false })
}

/// Asks the provider for its page; `None` when it has had the request before.
async fn ask(
    db: &PgPool,
    gateways: &Gateways,
    cx: &Cx,
    attempt: &Attempt,
    again: bool,
    payer: Payer<'_>,
) -> Result<Option<Way>, PaymentError> {
    let contract = q::merchant(db, attempt.merchant).await?;
    let sealed = contract.and_then(|m| m.sealed).ok_or(PaymentError::NotFound)?;
    let gateway = gateways.open(attempt.merchant, &sealed)?;
    let (reference, session) = (attempt.reference.as_str(), attempt.session.as_deref());
    if again {
        let known = Known { reference, session, made_at: attempt.made_at };
        match gateway.look_up(cx.now, &known).await {
            Ok(Fate::NotFound | Fate::Pending) => {}
            Ok(fate) => {
                outcome::learn(db, cx, attempt, &fate).await?;
                let paid = matches!(fate, Fate::Captured(_));
                return Ok(paid.then_some(Way::Nothing));
            }
            Err(error) => return Ok(Some(lost(attempt, &error))),
        }
    }
    let memo = reference.split('-').next().unwrap_or(reference);
    let request = Ask {
        key: attempt.id,
        reference,
        amount: attempt.amount,
        info: &format!("Thanh toan {memo}"),
        made_at: attempt.made_at,
        expires_at: attempt.expires_at,
        return_url: &gateways.return_url(attempt.id),
        notice_url: &gateways.notice_url(attempt.method, attempt.merchant),
        buyer_ip: payer.ip,
        lang: payer.lang,
    };
    match gateway.start(&request).await {
        Ok(Started { url, session })
            if url.starts_with("https://") || url.starts_with("http://") =>
        {
            q::opened(db, attempt.id, Some(&url), session.as_deref()).await?;
            Ok(Some(Way::To { url, attempt: attempt.id }))
        }
        Ok(_) => Ok(Some(lost(attempt, &GatewayError::Unknown("not an address".into())))),
        Err(GatewayError::Refused { code }) => {
            outcome::learn(db, cx, attempt, &Fate::Failed { code: code.clone() }).await?;
            Ok(Some(Way::Refused { code }))
        }
        Err(GatewayError::Duplicate) => {
            q::opened(db, attempt.id, None, None).await?;
            Ok(None)
        }
        Err(error) => Ok(Some(lost(attempt, &error))),
    }
}

fn lost(attempt: &Attempt, error: &GatewayError) -> Way {
    tracing::warn!(attempt = %attempt.id, %error, "a gateway did not answer");
    Way::NoAnswer
}
