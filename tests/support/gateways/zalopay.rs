//! ZaloPay's API v2.

use super::*;
use axum::extract::{Path, State as Part};

pub async fn api(
    Part((state, _)): Part<(Shared, String)>,
    Path(what): Path<String>,
    headers: axum::http::HeaderMap,
    axum::Json(body): axum::Json<Value>,
) -> Response {
    let host = headers["host"].to_str().unwrap().to_owned();
    let names: &[&str] = match what.as_str() {
        "create" => {
            &["app_id", "app_trans_id", "app_user", "amount", "app_time", "embed_data", "item"]
        }
        "query" => &["app_id", "app_trans_id"],
        "refund" => &["app_id", "zp_trans_id", "amount", "description", "timestamp"],
        _ => &["app_id", "m_refund_id", "timestamp"],
    };
    let mut all: Vec<String> = names.iter().map(|name| text(&body, name)).collect();
    if what == "query" {
        all.push(KEY1.to_owned());
    }
    let answered = {
        let mut state = state.lock().unwrap();
        state.requests += 1;
        let fits = hmac256(KEY1, &all.join("|")) == text(&body, "mac");
        match what.as_str() {
            _ if !fits => {
                json!({ "return_code": 2, "sub_return_code": -402, "return_message": "mac" })
            }
            "create" => create(&mut state, &body, &host),
            "query" => query(&state, &body),
            "refund" => refund(&mut state, &body),
            _ => refund_status(&state, &body),
        }
    };
    answer(&state, 200, answered).await
}

fn told(code: i64, sub: i64) -> Value {
    json!({ "return_code": code, "sub_return_code": sub, "return_message": "m" })
}

/// `261122_NAME` → `NAME`; what does not begin with a day is refused.
fn reference(name: &str) -> Option<String> {
    let (day, rest) = name.split_once('_')?;
    (day.len() == 6 && name.len() <= 40 && day.bytes().all(|b| b.is_ascii_digit()))
        .then(|| rest.to_owned())
}

fn create(state: &mut State, body: &Value, host: &str) -> Value {
    let name = text(body, "app_trans_id");
    let lasts = body["expire_duration_seconds"].as_i64().unwrap_or(900);
    let Some(reference) = reference(&name).filter(|_| (300..=2_592_000).contains(&lasts)) else {
        return told(2, -92);
    };
    if state.payments.contains_key(&reference) {
        return told(2, -68);
    }
    let (asked, number) = (body["amount"].as_i64().unwrap(), state.number());
    let payment = Payment {
        method: PaymentMethod::ZaloPay,
        asked,
        amount: asked,
        currency: "VND".into(),
        status: Status::Open,
        number,
        session: name,
        refunds: Vec::new(),
    };
    state.payments.insert(reference.clone(), payment);
    let mut out = told(1, 1);
    out["order_url"] = format!("http://{host}/page/{reference}").into();
    out
}

fn query(state: &State, body: &Value) -> Value {
    let name = text(body, "app_trans_id");
    let Some(payment) = state.payments.values().find(|p| p.session == name) else {
        return told(2, -101);
    };
    match payment.status {
        Status::Open => told(3, 0),
        Status::Failed => told(2, -54),
        Status::Paid => {
            let mut out = told(1, 1);
            out["zp_trans_id"] = payment.number.parse::<i64>().unwrap().into();
            out["amount"] = payment.amount.into();
            out
        }
    }
}

fn refund(state: &mut State, body: &Value) -> Value {
    let (name, number) = (text(body, "m_refund_id"), text(body, "zp_trans_id"));
    let amount = body["amount"].as_i64().unwrap();
    if name.split('_').nth(1).is_none_or(|app| app != APP.to_string()) || name.len() > 45 {
        return told(2, -92);
    }
    if state.payments.values().flat_map(|p| &p.refunds).any(|r| r.name == name) {
        return told(2, -25);
    }
    let Some(payment) = state.payments.values_mut().find(|p| p.number == number) else {
        return told(2, -101);
    };
    if payment.status != Status::Paid || payment.refunded() + amount > payment.amount {
        return told(2, -14);
    }
    payment.refunds.push(Refund { name, amount, metadata: Value::Null });
    // ZaloPay takes it on and does it a little later.
    let mut out = told(3, 0);
    out["refund_id"] = 180_208_000_000_072_i64.into();
    out
}

fn refund_status(state: &State, body: &Value) -> Value {
    let name = text(body, "m_refund_id");
    let known = state.payments.values().flat_map(|p| &p.refunds).any(|r| r.name == name);
    if known { told(1, 1) } else { told(2, -101) }
}

pub fn notice(payment: &Payment) -> Sent {
    let data = json!({
        "app_id": APP, "app_trans_id": payment.session, "app_time": 1_795_312_800_123_i64, "app_user": "u",
        "amount": payment.amount, "embed_data": "{}", "item": "[]",
        "zp_trans_id": payment.number.parse::<i64>().unwrap(), "server_time": 1_795_312_860_000_i64, "channel": 38,
    })
    .to_string();
    let mac = hmac256(KEY2, &data);
    let body = json!({ "data": data, "mac": mac, "type": 1 });
    Sent { raw: body.to_string().into_bytes(), signature: String::new() }
}
