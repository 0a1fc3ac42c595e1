//! MoMo's API v2.

use super::*;
use axum::extract::{Path, State as Part};

fn raw(body: &Value, names: &[&str]) -> String {
    let pairs: Vec<String> =
        names.iter().map(|name| format!("{name}={}", text(body, name))).collect();
    format!("accessKey={ACCESS}&{}", pairs.join("&"))
}

pub async fn api(
    Part((state, _)): Part<(Shared, String)>,
    Path(what): Path<String>,
    headers: axum::http::HeaderMap,
    axum::Json(body): axum::Json<Value>,
) -> Response {
    let host = headers["host"].to_str().unwrap().to_owned();
    let names: &[&str] = match what.as_str() {
        "create" => &[
            "amount",
            "extraData",
            "ipnUrl",
            "orderId",
            "orderInfo",
            "partnerCode",
            "redirectUrl",
            "requestId",
            "requestType",
        ],
        "query" => &["orderId", "partnerCode", "requestId"],
        _ => &["amount", "description", "orderId", "partnerCode", "requestId", "transId"],
    };
    let answered = {
        let mut state = state.lock().unwrap();
        state.requests += 1;
        let fits = hmac256(MOMO_SECRET, &raw(&body, names)) == text(&body, "signature");
        match what.as_str() {
            _ if !fits || text(&body, "partnerCode") != PARTNER => told(&body, 13, json!({})),
            "create" => create(&mut state, &body, &host),
            "query" => query(&state, &body),
            _ => refund(&mut state, &body),
        }
    };
    answer(&state, 200, answered).await
}

fn told(body: &Value, code: i64, more: Value) -> Value {
    let mut out = json!({
        "partnerCode": PARTNER, "orderId": body["orderId"], "requestId": body["requestId"], "message": "m",
        "resultCode": code, "responseTime": 1_795_312_800_123_i64,
    });
    for (name, value) in more.as_object().unwrap() {
        out[name] = value.clone();
    }
    out
}

fn create(state: &mut State, body: &Value, host: &str) -> Value {
    let reference = text(body, "orderId");
    if state.payments.contains_key(&reference) {
        return told(body, 41, json!({}));
    }
    let (asked, number) = (body["amount"].as_i64().unwrap(), state.number());
    if !(1_000..=50_000_000).contains(&asked) {
        return told(body, 22, json!({}));
    }
    let payment = Payment {
        method: PaymentMethod::MoMo,
        asked,
        amount: asked,
        currency: "VND".into(),
        status: Status::Open,
        number,
        session: String::new(),
        refunds: Vec::new(),
    };
    state.payments.insert(reference.clone(), payment);
    told(body, 0, json!({ "payUrl": format!("http://{host}/page/{reference}"), "amount": asked }))
}

fn query(state: &State, body: &Value) -> Value {
    let Some(payment) = state.payments.get(&text(body, "orderId")) else {
        return told(body, 42, json!({}));
    };
    let code = match payment.status {
        Status::Open => 1000,
        Status::Paid => 0,
        Status::Failed => 1006,
    };
    let refunds: Vec<Value> = payment
        .refunds
        .iter()
        .map(|r| json!({ "orderId": r.name, "amount": r.amount, "resultCode": 0, "transId": 77 }))
        .collect();
    let number: i64 = payment.number.parse().unwrap();
    told(body, code, json!({ "amount": payment.amount, "transId": number, "refundTrans": refunds }))
}

fn refund(state: &mut State, body: &Value) -> Value {
    let (name, number) = (text(body, "orderId"), text(body, "transId"));
    let amount = body["amount"].as_i64().unwrap();
    let all = state.payments.values().flat_map(|p| &p.refunds);
    if all.into_iter().any(|r| r.name == name) || state.payments.contains_key(&name) {
        return told(body, 41, json!({}));
    }
    let Some(payment) = state.payments.values_mut().find(|p| p.number == number) else {
        return told(body, 42, json!({}));
    };
    if payment.status != Status::Paid || payment.refunded() + amount > payment.amount {
        return told(body, 1080, json!({}));
    }
    payment.refunds.push(Refund { name, amount, metadata: Value::Null });
    told(body, 0, json!({ "transId": 77, "amount": amount }))
}

pub fn notice(reference: &str, payment: &Payment) -> Sent {
    let code = if payment.status == Status::Paid { 0 } else { 1006 };
    let mut body = json!({
        "partnerCode": PARTNER, "orderId": reference, "requestId": "q1", "amount": payment.amount,
        "orderInfo": "Thanh toán đơn", "orderType": "momo_wallet",
        "transId": payment.number.parse::<i64>().unwrap(), "resultCode": code, "message": "Thành công.",
        "payType": "qr", "responseTime": 1_795_312_800_123_i64, "extraData": "",
    });
    let names = [
        "amount",
        "extraData",
        "message",
        "orderId",
        "orderInfo",
        "orderType",
        "partnerCode",
        "payType",
        "requestId",
        "responseTime",
        "resultCode",
        "transId",
    ];
    body["signature"] = hmac256(MOMO_SECRET, &raw(&body, &names)).into();
    Sent { raw: body.to_string().into_bytes(), signature: String::new() }
}
