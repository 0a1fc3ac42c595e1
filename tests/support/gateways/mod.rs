//! A stand-in for the payment gateways, for tests: it speaks their HTTP on a port of its own and keeps payments,
//! refunds and idempotency keys in memory. It was written from the providers' documents, not from our adapters.
//!
//! **Copied:** every request's signature is checked over the fields that came; a reference, a request id or a refund
//! id that comes again is refused as the provider refuses it (VNPay 94, MoMo 41, ZaloPay −68/−25), or, with Stripe's
//! idempotency keys, answered as the first time; not more goes back than was paid; notices are signed as the provider
//! signs them. For Stripe: who speaks and for which account; every parameter and every answer is held against the published
//! OpenAPI description ([`stripe::described`]); sessions, refunds, disputes, sellers' accounts and idempotency keys are kept.
//!
//! **Not copied:** pages to pay on, bank networks, fees, rates, limits of amounts and times.

mod momo;
pub mod stripe;
mod vnpay;
mod zalopay;

use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use hmac::{Hmac, KeyInit, Mac};
use santinh::payments::{Contract, PaymentMethod};
use serde_json::{Value, json};
use sha2::{Sha256, Sha512};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

pub const TMN: &str = "DEMOTMN1";
pub const VNPAY_SECRET: &str = "VNPAYSECRETVNPAYSECRETVNPAYSECRE";
pub const PARTNER: &str = "MOMOTEST01";
pub const ACCESS: &str = "MOMOACCESSKEY001";
pub const MOMO_SECRET: &str = "MOMOSECRETMOMOSECRETMOMOSECRET01";
pub const APP: i64 = 2553;
pub const KEY1: &str = "ZALOKEYONEZALOKEYONEZALOKEYONE01";
pub const KEY2: &str = "ZALOKEYTWOZALOKEYTWOZALOKEYTWO02";
pub const ACCOUNT: &str = "acct_1Standin00000001";
pub const STRIPE_KEY: &str = "sk_test_standin";
pub const WEBHOOK: &str = "whsec_standin";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Open,
    Paid,
    Failed,
}

#[derive(Debug, Clone)]
pub struct Refund {
    pub name: String,
    pub amount: i64,
    pub metadata: Value,
}

#[derive(Debug, Clone)]
pub struct Payment {
    pub method: PaymentMethod,
    /// What was asked for, and what came of it.
    pub asked: i64,
    pub amount: i64,
    pub currency: String,
    pub status: Status,
    pub number: String,
    /// The session's name (Stripe), the whole name (ZaloPay).
    pub session: String,
    pub refunds: Vec<Refund>,
}

impl Payment {
    fn refunded(&self) -> i64 {
        self.refunds.iter().map(|r| r.amount).sum()
    }
}

#[derive(Default)]
struct State {
    /// Sellers' accounts at Stripe.
    accounts: HashMap<String, Value>,
    payments: HashMap<String, Payment>,
    /// Requests that were seen: their answers.
    seen: HashMap<String, (String, Value)>,
    /// So many answers are still to be lost.
    lose: usize,
    requests: usize,
    count: i64,
    problems: Vec<String>,
}

type Shared = Arc<Mutex<State>>;

pub struct StandIn {
    pub base: String,
    state: Shared,
}

/// A notice as the provider sends it.
pub struct Sent {
    pub raw: Vec<u8>,
    pub signature: String,
}

fn hmac256(key: &str, text: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap().chain_update(text);
    hex::encode(mac.finalize().into_bytes())
}

fn hmac512(key: &str, text: &str) -> String {
    let mac = Hmac::<Sha512>::new_from_slice(key.as_bytes()).unwrap().chain_update(text);
    hex::encode(mac.finalize().into_bytes())
}

/// A field as text, whatever it is.
fn text(value: &Value, field: &str) -> String {
    match &value[field] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Answers, unless the answer is to be lost on the way: then the work is done and nobody hears of it.
async fn answer(state: &Shared, status: u16, body: Value) -> Response {
    let lost = {
        let mut state = state.lock().unwrap();
        let left = state.lose;
        state.lose = left.saturating_sub(1);
        left > 0
    };
    if lost {
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
}

impl StandIn {
    pub async fn start() -> Self {
        stripe::described::read();
        let state = Shared::default();
        let ready = stripe::connect::ready(ACCOUNT);
        state.lock().unwrap().accounts.insert(ACCOUNT.into(), ready);
        let routes = Router::new()
            .route("/page/{reference}", get(|| async { "pay here" }))
            .route("/vnpay/pay", get(vnpay::page))
            .route("/vnpay/api", post(vnpay::api))
            .route("/v2/gateway/api/{what}", post(momo::api))
            .route("/v2/{what}", post(zalopay::api))
            .route("/v1/checkout/sessions", post(stripe::create))
            .route("/v1/checkout/sessions/{id}", get(stripe::session))
            .route("/v1/refunds", post(stripe::refund).get(stripe::refunds))
            .route("/v1/accounts", post(stripe::connect::create))
            .route("/v1/accounts/{id}", get(stripe::connect::find))
            .route("/v1/account_links", post(stripe::connect::link))
            .with_state((state.clone(), String::new()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { base, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The configuration that leads here.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("SANTINH_VNPAY_PAY_URL", format!("{}/vnpay/pay", self.base)),
            ("SANTINH_VNPAY_API_URL", format!("{}/vnpay/api", self.base)),
            ("SANTINH_MOMO_URL", self.base.clone()),
            ("SANTINH_ZALOPAY_URL", self.base.clone()),
            ("SANTINH_STRIPE_URL", self.base.clone()),
            ("SANTINH_STRIPE_KEY", STRIPE_KEY.into()),
            ("SANTINH_STRIPE_WEBHOOK_SECRET", WEBHOOK.into()),
        ]
    }

    /// A seller's contract with this provider.
    pub fn contract(method: PaymentMethod) -> Contract {
        match method {
            PaymentMethod::VnPay => {
                Contract::VnPay { tmn_code: TMN.into(), secret: VNPAY_SECRET.into() }
            }
            PaymentMethod::MoMo => Contract::MoMo {
                partner_code: PARTNER.into(),
                access_key: ACCESS.into(),
                secret_key: MOMO_SECRET.into(),
            },
            PaymentMethod::ZaloPay => {
                Contract::ZaloPay { app_id: APP, key1: KEY1.into(), key2: KEY2.into() }
            }
            _ => Contract::Stripe { account: ACCOUNT.into() },
        }
    }

    /// The next request is worked on and its answer lost.
    pub fn lose_the_next_answer(&self) {
        self.lose_answers(1);
    }

    /// The same for some requests.
    pub fn lose_answers(&self, count: usize) {
        self.state().lose = count;
    }

    /// The buyer opens the page to which he was sent.
    pub async fn visit(&self, url: &str) {
        let answer = reqwest::get(url).await.unwrap();
        assert!(answer.status().is_success(), "{url}: {}", answer.text().await.unwrap());
    }

    /// The buyer pays, however often he presses.
    pub fn pay(&self, reference: &str) {
        let mut state = self.state();
        let payment = state.payments.get_mut(reference).expect("nobody has asked for this payment");
        payment.status = Status::Paid;
    }

    pub fn decline(&self, reference: &str) {
        self.state().payments.get_mut(reference).unwrap().status = Status::Failed;
    }

    /// Another amount comes than was asked for.
    pub fn pay_another_amount(&self, reference: &str, amount: i64) {
        self.pay(reference);
        self.state().payments.get_mut(reference).unwrap().amount = amount;
    }

    /// The buyer's bank takes the money back (Stripe), or gives it again.
    pub fn dispute(&self, reference: &str, won: bool, now: i64) -> Sent {
        stripe::dispute(&self.state().payments[reference].clone(), won, now)
    }

    /// The sellers' accounts at Stripe but the one that is there from the beginning.
    pub fn new_accounts(&self) -> Vec<String> {
        self.state().accounts.keys().filter(|id| *id != ACCOUNT).cloned().collect()
    }

    /// The seller has answered everything that Stripe asks.
    pub fn answers_stripe(&self, account: &str) {
        stripe::connect::answers(self.state().accounts.get_mut(account).unwrap());
    }

    /// Stripe wants something more.
    pub fn stripe_wants(&self, account: &str, what: &str) {
        stripe::connect::wants(self.state().accounts.get_mut(account).unwrap(), what);
    }

    /// The seller parts from the floor at Stripe's own desk.
    pub fn parts(&self, account: &str) {
        self.state().accounts.remove(account);
    }

    /// What Stripe sends about an account.
    pub fn account_notice(&self, account: &str, now: i64) -> Sent {
        let count = self.state().number();
        let id = format!("evt_account_{count}");
        match self.state().accounts.get(account).cloned() {
            Some(object) => stripe::event(&id, "account.updated", account, "account", object, now),
            None => {
                let object = json!({ "id": "ca_1", "object": "application", "name": "Sàn" });
                stripe::event(
                    &id,
                    "account.application.deauthorized",
                    account,
                    "application",
                    object,
                    now,
                )
            }
        }
    }

    /// What moved from buyers to sellers, and back.
    pub fn moved(&self) -> (i64, i64) {
        let state = self.state();
        let paid = state.payments.values().filter(|p| p.status == Status::Paid);
        paid.fold((0, 0), |(came, back), p| (came + p.amount, back + p.refunded()))
    }

    pub fn payments(&self) -> usize {
        self.state().payments.len()
    }

    pub fn requests(&self) -> usize {
        self.state().requests
    }

    /// What was wrong with requests that came.
    pub fn problems(&self) -> Vec<String> {
        self.state().problems.clone()
    }

    /// What the provider sends about a payment as it is.
    pub fn notice(&self, reference: &str, now: i64) -> Sent {
        let payment = self.state().payments[reference].clone();
        match payment.method {
            PaymentMethod::VnPay => vnpay::notice(reference, &payment),
            PaymentMethod::MoMo => momo::notice(reference, &payment),
            PaymentMethod::ZaloPay => zalopay::notice(&payment),
            _ => stripe::notice(reference, &payment, now),
        }
    }
}

impl State {
    fn number(&mut self) -> String {
        self.count += 1;
        (14_000_000 + self.count).to_string()
    }

    fn complain(&mut self, what: impl Into<String>) {
        self.problems.push(what.into());
    }
}

fn refusal(code: &str) -> Value {
    json!({ "error": { "type": "invalid_request_error", "code": code, "message": code } })
}
