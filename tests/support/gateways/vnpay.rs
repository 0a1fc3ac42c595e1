//! VNPay's page, questions, refunds and notices.

use super::*;
use axum::extract::{RawQuery, State as Part};
use std::collections::BTreeMap;

fn encode(fields: &BTreeMap<String, String>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// The page checks the address before it shows anything.
pub async fn page(Part((state, _)): Part<(Shared, String)>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let mut fields: BTreeMap<String, String> =
        form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let hash = fields.remove("vnp_SecureHash").unwrap_or_default();
    if hash != hmac512(VNPAY_SECRET, &encode(&fields)) || fields["vnp_TmnCode"] != TMN {
        return (StatusCode::BAD_REQUEST, "97").into_response();
    }
    for field in ["vnp_Amount", "vnp_CreateDate", "vnp_ExpireDate", "vnp_IpAddr", "vnp_ReturnUrl"] {
        assert!(!fields[field].is_empty(), "{field}");
    }
    let asked = fields["vnp_Amount"].parse::<i64>().unwrap() / 100;
    let mut state = state.lock().unwrap();
    let number = state.number();
    state.payments.entry(fields["vnp_TxnRef"].clone()).or_insert(Payment {
        method: PaymentMethod::VnPay,
        asked,
        amount: asked,
        currency: "VND".into(),
        status: Status::Open,
        number,
        session: fields["vnp_CreateDate"].clone(),
        refunds: Vec::new(),
    });
    "pay here".into_response()
}

fn signed(mut body: Value, with_promotion: bool) -> Value {
    let mut names = vec![
        "vnp_ResponseId",
        "vnp_Command",
        "vnp_ResponseCode",
        "vnp_Message",
        "vnp_TmnCode",
        "vnp_TxnRef",
        "vnp_Amount",
        "vnp_BankCode",
        "vnp_PayDate",
        "vnp_TransactionNo",
        "vnp_TransactionType",
        "vnp_TransactionStatus",
        "vnp_OrderInfo",
    ];
    if with_promotion {
        names.extend(["vnp_PromotionCode", "vnp_PromotionAmount"]);
    }
    let all: Vec<String> = names.into_iter().map(|name| text(&body, name)).collect();
    body["vnp_SecureHash"] = hmac512(VNPAY_SECRET, &all.join("|")).into();
    body
}

pub async fn api(
    Part((state, _)): Part<(Shared, String)>,
    axum::Json(body): axum::Json<Value>,
) -> Response {
    let querying = text(&body, "vnp_Command") == "querydr";
    let names: &[&str] = if querying {
        &[
            "vnp_RequestId",
            "vnp_Version",
            "vnp_Command",
            "vnp_TmnCode",
            "vnp_TxnRef",
            "vnp_TransactionDate",
            "vnp_CreateDate",
            "vnp_IpAddr",
            "vnp_OrderInfo",
        ]
    } else {
        &[
            "vnp_RequestId",
            "vnp_Version",
            "vnp_Command",
            "vnp_TmnCode",
            "vnp_TransactionType",
            "vnp_TxnRef",
            "vnp_Amount",
            "vnp_TransactionNo",
            "vnp_TransactionDate",
            "vnp_CreateBy",
            "vnp_CreateDate",
            "vnp_IpAddr",
            "vnp_OrderInfo",
        ]
    };
    let all: Vec<String> = names.iter().map(|name| text(&body, name)).collect();
    let answered = {
        let mut state = state.lock().unwrap();
        state.requests += 1;
        let fits = hmac512(VNPAY_SECRET, &all.join("|")) == text(&body, "vnp_SecureHash");
        let id = format!("vnpay {}", text(&body, "vnp_RequestId"));
        let known = state.seen.insert(id, (String::new(), Value::Null)).is_some();
        match (fits, known) {
            (false, _) => told(&body, "97", None),
            (_, true) => told(&body, "94", None),
            _ if querying => query(&state, &body),
            _ => refund(&mut state, &body),
        }
    };
    answer(&state, 200, signed(answered, querying)).await
}

fn told(body: &Value, code: &str, about: Option<(&Payment, &str, &str, i64)>) -> Value {
    let mut out = json!({
        "vnp_ResponseId": "r1", "vnp_Command": body["vnp_Command"], "vnp_ResponseCode": code, "vnp_Message": "m",
        "vnp_TmnCode": TMN, "vnp_TxnRef": body["vnp_TxnRef"], "vnp_OrderInfo": body["vnp_OrderInfo"],
    });
    if let Some((payment, kind, status, amount)) = about {
        out["vnp_Amount"] = (amount * 100).to_string().into();
        out["vnp_BankCode"] = "NCB".into();
        out["vnp_PayDate"] = "20261122090312".into();
        out["vnp_TransactionNo"] = payment.number.clone().into();
        out["vnp_TransactionType"] = kind.into();
        out["vnp_TransactionStatus"] = status.into();
    }
    out
}

fn query(state: &State, body: &Value) -> Value {
    let Some(payment) = state.payments.get(&text(body, "vnp_TxnRef")) else {
        return told(body, "91", None);
    };
    if text(body, "vnp_TransactionDate") != payment.session {
        return told(body, "91", None);
    }
    match (payment.status, payment.refunds.last()) {
        (Status::Paid, Some(refund)) => {
            let kind = if payment.refunded() == payment.amount { "02" } else { "03" };
            told(body, "00", Some((payment, kind, "00", refund.amount)))
        }
        (Status::Paid, None) => told(body, "00", Some((payment, "01", "00", payment.amount))),
        (Status::Open, _) => told(body, "00", Some((payment, "01", "01", payment.amount))),
        (Status::Failed, _) => told(body, "00", Some((payment, "01", "02", payment.amount))),
    }
}

fn refund(state: &mut State, body: &Value) -> Value {
    let amount = text(body, "vnp_Amount").parse::<i64>().unwrap() / 100;
    let (name, kind) = (text(body, "vnp_RequestId"), text(body, "vnp_TransactionType"));
    let Some(payment) = state.payments.get_mut(&text(body, "vnp_TxnRef")) else {
        return told(body, "91", None);
    };
    let whole = kind == "02";
    if payment.status != Status::Paid
        || text(body, "vnp_TransactionNo") != payment.number
        || payment.refunded() + amount > payment.amount
        || whole != (amount == payment.amount)
    {
        return told(body, "95", None);
    }
    payment.refunds.push(Refund { name, amount, metadata: Value::Null });
    told(body, "00", Some((payment, &kind, "00", amount)))
}

pub fn notice(reference: &str, payment: &Payment) -> Sent {
    let (code, status) = match payment.status {
        Status::Paid => ("00", "00"),
        Status::Open | Status::Failed => ("24", "02"),
    };
    let fields = [
        ("vnp_Amount", (payment.amount * 100).to_string()),
        ("vnp_BankCode", "NCB".into()),
        ("vnp_CardType", "ATM".into()),
        ("vnp_OrderInfo", "Thanh toan".into()),
        ("vnp_PayDate", "20261122090312".into()),
        ("vnp_ResponseCode", code.into()),
        ("vnp_TmnCode", TMN.into()),
        ("vnp_TransactionNo", payment.number.clone()),
        ("vnp_TransactionStatus", status.into()),
        ("vnp_TxnRef", reference.into()),
    ];
    let fields: BTreeMap<String, String> =
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let query = encode(&fields);
    let raw = format!("{query}&vnp_SecureHash={}", hmac512(VNPAY_SECRET, &query)).into_bytes();
    Sent { raw, signature: String::new() }
}
