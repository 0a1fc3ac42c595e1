//! VNPay: a signed address, a signed notice by GET, questions and refunds as signed JSON. Amounts are đồng × 100.

use super::{
    super::ports::{
        About, Ask, Capture, Fate, Forged, Gateway, GatewayError, Heard, Inbound, Known, Notice,
        RefundAsk, RefundFate, Reply, Started, Told,
    },
    fits, here, hmac512, number, signed, text,
    wire::{Wire, unknown},
};
use crate::kernel::{Lang, Vnd};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const VERSION: &str = "2.1.0";
/// Requests of the server itself; VNPay only notes it.
const OUR_IP: &str = "127.0.0.1";

/// A seller's contract with VNPay.
pub(in super::super) struct VnPay {
    pub(in super::super) pay_url: String,
    pub(in super::super) api_url: String,
    pub(in super::super) tmn_code: String,
    pub(in super::super) secret: String,
    pub(in super::super) wire: Wire,
}

/// `yyyyMMddHHmmss` in Viet Nam's time.
fn stamp(at: DateTime<Utc>) -> String {
    here(at).format("%Y%m%d%H%M%S").to_string()
}

fn stamp_number(at: DateTime<Utc>) -> i64 {
    stamp(at).parse().unwrap_or_default()
}

/// Names in order, empty values left out, both sides as forms encode them.
fn encode<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let sorted: BTreeMap<&str, &str> = fields.into_iter().filter(|(_, v)| !v.is_empty()).collect();
    form_urlencoded::Serializer::new(String::new()).extend_pairs(sorted).finish()
}

/// VNPay's parameters of a query; `None` when one comes twice.
fn fields(raw: &[u8]) -> Option<BTreeMap<String, String>> {
    let mut fields = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(raw) {
        if name.starts_with("vnp_")
            && fields.insert(name.into_owned(), value.into_owned()).is_some()
        {
            return None;
        }
    }
    Some(fields)
}

impl VnPay {
    fn sign(&self, text: &str) -> String {
        signed(hmac512(&self.secret, text))
    }

    /// The address on which the buyer pays.
    fn address(&self, ask: &Ask<'_>) -> Option<String> {
        let amount = hundredfold(ask.amount)?.to_string();
        let (made, ends) = (stamp(ask.made_at), stamp(ask.expires_at));
        let query = encode([
            ("vnp_Amount", amount.as_str()),
            ("vnp_Command", "pay"),
            ("vnp_CreateDate", &made),
            ("vnp_CurrCode", "VND"),
            ("vnp_ExpireDate", &ends),
            ("vnp_IpAddr", ask.buyer_ip),
            ("vnp_Locale", if ask.lang == Lang::Vi { "vn" } else { "en" }),
            ("vnp_OrderInfo", ask.info),
            ("vnp_OrderType", "other"),
            ("vnp_ReturnUrl", ask.return_url),
            ("vnp_TmnCode", &self.tmn_code),
            ("vnp_TxnRef", ask.reference),
            ("vnp_Version", VERSION),
        ]);
        Some(format!("{}?{query}&vnp_SecureHash={}", self.pay_url, self.sign(&query)))
    }

    fn query_body(&self, id: &str, now: DateTime<Utc>, reference: &str, made: i64) -> Value {
        let (created, info) = (stamp_number(now), format!("Truy van {reference}"));
        let text = format!(
            "{id}|{VERSION}|querydr|{}|{reference}|{made}|{created}|{OUR_IP}|{info}",
            self.tmn_code
        );
        json!({
            "vnp_RequestId": id, "vnp_Version": VERSION, "vnp_Command": "querydr", "vnp_TmnCode": self.tmn_code,
            "vnp_TxnRef": reference, "vnp_TransactionDate": made, "vnp_CreateDate": created, "vnp_IpAddr": OUR_IP,
            "vnp_OrderInfo": info, "vnp_SecureHash": self.sign(&text),
        })
    }

    fn refund_body(&self, id: &str, now: DateTime<Utc>, ask: &RefundAsk<'_>) -> Option<Value> {
        let (created, made) = (stamp_number(now), stamp_number(ask.paid_made_at));
        let (amount, info) = (hundredfold(ask.amount)?, format!("Hoan tien {}", ask.reference));
        // 02 gives all of it back, 03 a part.
        let (kind, by) = (if ask.amount == ask.paid { "02" } else { "03" }, "santinh");
        let (tmn, reference, payment) = (&self.tmn_code, ask.reference, ask.payment);
        let text = format!(
            "{id}|{VERSION}|refund|{tmn}|{kind}|{reference}|{amount}|{payment}|{made}|{by}|{created}|{OUR_IP}|{info}"
        );
        Some(json!({
            "vnp_RequestId": id, "vnp_Version": VERSION, "vnp_Command": "refund", "vnp_TmnCode": tmn,
            "vnp_TransactionType": kind, "vnp_TxnRef": reference, "vnp_Amount": amount,
            "vnp_TransactionNo": payment, "vnp_TransactionDate": made, "vnp_CreateBy": by,
            "vnp_CreateDate": created, "vnp_IpAddr": OUR_IP, "vnp_OrderInfo": info,
            "vnp_SecureHash": self.sign(&text),
        }))
    }

    /// Sends a request; an answer that VNPay has not signed is none.
    async fn ask(&self, body: &Value) -> Result<Value, GatewayError> {
        let answer = self.wire.post(&self.api_url, body).await?;
        let mut fields = vec![
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
        if text(body, "vnp_Command") == "querydr" {
            fields.extend(["vnp_PromotionCode", "vnp_PromotionAmount"]);
        }
        let values: Vec<String> = fields.into_iter().map(|field| text(&answer, field)).collect();
        if !fits(hmac512(&self.secret, &values.join("|")), &text(&answer, "vnp_SecureHash")) {
            return Err(unknown("an answer without VNPay's signature"));
        }
        let (ours, theirs) = (text(body, "vnp_TxnRef"), text(&answer, "vnp_TxnRef"));
        if !theirs.is_empty() && ours != theirs {
            return Err(unknown("an answer about another payment"));
        }
        Ok(answer)
    }
}

fn hundredfold(amount: Vnd) -> Option<i64> {
    amount.0.checked_mul(100)
}

/// VNPay's amounts are a hundred times the đồng; what is no whole đồng is no amount of ours.
fn dong(hundredfold: Option<i64>) -> i64 {
    hundredfold.filter(|amount| amount % 100 == 0).map_or(-1, |amount| amount / 100)
}

#[async_trait]
impl Gateway for VnPay {
    async fn start(&self, ask: &Ask<'_>) -> Result<Started, GatewayError> {
        let url =
            self.address(ask).ok_or_else(|| GatewayError::Refused { code: "amount".into() })?;
        Ok(Started { url, session: None })
    }

    fn verify(&self, _: DateTime<Utc>, inbound: &Inbound<'_>) -> Result<Notice, Forged> {
        let mut fields = fields(inbound.raw).ok_or(Forged)?;
        let hash = fields.remove("vnp_SecureHash").ok_or(Forged)?;
        fields.remove("vnp_SecureHashType");
        let text = encode(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let ours = fields.get("vnp_TmnCode") == Some(&self.tmn_code);
        if !ours || !fits(hmac512(&self.secret, &text), &hash) {
            return Err(Forged);
        }
        self.read(inbound.raw).ok_or(Forged)
    }

    fn read(&self, raw: &[u8]) -> Option<Notice> {
        let fields = fields(raw)?;
        let get = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let (code, status) = (get("vnp_ResponseCode"), get("vnp_TransactionStatus"));
        let (payment, reference) = (get("vnp_TransactionNo"), get("vnp_TxnRef"));
        let id = format!("{reference}:{payment}:{code}:{status}");
        let told = match (code.as_str(), status.as_str()) {
            ("00", "00" | "") => Told::Captured(Capture {
                payment,
                amount: dong(get("vnp_Amount").parse().ok()),
                currency: "VND".into(),
            }),
            // Paid, but VNPay suspects something and decides later.
            ("07", _) | (_, "07" | "01") => Told::Hint,
            _ => Told::Failed { code },
        };
        Some(Notice { id, about: About::Reference(reference), account: None, told })
    }

    fn acknowledge(&self, heard: Heard) -> Reply {
        let (code, message) = match heard {
            Heard::Kept => ("00", "Confirm Success"),
            Heard::NotFound => ("01", "Order not found"),
            Heard::Before => ("02", "Order already confirmed"),
            Heard::WrongAmount => ("04", "Invalid amount"),
            Heard::Forged => ("97", "Fail checksum"),
        };
        Reply::json(200, &json!({ "RspCode": code, "Message": message }))
    }

    async fn look_up(&self, now: DateTime<Utc>, of: &Known<'_>) -> Result<Fate, GatewayError> {
        let id = uuid::Uuid::new_v4().simple().to_string();
        let body = self.query_body(&id, now, of.reference, stamp_number(of.made_at));
        let answer = self.ask(&body).await?;
        match text(&answer, "vnp_ResponseCode").as_str() {
            "00" => {}
            "91" => return Ok(Fate::NotFound),
            code => return Err(unknown(format!("code {code}"))),
        }
        Ok(match text(&answer, "vnp_TransactionStatus").as_str() {
            // What is being given back (05, 06, 09) had been paid.
            "00" | "05" | "06" | "09" => Fate::Captured(Capture {
                payment: text(&answer, "vnp_TransactionNo"),
                amount: dong(number(&answer, "vnp_Amount")),
                currency: "VND".into(),
            }),
            "01" | "04" | "07" => Fate::Pending,
            code => Fate::Failed { code: code.to_owned() },
        })
    }

    async fn refund(
        &self,
        now: DateTime<Utc>,
        ask: &RefundAsk<'_>,
    ) -> Result<RefundFate, GatewayError> {
        let body = self.refund_body(&ask.key.simple().to_string(), now, ask);
        let body = body.ok_or_else(|| GatewayError::Refused { code: "amount".into() })?;
        let answer = self.ask(&body).await?;
        let refund = text(&answer, "vnp_TransactionNo");
        match text(&answer, "vnp_ResponseCode").as_str() {
            "00" => Ok(fate_of_refund(&answer, refund)),
            "94" => Err(GatewayError::Duplicate),
            "99" => Err(unknown("code 99")),
            code => Ok(RefundFate::Refused { code: code.to_owned() }),
        }
    }

    /// A question names the payment alone, and the answer tells of one of its refunds.
    fn tells_refunds_apart(&self) -> bool {
        false
    }

    async fn refund_status(
        &self,
        now: DateTime<Utc>,
        ask: &RefundAsk<'_>,
    ) -> Result<RefundFate, GatewayError> {
        let id = uuid::Uuid::new_v4().simple().to_string();
        let made = stamp_number(ask.paid_made_at);
        let answer = self.ask(&self.query_body(&id, now, ask.reference, made)).await?;
        match (
            text(&answer, "vnp_ResponseCode").as_str(),
            text(&answer, "vnp_TransactionType").as_str(),
        ) {
            ("00", "02" | "03") => Ok(fate_of_refund(&answer, text(&answer, "vnp_TransactionNo"))),
            ("00", _) => Ok(RefundFate::NotFound),
            (code, _) => Err(unknown(format!("code {code}"))),
        }
    }
}

fn fate_of_refund(answer: &Value, refund: String) -> RefundFate {
    match text(answer, "vnp_TransactionStatus").as_str() {
        "00" => RefundFate::Done { refund },
        "09" | "02" => RefundFate::Refused { code: text(answer, "vnp_TransactionStatus") },
        _ => RefundFate::Pending { refund: Some(refund).filter(|r| !r.is_empty()) },
    }
}

#[cfg(test)]
#[path = "vnpay_tests.rs"]
mod tests;
