//! The stand-in for Stripe refuses what Stripe's published description does not know: else it would prove nothing.

use crate::support::gateways::{
    ACCOUNT, STRIPE_KEY, StandIn,
    stripe::described::{self, Wrong},
};
use reqwest::StatusCode;
use serde_json::{Value, json};

type Form = Vec<(&'static str, &'static str)>;

struct Stripe {
    there: StandIn,
    client: reqwest::Client,
}

impl Stripe {
    async fn new() -> Self {
        Self { there: StandIn::start().await, client: reqwest::Client::new() }
    }

    async fn post(&self, path: &str, key: &str, form: &[(&str, &str)]) -> (StatusCode, Value) {
        let mut request = self
            .client
            .post(format!("{}/v1/{path}", self.there.base))
            .bearer_auth(STRIPE_KEY)
            .header("stripe-version", "2026-05-27.dahlia")
            .header("idempotency-key", key)
            .form(form);
        if !path.starts_with("account") {
            request = request.header("stripe-account", ACCOUNT);
        }
        let answer = request.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }
}

/// A request that Stripe takes.
fn good() -> Form {
    vec![
        ("mode", "payment"),
        ("line_items[0][price_data][currency]", "vnd"),
        ("line_items[0][price_data][unit_amount]", "250000"),
        ("line_items[0][price_data][product_data][name]", "Thanh toan"),
        ("line_items[0][quantity]", "1"),
        ("client_reference_id", "R-1"),
        ("success_url", "https://san.example/ve"),
    ]
}

fn with(more: &[(&'static str, &'static str)]) -> Form {
    let mut form = good();
    form.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    form.extend(more);
    form
}

#[tokio::test]
async fn a_wrong_parameter_is_refused_at_every_depth() {
    let stripe = Stripe::new().await;
    for (at, (form, code, parameter)) in [
        (with(&[("colour", "red")]), "parameter_unknown", "colour"),
        (with(&[("line_items[0][colour]", "red")]), "parameter_unknown", "line_items[0][colour]"),
        (
            with(&[("line_items[0][price_data][unit_amount]", "a lot")]),
            "parameter_invalid_type",
            "line_items[0][price_data][unit_amount]",
        ),
        (with(&[("mode", "gift")]), "parameter_invalid", "mode"),
        (with(&[("locale", "xx")]), "parameter_invalid", "locale"),
        (with(&[("expires_at", "soon")]), "parameter_invalid_type", "expires_at"),
    ]
    .into_iter()
    .enumerate()
    {
        let (status, said) = stripe.post("checkout/sessions", &format!("k{at}"), &form).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{said}");
        assert_eq!(
            (&said["error"]["code"], &said["error"]["param"]),
            (&json!(code), &json!(parameter))
        );
    }
    let (status, said) = stripe.post("account_links", "l", &[("account", ACCOUNT)]).await;
    assert_eq!(
        (status, &said["error"]["code"]),
        (StatusCode::BAD_REQUEST, &json!("parameter_missing"))
    );
    assert_eq!(said["error"]["param"], "type");
    let (status, said) = stripe.post("refunds", "r", &[("sum", "1")]).await;
    assert_eq!(
        (status, &said["error"]["code"]),
        (StatusCode::BAD_REQUEST, &json!("parameter_unknown"))
    );
    assert_eq!(
        (stripe.there.payments(), stripe.there.moved()),
        (0, (0, 0)),
        "a refused request did something"
    );
    assert_eq!(stripe.there.problems().len(), 8);
}

#[tokio::test]
async fn a_key_stands_for_one_request() {
    let stripe = Stripe::new().await;
    let first = stripe.post("checkout/sessions", "k", &good()).await;
    assert_eq!(first.0, StatusCode::OK, "{}", first.1);
    assert_eq!(stripe.post("checkout/sessions", "k", &good()).await, first, "the same again");
    assert_eq!((stripe.there.payments(), stripe.there.problems().len()), (1, 0));
    let other = with(&[("line_items[0][quantity]", "2")]);
    let (status, said) = stripe.post("checkout/sessions", "k", &other).await;
    assert_eq!(
        (status, &said["error"]["type"]),
        (StatusCode::BAD_REQUEST, &json!("idempotency_error"))
    );
    assert_eq!(stripe.there.payments(), 1);
    let (status, _) =
        stripe.post("checkout/sessions", "k2", &with(&[("client_reference_id", "R-2")])).await;
    assert_eq!((status, stripe.there.payments()), (StatusCode::OK, 2));
    // A refusal is kept under its key as well.
    stripe.there.pay("R-1");
    let (_, session) = first;
    assert!(session["payment_intent"].is_null(), "nobody has paid yet");
    let nobody = [("payment_intent", "pi_0"), ("amount", "1")];
    let refused = stripe.post("refunds", "r", &nobody).await;
    assert_eq!(refused.0, StatusCode::NOT_FOUND);
    assert_eq!(stripe.post("refunds", "r", &nobody).await, refused);
}

#[test]
fn answers_are_held_against_the_description_too() {
    let operation = "GET /v1/accounts/{account}";
    let mut account = crate::support::gateways::stripe::connect::ready(ACCOUNT);
    assert_eq!(described::answer(operation, &account), [""; 0]);
    account["charges_enabled"] = json!("yes");
    assert_eq!(described::answer(operation, &account).len(), 1);
    account["charges_enabled"] = json!(true);
    account["requirements"]["disabled_reason"] = json!("a reason that Stripe does not know");
    assert_eq!(described::answer(operation, &account).len(), 1);
    assert!(
        !described::object("dispute", &json!({ "id": "dp_1", "object": "dispute" })).is_empty()
    );
}

#[test]
fn forms_are_read_as_described() {
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let form = [field("limit", "100"), field("payment_intent", "pi_1"), field("created[gte]", "5")];
    let read = described::request("GET /v1/refunds", &form).unwrap();
    assert_eq!(read, json!({ "limit": 100, "payment_intent": "pi_1", "created": { "gte": 5 } }));
    let wrong = described::request("GET /v1/refunds", &[field("limit", "many")]).unwrap_err();
    assert_eq!(wrong, Wrong { code: "parameter_invalid_type", parameter: "limit".into() });
}
