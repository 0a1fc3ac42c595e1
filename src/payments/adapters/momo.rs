//! MoMo (API v2): JSON signed over fields in a fixed order, not encoded. A notice is answered with 204.

use super::{
    super::ports::{
        About, Ask, Capture, Fate, Forged, Gateway, GatewayError, Heard, Inbound, Known, Notice,
        RefundAsk, RefundFate, Reply, Started, Told,
    },
    fits, hmac256, number, signed, text,
    wire::{Wire, unknown},
};
use crate::kernel::Lang;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// A seller's contract with MoMo.
pub(in super::super) struct MoMo {
    /// Without a path.
    pub(in super::super) url: String,
    pub(in super::super) partner_code: String,
    pub(in super::super) access_key: String,
    pub(in super::super) secret_key: String,
    pub(in super::super) wire: Wire,
}

/// What a notice signs, in MoMo's order.
const NOTICE: [&str; 12] = [
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

/// What a code says of a payment.
enum Says {
    Paid,
    /// Not decided.
    Waiting,
    /// Never asked for.
    Nothing,
    Twice,
    No,
}

const fn says(code: i64) -> Says {
    match code {
        0 => Says::Paid,
        // Waits for the buyer, is being worked on, authorised only; busy, or "unknown error".
        1000 | 7000 | 7002 | 8000 | 9000 | 10 | 43 | 98 | 99 => Says::Waiting,
        42 => Says::Nothing,
        40 | 41 => Says::Twice,
        _ => Says::No,
    }
}

impl MoMo {
    /// `accessKey=…&amount=…`: the names in the order in which MoMo lists them, the values as they are.
    fn sign(&self, fields: &[(&str, &str)]) -> String {
        signed(hmac256(&self.secret_key, &self.raw(fields)))
    }

    fn raw(&self, fields: &[(&str, &str)]) -> String {
        let pair = |(name, value): &(&str, &str)| format!("{name}={value}");
        let rest: Vec<String> = fields.iter().map(pair).collect();
        format!("accessKey={}&{}", self.access_key, rest.join("&"))
    }

    fn create_body(&self, ask: &Ask<'_>) -> Value {
        let (amount, request) = (ask.amount.0.to_string(), ask.key.to_string());
        let signature = self.sign(&[
            ("amount", &amount),
            ("extraData", ""),
            ("ipnUrl", ask.notice_url),
            ("orderId", ask.reference),
            ("orderInfo", ask.info),
            ("partnerCode", &self.partner_code),
            ("redirectUrl", ask.return_url),
            ("requestId", &request),
            ("requestType", "captureWallet"),
        ]);
        json!({
            "partnerCode": self.partner_code, "requestType": "captureWallet", "ipnUrl": ask.notice_url,
            "redirectUrl": ask.return_url, "orderId": ask.reference, "amount": ask.amount.0, "orderInfo": ask.info,
            "requestId": request, "extraData": "", "lang": if ask.lang == Lang::Vi { "vi" } else { "en" },
            "autoCapture": true, "signature": signature,
        })
    }

    fn query_body(&self, reference: &str) -> Value {
        let request = uuid::Uuid::new_v4().to_string();
        let signature = self.sign(&[
            ("orderId", reference),
            ("partnerCode", &self.partner_code),
            ("requestId", &request),
        ]);
        json!({
            "partnerCode": self.partner_code, "requestId": request, "orderId": reference, "lang": "vi",
            "signature": signature,
        })
    }

    fn refund_body(&self, order: &str, request: &str, payment: i64, amount: i64) -> Value {
        let signature = self.sign(&[
            ("amount", &amount.to_string()),
            ("description", ""),
            ("orderId", order),
            ("partnerCode", &self.partner_code),
            ("requestId", request),
            ("transId", &payment.to_string()),
        ]);
        json!({
            "partnerCode": self.partner_code, "orderId": order, "requestId": request, "amount": amount,
            "transId": payment, "lang": "vi", "description": "", "signature": signature,
        })
    }

    async fn ask(&self, path: &str, body: &Value) -> Result<(i64, Value), GatewayError> {
        let answer = self.wire.post(&format!("{}/v2/gateway/api/{path}", self.url), body).await?;
        let code = number(&answer, "resultCode").ok_or_else(|| unknown("no resultCode"))?;
        let theirs = text(&answer, "partnerCode");
        if !theirs.is_empty() && theirs != self.partner_code {
            return Err(unknown("an answer to another partner"));
        }
        Ok((code, answer))
    }
}

fn refund_order(ask: &RefundAsk<'_>) -> String {
    format!("RF{}", ask.key.simple())
}

#[async_trait]
impl Gateway for MoMo {
    async fn start(&self, ask: &Ask<'_>) -> Result<Started, GatewayError> {
        let (code, answer) = self.ask("create", &self.create_body(ask)).await?;
        match (says(code), text(&answer, "payUrl")) {
            (Says::Paid, url) if !url.is_empty() => Ok(Started { url, session: None }),
            (Says::Twice, _) => Err(GatewayError::Duplicate),
            (Says::Paid | Says::Waiting, _) => Err(unknown(format!("resultCode {code}"))),
            (Says::Nothing | Says::No, _) => Err(GatewayError::Refused { code: code.to_string() }),
        }
    }

    fn verify(&self, _: DateTime<Utc>, inbound: &Inbound<'_>) -> Result<Notice, Forged> {
        let body: Value = serde_json::from_slice(inbound.raw).map_err(|_| Forged)?;
        let values = NOTICE.map(|name| text(&body, name));
        let fields: Vec<(&str, &str)> =
            NOTICE.into_iter().zip(values.iter().map(String::as_str)).collect();
        let signed = fits(hmac256(&self.secret_key, &self.raw(&fields)), &text(&body, "signature"));
        if !signed || text(&body, "partnerCode") != self.partner_code {
            return Err(Forged);
        }
        self.read(inbound.raw).ok_or(Forged)
    }

    fn read(&self, raw: &[u8]) -> Option<Notice> {
        let body: Value = serde_json::from_slice(raw).ok()?;
        let code = number(&body, "resultCode")?;
        let (payment, reference) = (text(&body, "transId"), text(&body, "orderId"));
        let id = format!("{reference}:{payment}:{code}");
        let told = match says(code) {
            Says::Paid => Told::Captured(Capture {
                payment,
                amount: number(&body, "amount").unwrap_or(-1),
                currency: "VND".into(),
            }),
            Says::Waiting | Says::Nothing | Says::Twice => Told::Hint,
            Says::No => Told::Failed { code: code.to_string() },
        };
        Some(Notice { id, about: About::Reference(reference), account: None, told })
    }

    fn acknowledge(&self, heard: Heard) -> Reply {
        Reply::empty(match heard {
            Heard::Kept | Heard::Before | Heard::WrongAmount => 204,
            Heard::NotFound => 404,
            Heard::Forged => 403,
        })
    }

    async fn look_up(&self, _: DateTime<Utc>, of: &Known<'_>) -> Result<Fate, GatewayError> {
        let (code, answer) = self.ask("query", &self.query_body(of.reference)).await?;
        if text(&answer, "orderId") != of.reference {
            return Err(unknown("an answer about another payment"));
        }
        Ok(match says(code) {
            Says::Paid => Fate::Captured(Capture {
                payment: text(&answer, "transId"),
                amount: number(&answer, "amount").unwrap_or(-1),
                currency: "VND".into(),
            }),
            Says::Waiting | Says::Twice => Fate::Pending,
            Says::Nothing => Fate::NotFound,
            Says::No => Fate::Failed { code: code.to_string() },
        })
    }

    async fn refund(
        &self,
        _: DateTime<Utc>,
        ask: &RefundAsk<'_>,
    ) -> Result<RefundFate, GatewayError> {
        let refused = |code: String| RefundFate::Refused { code };
        let Ok(payment) = ask.payment.parse() else { return Ok(refused("transId".into())) };
        let (order, request) = (refund_order(ask), ask.key.to_string());
        let body = self.refund_body(&order, &request, payment, ask.amount.0);
        let (code, answer) = self.ask("refund", &body).await?;
        Ok(match says(code) {
            Says::Paid => RefundFate::Done { refund: text(&answer, "transId") },
            Says::Twice => return Err(GatewayError::Duplicate),
            Says::Waiting => RefundFate::Pending { refund: None },
            Says::Nothing | Says::No => refused(code.to_string()),
        })
    }

    /// Asks for the payment, whose answer lists its refunds.
    async fn refund_status(
        &self,
        _: DateTime<Utc>,
        ask: &RefundAsk<'_>,
    ) -> Result<RefundFate, GatewayError> {
        let (_, answer) = self.ask("query", &self.query_body(ask.reference)).await?;
        if text(&answer, "orderId") != ask.reference {
            return Err(unknown("an answer about another payment"));
        }
        let order = refund_order(ask);
        let mut list = answer["refundTrans"].as_array().into_iter().flatten();
        let Some(found) = list.find(|refund| text(refund, "orderId") == order) else {
            return Ok(RefundFate::NotFound);
        };
        let code = number(found, "resultCode").ok_or_else(|| unknown("no resultCode"))?;
        Ok(match says(code) {
            Says::Paid => RefundFate::Done { refund: text(found, "transId") },
            Says::Waiting | Says::Twice => RefundFate::Pending { refund: None },
            Says::Nothing | Says::No => RefundFate::Refused { code: code.to_string() },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Vnd;

    fn vectors() -> Value {
        let text = include_str!("../../../tests/fixtures/gateways/momo.json");
        serde_json::from_str(text).unwrap()
    }

    fn ours() -> MoMo {
        let v = vectors();
        MoMo {
            url: "http://127.0.0.1:9".into(),
            partner_code: text(&v, "partnerCode"),
            access_key: text(&v, "accessKey"),
            secret_key: text(&v, "secretKey"),
            wire: Wire::new(std::time::Duration::from_secs(1)).unwrap(),
        }
    }

    #[test]
    fn requests_are_signed_as_others_sign_them() {
        for vector in vectors()["requests"].as_array().unwrap() {
            let input = &vector["input"];
            let (amount, names) = (
                text(input, "amount"),
                ["extraData", "ipnUrl", "orderId", "orderInfo", "redirectUrl", "requestId"],
            );
            let [extra, ipn, order, info, back, request] = names.map(|name| text(input, name));
            let fields = [
                ("amount", amount.as_str()),
                ("extraData", &extra),
                ("ipnUrl", &ipn),
                ("orderId", &order),
                ("orderInfo", &info),
                ("partnerCode", "MOMOTEST01"),
                ("redirectUrl", &back),
                ("requestId", &request),
                ("requestType", "captureWallet"),
            ];
            assert_eq!(ours().raw(&fields), text(vector, "raw_signature"), "{}", vector["id"]);
            assert_eq!(ours().sign(&fields), text(vector, "signature"), "{}", vector["id"]);
        }
        let refund = &vectors()["refunds"][0];
        let body = ours().refund_body("RF0001", "REQ-0007", 2_820_086_739, 50_000);
        assert_eq!(text(&body, "signature"), text(refund, "signature"));
    }

    #[test]
    fn our_own_request_signs_what_it_sends() {
        let ask = Ask {
            key: uuid::Uuid::nil(),
            reference: "SGD7K3M9QXW4-1",
            amount: Vnd(1_999_000),
            info: "Thanh toan SGD7K3M9QXW4",
            made_at: DateTime::UNIX_EPOCH,
            expires_at: DateTime::UNIX_EPOCH,
            return_url: "https://san.example/a",
            notice_url: "https://san.example/b",
            buyer_ip: "",
            lang: Lang::Vi,
        };
        let body = ours().create_body(&ask);
        let raw = "accessKey=TESTACCESSKEY001&amount=1999000&extraData=&ipnUrl=https://san.example/b&\
                   orderId=SGD7K3M9QXW4-1&orderInfo=Thanh toan SGD7K3M9QXW4&partnerCode=MOMOTEST01&\
                   redirectUrl=https://san.example/a&requestId=00000000-0000-0000-0000-000000000000&\
                   requestType=captureWallet";
        assert_eq!(
            text(&body, "signature"),
            signed(hmac256("TESTSECRETKEYTESTSECRETKEY000001", raw))
        );
        assert_eq!(body, ours().create_body(&ask), "the same request differs");
    }

    #[test]
    fn notices_are_believed_only_when_signed() {
        for vector in vectors()["ipns"].as_array().unwrap() {
            let body = vector["ipn_body"].to_string();
            let inbound = Inbound { raw: body.as_bytes(), signature: "" };
            let read = ours().verify(DateTime::UNIX_EPOCH, &inbound);
            assert_eq!(read.is_ok(), vector["expect_verified"] == true, "{}", vector["id"]);
            match (read, number(&vector["ipn_body"], "resultCode")) {
                (Ok(notice), Some(0)) => {
                    let (payment, currency) = ("2820086739".into(), "VND".into());
                    let capture = Capture { payment, amount: 50_000, currency };
                    assert_eq!(notice.told, Told::Captured(capture));
                }
                (Ok(notice), _) => assert_eq!(notice.told, Told::Failed { code: "1006".into() }),
                (Err(Forged), _) => {}
            }
            let other = MoMo { partner_code: "OTHER".into(), ..ours() };
            assert_eq!(other.verify(DateTime::UNIX_EPOCH, &inbound), Err(Forged));
        }
        let broken = Inbound { raw: b"{", signature: "" };
        assert_eq!(ours().verify(DateTime::UNIX_EPOCH, &broken), Err(Forged));
        assert_eq!(ours().acknowledge(Heard::Kept), Reply::empty(204));
        assert_eq!(ours().acknowledge(Heard::Before), Reply::empty(204));
        assert_eq!(ours().acknowledge(Heard::Forged), Reply::empty(403));
    }
}
