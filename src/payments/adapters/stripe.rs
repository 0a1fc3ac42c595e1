//! Stripe, by `async-stripe`: a Checkout Session on the seller's own connected account (a direct charge: the money
//! never rests with the floor). Đồng have no smaller unit there either: amounts are sent as they are.

use super::{
    super::ports::{
        About, Ask, Capture, Fate, Forged, Gateway, GatewayError, Heard, Inbound, Known, Notice,
        RefundAsk, RefundFate, Reply, Started, Told,
    },
    number, text,
    wire::unknown,
};
use crate::{
    config,
    kernel::{Lang, Vnd},
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::{collections::HashMap, time::Duration};
use stripe::{
    AccountId, Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeError, StripeRequest,
};
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData,
    CreateCheckoutSessionPaymentIntentData, ProductData, RetrieveCheckoutSession,
};
use stripe_core::refund::{CreateRefund, ListRefund};
use stripe_shared::{
    CheckoutSession, CheckoutSessionLocale, CheckoutSessionMode, CheckoutSessionPaymentStatus,
    CheckoutSessionStatus, Refund,
};
use stripe_types::Currency;
use stripe_webhook::{Webhook, WebhookError};

/// A seller's account that is connected to the floor's platform.
pub(in super::super) struct Stripe {
    /// Speaks for the account.
    pub(in super::super) client: Client,
    pub(in super::super) webhook: SecretString,
}

/// A client that speaks for one connected account.
pub(in super::super) fn new_client(
    config: &config::Stripe,
    account: &str,
    patience: Duration,
) -> Result<Client, StripeError> {
    let account: AccountId =
        account.parse().map_err(|_| StripeError::ConfigError("account".into()))?;
    ClientBuilder::new(config.key.expose_secret())
        .url(format!("{}/", config.url))
        .account_id(account)
        .timeout(patience)
        .request_strategy(RequestStrategy::Once)
        .build()
}

/// What Stripe says, as far as we know what it means.
pub(super) fn understood(error: StripeError) -> GatewayError {
    match error {
        StripeError::Stripe(error, status) => {
            let code = error.code.as_ref().map(ToString::to_string);
            let code = code.unwrap_or_else(|| status.to_string());
            match status {
                409 | 424 | 429 | 500.. => unknown(format!("{status} {code}")),
                _ => GatewayError::Refused { code },
            }
        }
        other => unknown(other),
    }
}

pub(super) fn idempotent(key: uuid::Uuid, what: &str) -> Result<RequestStrategy, GatewayError> {
    let key = IdempotencyKey::new(format!("{what}-{key}")).map_err(unknown)?;
    Ok(RequestStrategy::Idempotent(key))
}

fn create(ask: &Ask<'_>) -> CreateCheckoutSession {
    let named = HashMap::from([("reference".to_owned(), ask.reference.to_owned())]);
    let mut price = CreateCheckoutSessionLineItemsPriceData::new(Currency::VND);
    price.unit_amount = Some(ask.amount.0);
    price.product_data = Some(ProductData::new(ask.info));
    let mut item = CreateCheckoutSessionLineItems::new();
    item.price_data = Some(price);
    item.quantity = Some(1);
    let mut intent = CreateCheckoutSessionPaymentIntentData::new();
    intent.metadata = Some(named.clone());
    let locale = match ask.lang {
        Lang::Vi => CheckoutSessionLocale::Vi,
        Lang::En => CheckoutSessionLocale::En,
    };
    CreateCheckoutSession::new()
        .mode(CheckoutSessionMode::Payment)
        .line_items(vec![item])
        .client_reference_id(ask.reference)
        .metadata(named)
        .payment_intent_data(intent)
        .locale(locale)
        .expires_at(ask.expires_at.timestamp())
        .success_url(ask.return_url)
        .cancel_url(ask.return_url)
}

fn fate_of(session: &CheckoutSession) -> Fate {
    let payment = session.payment_intent.as_ref().map(|p| p.id().to_string());
    let currency = session.currency.as_ref().map(|c| c.to_string().to_uppercase());
    match (&session.payment_status, &session.status) {
        (CheckoutSessionPaymentStatus::Paid, _) => Fate::Captured(Capture {
            payment: payment.unwrap_or_default(),
            amount: session.amount_total.unwrap_or(-1),
            currency: currency.unwrap_or_default(),
        }),
        (_, Some(CheckoutSessionStatus::Expired)) => Fate::Failed { code: "expired".into() },
        _ => Fate::Pending,
    }
}

fn fate_of_refund(refund: &Refund) -> RefundFate {
    let id = refund.id.to_string();
    match refund.status.as_deref() {
        Some("succeeded") => RefundFate::Done { refund: id },
        Some("failed" | "canceled") => {
            RefundFate::Refused { code: refund.status.clone().unwrap_or_default() }
        }
        _ => RefundFate::Pending { refund: Some(id) },
    }
}

/// What an event says of which payment, read without the library's types: an event of another API version is
/// read as far as it goes.
fn told(kind: &str, object: &Value) -> (About, Told) {
    let reference = match &object["metadata"]["reference"] {
        Value::String(reference) => About::Reference(reference.clone()),
        _ => match text(object, "payment_intent") {
            none if none.is_empty() => About::Nothing,
            payment => About::Payment(payment),
        },
    };
    let amount = number(object, "amount").unwrap_or(-1);
    let currency = text(object, "currency").to_uppercase();
    let id = text(object, "id");
    let ours = text(&object["metadata"], "refund").parse().ok();
    let payment = || match text(object, "payment_intent") {
        none if none.is_empty() => About::Nothing,
        payment => About::Payment(payment),
    };
    match kind {
        // Stripe is asked what the session comes to.
        "checkout.session.completed"
        | "checkout.session.async_payment_succeeded"
        | "checkout.session.async_payment_failed"
        | "checkout.session.expired" => (reference, Told::Hint),
        "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => {
            let told = match text(object, "status").as_str() {
                "succeeded" => Told::Refunded { ours, refund: id, amount, currency },
                "failed" | "canceled" => {
                    Told::RefundFailed { ours, code: text(object, "failure_reason") }
                }
                _ => Told::Other,
            };
            (payment(), told)
        }
        "charge.dispute.funds_withdrawn" => {
            (payment(), Told::Chargeback { dispute: id, amount, currency })
        }
        "charge.dispute.funds_reinstated" => {
            (payment(), Told::ChargebackReversed { dispute: id, amount, currency })
        }
        "account.updated" | "account.application.deauthorized" | "capability.updated" => {
            (About::Nothing, Told::Account)
        }
        _ => (About::Nothing, Told::Other),
    }
}

#[async_trait]
impl Gateway for Stripe {
    async fn start(&self, ask: &Ask<'_>) -> Result<Started, GatewayError> {
        let request = create(ask).customize().request_strategy(idempotent(ask.key, "pay")?);
        let session = request.send(&self.client).await.map_err(understood)?;
        let url = session.url.ok_or_else(|| unknown("a session without an address"))?;
        Ok(Started { url, session: Some(session.id.to_string()) })
    }

    fn verify(&self, now: DateTime<Utc>, inbound: &Inbound<'_>) -> Result<Notice, Forged> {
        let body = std::str::from_utf8(inbound.raw).map_err(|_| Forged)?;
        let secret = self.webhook.expose_secret();
        let at = now.timestamp();
        match Webhook::construct_event_with_timestamp(body, inbound.signature, secret, at) {
            // Signed, though of a version that the library does not know: kept.
            Ok(_) | Err(WebhookError::BadParse(_)) => self.read(inbound.raw).ok_or(Forged),
            Err(_) => Err(Forged),
        }
    }

    fn read(&self, raw: &[u8]) -> Option<Notice> {
        let event: Value = serde_json::from_slice(raw).ok()?;
        let id = text(&event, "id");
        let account = Some(text(&event, "account")).filter(|account| !account.is_empty());
        let (about, told) = told(&text(&event, "type"), &event["data"]["object"]);
        (!id.is_empty()).then_some(Notice { id, about, account, told })
    }

    fn acknowledge(&self, heard: Heard) -> Reply {
        match heard {
            Heard::Forged => Reply::json(400, &json!({ "error": "bad signature" })),
            _ => Reply::json(200, &json!({ "received": true })),
        }
    }

    async fn look_up(&self, _: DateTime<Utc>, of: &Known<'_>) -> Result<Fate, GatewayError> {
        // Without its name the session was never told to us: the same request again tells it.
        let Some(session) = of.session else { return Ok(Fate::NotFound) };
        let request = RetrieveCheckoutSession::new(session);
        match request.send(&self.client).await.map_err(understood) {
            Ok(session) if session.client_reference_id.as_deref() == Some(of.reference) => {
                Ok(fate_of(&session))
            }
            Ok(_) => Err(unknown("an answer about another payment")),
            Err(GatewayError::Refused { code }) if code == "resource_missing" => Ok(Fate::NotFound),
            Err(error) => Err(error),
        }
    }

    async fn refund(
        &self,
        _: DateTime<Utc>,
        ask: &RefundAsk<'_>,
    ) -> Result<RefundFate, GatewayError> {
        let named = HashMap::from([("refund".to_owned(), ask.key.to_string())]);
        let Vnd(amount) = ask.amount;
        let request = CreateRefund::new()
            .payment_intent(ask.payment)
            .amount(amount)
            .metadata(named)
            .customize()
            .request_strategy(idempotent(ask.key, "refund")?);
        match request.send(&self.client).await.map_err(understood) {
            Ok(refund) => Ok(fate_of_refund(&refund)),
            Err(GatewayError::Refused { code }) => Ok(RefundFate::Refused { code }),
            Err(error) => Err(error),
        }
    }

    /// The payment's refunds carry our name.
    async fn refund_status(
        &self,
        _: DateTime<Utc>,
        ask: &RefundAsk<'_>,
    ) -> Result<RefundFate, GatewayError> {
        let list = ListRefund::new().payment_intent(ask.payment).limit(100);
        let list = list.send(&self.client).await.map_err(understood)?;
        let ours = ask.key.to_string();
        let is_ours = |refund: &&Refund| {
            refund.metadata.as_ref().and_then(|m| m.get("refund")) == Some(&ours)
        };
        Ok(list.data.iter().find(is_ours).map_or(RefundFate::NotFound, fate_of_refund))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn ours(webhook: &str) -> Stripe {
        let key = SecretString::from("sk_test_1");
        let webhook = SecretString::from(webhook);
        let url = "http://127.0.0.1:9".to_owned();
        let config = config::Stripe { url, key, webhook: webhook.clone() };
        let client = new_client(&config, "acct_1PgafyB7WZ01zgkW", Duration::from_secs(1)).unwrap();
        Stripe { client, webhook }
    }

    #[test]
    fn dong_are_sent_as_they_are() {
        let made_at = DateTime::from_timestamp(1_795_312_800, 0).unwrap();
        let ask = Ask {
            key: uuid::Uuid::nil(),
            reference: "SGD7K3M9QXW4-1",
            amount: Vnd(250_000),
            info: "Thanh toan SGD7K3M9QXW4",
            made_at,
            expires_at: made_at + TimeDelta::minutes(60),
            return_url: "https://san.example/a",
            notice_url: "https://san.example/b",
            buyer_ip: "",
            lang: Lang::Vi,
        };
        let body = create(&ask).build().body.unwrap();
        let fields: HashMap<String, String> =
            form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        assert_eq!(fields["line_items[0][price_data][unit_amount]"], "250000");
        assert_eq!(fields["line_items[0][price_data][currency]"], "vnd");
        assert_eq!(fields["line_items[0][quantity]"], "1");
        assert_eq!(fields["mode"], "payment");
        assert_eq!(fields["metadata[reference]"], "SGD7K3M9QXW4-1");
        assert!(!body.contains("application_fee"), "the floor took a share of a payment");
        assert!(!body.contains("transfer_data"), "the money went through the floor");
    }

    #[test]
    fn events_are_believed_only_when_signed_and_fresh() {
        let text = include_str!("../../../tests/fixtures/gateways/stripe_webhook.json");
        let vectors: Value = serde_json::from_str(text).unwrap();
        let mut seen = 0;
        for vector in vectors["vectors"].as_array().unwrap() {
            let gateway = ours(vector["secret"].as_str().unwrap());
            let now = DateTime::from_timestamp(vector["now"].as_i64().unwrap(), 0).unwrap();
            let raw = vector["payload"].as_str().unwrap().as_bytes();
            let signature = vector["header"].as_str().unwrap();
            let read = gateway.verify(now, &Inbound { raw, signature });
            assert_eq!(read.is_ok(), vector["expect"] == "ok", "{}", vector["id"]);
            let other = ours("whsec_another").verify(now, &Inbound { raw, signature });
            assert_eq!(other, Err(Forged));
            seen += 1;
        }
        assert_eq!(seen, 5);
    }

    #[test]
    fn an_event_of_another_version_is_kept() {
        let at = 1_795_312_800;
        let event = json!({
            "id": "evt_9", "object": "event", "api_version": "2031-01-01.unheard", "account": "acct_1",
            "type": "charge.dispute.funds_withdrawn",
            "data": { "object": { "id": "dp_1", "payment_intent": "pi_1", "amount": 90_000, "currency": "vnd",
                                  "status": "a status of that year" } },
        });
        let payload = event.to_string();
        let header = Webhook::generate_test_header(&payload, "whsec_1", Some(at));
        let inbound = Inbound { raw: payload.as_bytes(), signature: &header };
        let now = DateTime::from_timestamp(at, 0).unwrap();
        let notice = ours("whsec_1").verify(now, &inbound).unwrap();
        assert_eq!(notice.about, About::Payment("pi_1".into()));
        let (dispute, currency) = ("dp_1".into(), "VND".into());
        assert_eq!(notice.told, Told::Chargeback { dispute, amount: 90_000, currency });
    }
}
