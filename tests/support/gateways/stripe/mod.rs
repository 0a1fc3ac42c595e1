//! Stripe: Checkout Sessions and refunds of a connected account, disputes, and accounts of sellers ([`connect`]). Every
//! request and every answer is held against Stripe's published description ([`described`]).

pub mod connect;
pub mod described;

use super::*;
use axum::extract::{Path, RawQuery, State as Part};
use axum::http::HeaderMap;

type Fields = Vec<(String, String)>;
type Said = (u16, Value);

fn fields(encoded: &[u8]) -> Fields {
    form_urlencoded::parse(encoded).into_owned().collect()
}

/// Who speaks, of which version, and whether the request is one of those that Stripe describes; then the work; and
/// whether its answer is one, too.
fn on(
    state: &Shared,
    operation: &str,
    headers: &HeaderMap,
    fields: &Fields,
    work: impl FnOnce(&mut State, &Value) -> Said,
) -> Said {
    let mut state = state.lock().unwrap();
    state.requests += 1;
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if header("authorization") != format!("Bearer {STRIPE_KEY}") {
        state.complain("authorization");
        return (401, refusal("authentication_required"));
    }
    if header("stripe-version").is_empty() {
        state.complain("no version");
    }
    let form = match described::request(operation, fields) {
        Ok(form) => form,
        Err(wrong) => {
            state.complain(format!("{} {}", wrong.code, wrong.parameter));
            return (400, refusal_of(wrong.code, &wrong.parameter));
        }
    };
    let (status, said) = work(&mut state, &form);
    let faults = if status == 200 { described::answer(operation, &said) } else { Vec::new() };
    if faults.is_empty() {
        return (status, said);
    }
    state.complain(format!("our own answer to {operation}: {faults:?}"));
    (500, refusal("api_error"))
}

fn refusal_of(code: &str, parameter: &str) -> Value {
    let message = format!("{code}: {parameter}");
    json!({ "error": { "type": "invalid_request_error", "code": code, "message": message, "param": parameter } })
}

/// Payments are made on the seller's account.
fn for_the_account(state: &mut State, headers: &HeaderMap) {
    if headers.get("stripe-account").and_then(|v| v.to_str().ok()) != Some(ACCOUNT) {
        state.complain("not for the connected account");
    }
}

/// The same key again gives the same answer, whatever it was; with other parameters it is refused. Keys belong to the
/// account that is spoken for.
fn once(
    state: &mut State,
    headers: &HeaderMap,
    body: &str,
    work: impl FnOnce(&mut State) -> Said,
) -> Said {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if text("idempotency-key").is_empty() {
        state.complain("no idempotency key");
        return work(state);
    }
    let key = format!("{} {}", text("stripe-account"), text("idempotency-key"));
    match state.seen.get(&key) {
        Some((before, said)) if before == body => {
            return (said["status"].as_u64().unwrap() as u16, said["body"].clone());
        }
        Some(_) => {
            state.complain("a key with other parameters");
            let message = "Keys for idempotent requests can only be used with the same parameters \
                           they were first used with.";
            return (400, json!({ "error": { "type": "idempotency_error", "message": message } }));
        }
        None => {}
    }
    let (status, said) = work(state);
    state.seen.insert(key, (body.to_owned(), json!({ "status": status, "body": said })));
    (status, said)
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

pub(super) async fn create(
    Part((state, _)): Part<(Shared, String)>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let fields = fields(body.as_bytes());
    let host = headers["host"].to_str().unwrap().to_owned();
    let said = on(&state, "POST /v1/checkout/sessions", &headers, &fields, |state, form| {
        for_the_account(state, &headers);
        // What the description says in words: a payment has lines and a way back.
        let item = &form["line_items"][0];
        let amount = item["price_data"]["unit_amount"].as_i64();
        let amount = amount.zip(item["quantity"].as_i64()).map(|(each, n)| each * n);
        if form["mode"] != "payment" || form["success_url"].is_null() || amount.is_none() {
            state.complain("parameter_missing");
            return (400, refusal("parameter_missing"));
        }
        once(state, &headers, &body, |state| {
            let reference = text(form, "client_reference_id");
            let asked = amount.unwrap_or_default();
            let payment = Payment {
                method: PaymentMethod::Stripe,
                asked,
                amount: asked,
                currency: text(&item["price_data"], "currency"),
                status: Status::Open,
                number: format!("pi_{}", state.number()),
                session: format!("cs_test_{}", state.number()),
                refunds: Vec::new(),
            };
            let mut out = shown(&reference, &payment);
            out["url"] = format!("http://{host}/page/{reference}").into();
            state.payments.insert(reference, payment);
            (200, out)
        })
    });
    answer(&state, said.0, said.1).await
}

pub(super) async fn session(
    Part((state, _)): Part<(Shared, String)>,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = fields(query.unwrap_or_default().as_bytes());
    let said = on(&state, "GET /v1/checkout/sessions/{session}", &headers, &fields, |state, _| {
        for_the_account(state, &headers);
        match state.payments.iter().find(|(_, p)| p.session == id) {
            Some((reference, payment)) => (200, shown(reference, payment)),
            None => (404, refusal("resource_missing")),
        }
    });
    answer(&state, said.0, said.1).await
}

fn refund_shown(payment: &Payment, refund: &Refund) -> Value {
    json!({
        "id": refund.name, "object": "refund", "amount": refund.amount, "currency": payment.currency,
        "created": 1_795_312_900, "payment_intent": payment.number, "status": "succeeded",
        "metadata": refund.metadata,
    })
}

pub(super) async fn refund(
    Part((state, _)): Part<(Shared, String)>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let fields = fields(body.as_bytes());
    let said = on(&state, "POST /v1/refunds", &headers, &fields, |state, form| {
        for_the_account(state, &headers);
        once(state, &headers, &body, |state| {
            let name = format!("re_{}", state.number());
            let number = text(form, "payment_intent");
            let Some(payment) = state.payments.values_mut().find(|p| p.number == number) else {
                return (404, refusal("resource_missing"));
            };
            // Without an amount: all that is left.
            let left = payment.amount - payment.refunded();
            let amount = form["amount"].as_i64().unwrap_or(left);
            if payment.status != Status::Paid || amount > left || amount <= 0 {
                return (400, refusal("charge_already_refunded"));
            }
            let refund = Refund { name, amount, metadata: form["metadata"].clone() };
            payment.refunds.push(refund.clone());
            (200, refund_shown(payment, &refund))
        })
    });
    answer(&state, said.0, said.1).await
}

pub(super) async fn refunds(
    Part((state, _)): Part<(Shared, String)>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = fields(query.unwrap_or_default().as_bytes());
    let said = on(&state, "GET /v1/refunds", &headers, &fields, |state, form| {
        for_the_account(state, &headers);
        let wanted = text(form, "payment_intent");
        let found = state.payments.values().find(|p| wanted.is_empty() || p.number == wanted);
        let list = |p: &Payment| p.refunds.iter().map(|r| refund_shown(p, r)).collect::<Vec<_>>();
        (
            200,
            json!({ "object": "list", "url": "/v1/refunds", "has_more": false,
                      "data": found.map(list).unwrap_or_default() }),
        )
    });
    answer(&state, said.0, said.1).await
}

/// An event as Stripe sends it, of an object as Stripe describes it.
pub fn event(id: &str, kind: &str, account: &str, name: &str, object: Value, now: i64) -> Sent {
    if described_object(name) {
        assert_eq!(described::object(name, &object), [""; 0], "{kind}");
    }
    let event = json!({
        "id": id, "object": "event", "api_version": "2026-05-27.dahlia", "account": account, "created": now,
        "livemode": false, "pending_webhooks": 1, "type": kind,
        "request": { "id": null, "idempotency_key": null }, "data": { "object": object },
    });
    assert_eq!(described::object("event", &event), [""; 0]);
    let event = event.to_string();
    let signature = format!("t={now},v1={}", hmac256(WEBHOOK, &format!("{now}.{event}")));
    Sent { raw: event.into_bytes(), signature }
}

fn described_object(name: &str) -> bool {
    name != "application"
}

pub fn notice(reference: &str, payment: &Payment, now: i64) -> Sent {
    let kind = match payment.status {
        Status::Paid => "checkout.session.completed",
        Status::Open | Status::Failed => "checkout.session.expired",
    };
    let id = format!("evt_{reference}_{kind}");
    event(&id, kind, ACCOUNT, "checkout.session", shown(reference, payment), now)
}

/// The buyer's bank takes the money back, or gives it again.
pub fn dispute(payment: &Payment, won: bool, now: i64) -> Sent {
    let (kind, status) = match won {
        false => ("charge.dispute.funds_withdrawn", "needs_response"),
        true => ("charge.dispute.funds_reinstated", "won"),
    };
    let id = format!("dp_{}", payment.number);
    let object = json!({
        "id": id, "object": "dispute", "amount": payment.amount, "currency": payment.currency,
        "balance_transactions": [], "charge": format!("ch_{}", payment.number), "created": now,
        "enhanced_eligibility_types": [], "evidence": { "enhanced_evidence": {} },
        "evidence_details": { "enhanced_eligibility": {}, "has_evidence": false, "past_due": false,
                              "submission_count": 0 },
        "is_charge_refundable": false, "livemode": false, "metadata": {}, "reason": "fraudulent",
        "status": status, "payment_intent": payment.number,
    });
    event(&format!("evt_{id}_{status}"), kind, ACCOUNT, "dispute", object, now)
}
