//! Stripe: Checkout Sessions and refunds of a connected account.

use super::*;
use axum::extract::{Path, Query, State as Part};
use axum::http::HeaderMap;

type Fields = Vec<(String, String)>;

/// The parameters of `POST /v1/checkout/sessions` and `POST /v1/refunds` that we use, as Stripe describes them.
const SESSION: [&str; 12] = [
    "mode",
    "line_items[0][price_data][currency]",
    "line_items[0][price_data][unit_amount]",
    "line_items[0][price_data][product_data][name]",
    "line_items[0][quantity]",
    "client_reference_id",
    "metadata[reference]",
    "payment_intent_data[metadata][reference]",
    "locale",
    "expires_at",
    "success_url",
    "cancel_url",
];
const REFUND: [&str; 3] = ["payment_intent", "amount", "metadata[refund]"];

fn get<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
}

/// Who speaks, for which account, of which version, with which parameters.
fn check(state: &mut State, headers: &HeaderMap, fields: &Fields, known: &[&str]) -> Option<Value> {
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if header("authorization") != format!("Bearer {STRIPE_KEY}") {
        state.complain("authorization");
        return Some(refusal("authentication_required"));
    }
    if header("stripe-account") != ACCOUNT {
        state.complain("not for the connected account");
    }
    if header("stripe-version").is_empty() {
        state.complain("no version");
    }
    for (name, _) in fields {
        if !known.contains(&name.as_str()) {
            state.complain(format!("parameter_unknown {name}"));
            return Some(refusal("parameter_unknown"));
        }
    }
    None
}

/// The same key again gives the same answer; with other parameters it is refused.
fn once(
    state: &mut State,
    headers: &HeaderMap,
    body: &str,
    work: impl FnOnce(&mut State) -> (u16, Value),
) -> (u16, Value) {
    let Some(key) = headers.get("idempotency-key").and_then(|v| v.to_str().ok()) else {
        state.complain("no idempotency key");
        return work(state);
    };
    match state.seen.get(key) {
        Some((before, answer)) if before == body => return (200, answer.clone()),
        Some(_) => {
            state.complain("a key with other parameters");
            return (400, refusal("idempotency_error"));
        }
        None => {}
    }
    let (status, answer) = work(state);
    if status == 200 {
        state.seen.insert(key.to_owned(), (body.to_owned(), answer.clone()));
    }
    (status, answer)
}

fn shown(reference: &str, payment: &Payment) -> Value {
    let (status, paid) = match payment.status {
        Status::Open => ("open", "unpaid"),
        Status::Paid => ("complete", "paid"),
        Status::Failed => ("expired", "unpaid"),
    };
    json!({
        "id": payment.session, "object": "checkout.session", "amount_total": payment.amount,
        "currency": payment.currency, "payment_status": paid, "status": status, "mode": "payment",
        "client_reference_id": reference, "metadata": { "reference": reference },
        "payment_intent": if payment.status == Status::Paid { json!(payment.number) } else { Value::Null },
        "automatic_tax": { "enabled": false, "liability": null, "status": null, "provider": null },
        "created": 1_795_312_800, "expires_at": 1_795_316_400, "custom_fields": [], "livemode": false,
        "custom_text": { "after_submit": null, "shipping_address": null, "submit": null,
                         "terms_of_service_acceptance": null },
        "payment_method_types": ["card"], "shipping_options": [],
        "url": "https://checkout.stripe.com/c/pay/cs_test",
    })
}

pub async fn create(
    Part((state, _)): Part<(Shared, String)>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let fields: Fields = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let host = headers["host"].to_str().unwrap().to_owned();
    let (status, answered) = {
        let mut state = state.lock().unwrap();
        state.requests += 1;
        match check(&mut state, &headers, &fields, &SESSION) {
            Some(error) => (400, error),
            None => once(&mut state, &headers, &body, |state| {
                let reference = get(&fields, "client_reference_id").to_owned();
                let asked = get(&fields, "line_items[0][price_data][unit_amount]").parse().unwrap();
                if get(&fields, "mode") != "payment"
                    || get(&fields, "line_items[0][quantity]") != "1"
                {
                    return (400, refusal("parameter_invalid"));
                }
                let payment = Payment {
                    method: PaymentMethod::Stripe,
                    asked,
                    amount: asked,
                    currency: get(&fields, "line_items[0][price_data][currency]").to_owned(),
                    status: Status::Open,
                    number: format!("pi_{}", state.number()),
                    session: format!("cs_test_{}", state.number()),
                    refunds: Vec::new(),
                };
                let mut out = shown(&reference, &payment);
                out["url"] = format!("http://{host}/page/{reference}").into();
                state.payments.insert(reference, payment);
                (200, out)
            }),
        }
    };
    answer(&state, status, answered).await
}

pub async fn session(Part((state, _)): Part<(Shared, String)>, Path(id): Path<String>) -> Response {
    let (status, answered) = {
        let mut state = state.lock().unwrap();
        state.requests += 1;
        match state.payments.iter().find(|(_, p)| p.session == id) {
            Some((reference, payment)) => (200, shown(reference, payment)),
            None => (404, refusal("resource_missing")),
        }
    };
    answer(&state, status, answered).await
}

fn refund_shown(payment: &Payment, refund: &Refund) -> Value {
    json!({
        "id": refund.name, "object": "refund", "amount": refund.amount, "currency": payment.currency,
        "created": 1_795_312_900, "payment_intent": payment.number, "status": "succeeded",
        "metadata": refund.metadata,
    })
}

pub async fn refund(
    Part((state, _)): Part<(Shared, String)>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let fields: Fields = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let (status, answered) = {
        let mut state = state.lock().unwrap();
        state.requests += 1;
        match check(&mut state, &headers, &fields, &REFUND) {
            Some(error) => (400, error),
            None => once(&mut state, &headers, &body, |state| {
                let amount: i64 = get(&fields, "amount").parse().unwrap();
                let name = format!("re_{}", state.number());
                let number = get(&fields, "payment_intent");
                let Some(payment) = state.payments.values_mut().find(|p| p.number == number) else {
                    return (404, refusal("resource_missing"));
                };
                if payment.status != Status::Paid || payment.refunded() + amount > payment.amount {
                    return (400, refusal("charge_already_refunded"));
                }
                let metadata = json!({ "refund": get(&fields, "metadata[refund]") });
                let refund = Refund { name, amount, metadata };
                payment.refunds.push(refund.clone());
                (200, refund_shown(payment, &refund))
            }),
        }
    };
    answer(&state, status, answered).await
}

pub async fn refunds(
    Part((state, _)): Part<(Shared, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let answered = {
        let mut state = state.lock().unwrap();
        state.requests += 1;
        let found = state.payments.values().find(|p| p.number == query["payment_intent"]);
        let list = |p: &Payment| p.refunds.iter().map(|r| refund_shown(p, r)).collect::<Vec<_>>();
        json!({ "object": "list", "url": "/v1/refunds", "has_more": false,
                "data": found.map(list).unwrap_or_default() })
    };
    answer(&state, 200, answered).await
}

pub fn notice(reference: &str, payment: &Payment, now: i64) -> Sent {
    let kind = match payment.status {
        Status::Paid => "checkout.session.completed",
        Status::Open | Status::Failed => "checkout.session.expired",
    };
    let event = json!({
        "id": format!("evt_{reference}_{kind}"), "object": "event", "api_version": "2026-05-27.dahlia",
        "account": ACCOUNT, "created": now, "livemode": false, "pending_webhooks": 1, "type": kind,
        "request": { "id": null, "idempotency_key": null }, "data": { "object": shown(reference, payment) },
    })
    .to_string();
    let signature = format!("t={now},v1={}", hmac256(WEBHOOK, &format!("{now}.{event}")));
    Sent { raw: event.into_bytes(), signature }
}
