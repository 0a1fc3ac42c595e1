//! ZaloPay (API v2): JSON with a MAC over fields joined by `|`; its notices carry the text that is signed.

use super::{
    super::ports::{
        About, Ask, Capture, Fate, Forged, Gateway, GatewayError, Heard, Inbound, Known, Notice,
        RefundAsk, RefundFate, Reply, Started, Told,
    },
    fits, here, hmac256, number, signed, text,
    wire::{Wire, unknown},
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// A seller's contract with ZaloPay.
pub(in super::super) struct ZaloPay {
    /// Without a path.
    pub(in super::super) url: String,
    pub(in super::super) app_id: i64,
    /// Signs requests.
    pub(in super::super) key1: String,
    /// Signs notices.
    pub(in super::super) key2: String,
    pub(in super::super) wire: Wire,
}

const USER: &str = "nguoimua";
const ITEM: &str = "[]";

/// Names begin with the day in Viet Nam: `261122_…`.
fn dated(at: DateTime<Utc>, name: &str) -> String {
    format!("{}_{name}", here(at).format("%y%m%d"))
}

impl ZaloPay {
    fn mac(&self, fields: &[&str]) -> String {
        signed(hmac256(&self.key1, &fields.join("|")))
    }

    fn create_body(&self, ask: &Ask<'_>) -> Value {
        let (app, amount) = (self.app_id.to_string(), ask.amount.0.to_string());
        let (name, time) = (dated(ask.made_at, ask.reference), ask.made_at.timestamp_millis());
        let embed = json!({ "redirecturl": ask.return_url }).to_string();
        let mac = self.mac(&[&app, &name, USER, &amount, &time.to_string(), &embed, ITEM]);
        let lasts = (ask.expires_at - ask.made_at).num_seconds().clamp(300, 2_592_000);
        json!({
            "app_id": self.app_id, "app_user": USER, "app_trans_id": name, "app_time": time, "amount": ask.amount.0,
            "item": ITEM, "embed_data": embed, "description": ask.info, "bank_code": "",
            "callback_url": ask.notice_url, "expire_duration_seconds": lasts, "mac": mac,
        })
    }

    fn query_body(&self, name: &str) -> Value {
        let mac = self.mac(&[&self.app_id.to_string(), name, &self.key1]);
        json!({ "app_id": self.app_id, "app_trans_id": name, "mac": mac })
    }

    fn refund_body(&self, now: DateTime<Utc>, ask: &RefundAsk<'_>) -> Value {
        let (app, amount) = (self.app_id.to_string(), ask.amount.0.to_string());
        let (time, about) =
            (now.timestamp_millis().to_string(), format!("Hoan tien {}", ask.reference));
        let mac = self.mac(&[&app, ask.payment, &amount, &about, &time]);
        json!({
            "app_id": self.app_id, "m_refund_id": self.refund_name(ask), "zp_trans_id": ask.payment,
            "amount": ask.amount.0, "timestamp": now.timestamp_millis(), "description": about, "mac": mac,
        })
    }

    fn refund_query_body(&self, now: DateTime<Utc>, name: &str) -> Value {
        let (app, time) = (self.app_id.to_string(), now.timestamp_millis());
        let mac = self.mac(&[&app, name, &time.to_string()]);
        json!({ "app_id": self.app_id, "m_refund_id": name, "timestamp": time, "mac": mac })
    }

    /// `yymmdd_appid_…`, at most 45 characters.
    fn refund_name(&self, ask: &RefundAsk<'_>) -> String {
        let key = &ask.key.simple().to_string()[..24];
        dated(ask.made_at, &format!("{}_{key}", self.app_id))
    }

    async fn ask(&self, path: &str, body: &Value) -> Result<(i64, i64, Value), GatewayError> {
        let answer = self.wire.post(&format!("{}/v2/{path}", self.url), body).await?;
        let code = number(&answer, "return_code").ok_or_else(|| unknown("no return_code"))?;
        Ok((code, number(&answer, "sub_return_code").unwrap_or_default(), answer))
    }
}

/// `app_trans_id` or `m_refund_id` was used before.
const TWICE: [i64; 3] = [-68, -24, -25];
/// There is no such transaction.
const NOTHING: [i64; 3] = [-49, -101, -29];

#[async_trait]
impl Gateway for ZaloPay {
    async fn start(&self, ask: &Ask<'_>) -> Result<Started, GatewayError> {
        let (code, sub, answer) = self.ask("create", &self.create_body(ask)).await?;
        let url = text(&answer, "order_url");
        match code {
            1 if !url.is_empty() => Ok(Started { url, session: None }),
            2 if TWICE.contains(&sub) => Err(GatewayError::Duplicate),
            2 => Err(GatewayError::Refused { code: sub.to_string() }),
            _ => Err(unknown(format!("return_code {code}"))),
        }
    }

    fn verify(&self, _: DateTime<Utc>, inbound: &Inbound<'_>) -> Result<Notice, Forged> {
        let body: Value = serde_json::from_slice(inbound.raw).map_err(|_| Forged)?;
        let data = body["data"].as_str().ok_or(Forged)?;
        if !fits(hmac256(&self.key2, data), &text(&body, "mac")) {
            return Err(Forged);
        }
        let data: Value = serde_json::from_str(data).map_err(|_| Forged)?;
        if number(&data, "app_id") != Some(self.app_id) {
            return Err(Forged);
        }
        self.read(inbound.raw).ok_or(Forged)
    }

    fn read(&self, raw: &[u8]) -> Option<Notice> {
        let body: Value = serde_json::from_slice(raw).ok()?;
        let data: Value = serde_json::from_str(body["data"].as_str()?).ok()?;
        let name = text(&data, "app_trans_id");
        let reference = name.split_once('_').map_or(name.as_str(), |(_, rest)| rest).to_owned();
        let payment = text(&data, "zp_trans_id");
        let id = format!("{name}:{payment}");
        // Only payments that succeeded are told; another type is an agreement.
        let told = match number(&body, "type") {
            Some(1) | None => Told::Captured(Capture {
                payment,
                amount: number(&data, "amount").unwrap_or(-1),
                currency: "VND".into(),
            }),
            Some(_) => Told::Other,
        };
        Some(Notice { id, about: About::Reference(reference), account: None, told })
    }

    fn acknowledge(&self, heard: Heard) -> Reply {
        let (code, message) = match heard {
            Heard::Kept => (1, "success"),
            Heard::Before => (2, "already confirmed"),
            Heard::NotFound => (-2, "order not found"),
            Heard::WrongAmount => (-3, "invalid amount"),
            Heard::Forged => (-1, "mac not equal"),
        };
        Reply::json(200, &json!({ "return_code": code, "return_message": message }))
    }

    async fn look_up(&self, _: DateTime<Utc>, of: &Known<'_>) -> Result<Fate, GatewayError> {
        let name = dated(of.made_at, of.reference);
        let (code, sub, answer) = self.ask("query", &self.query_body(&name)).await?;
        Ok(match code {
            1 => Fate::Captured(Capture {
                payment: text(&answer, "zp_trans_id"),
                amount: number(&answer, "amount").unwrap_or(-1),
                currency: "VND".into(),
            }),
            3 => Fate::Pending,
            2 if NOTHING.contains(&sub) => Fate::NotFound,
            2 => Fate::Failed { code: sub.to_string() },
            _ => return Err(unknown(format!("return_code {code}"))),
        })
    }

    async fn refund(
        &self,
        now: DateTime<Utc>,
        ask: &RefundAsk<'_>,
    ) -> Result<RefundFate, GatewayError> {
        let (code, sub, answer) = self.ask("refund", &self.refund_body(now, ask)).await?;
        let refund = text(&answer, "refund_id");
        match code {
            1 => Ok(RefundFate::Done { refund }),
            3 => Ok(RefundFate::Pending { refund: Some(refund).filter(|r| !r.is_empty()) }),
            2 if TWICE.contains(&sub) => Err(GatewayError::Duplicate),
            2 => Ok(RefundFate::Refused { code: sub.to_string() }),
            _ => Err(unknown(format!("return_code {code}"))),
        }
    }

    async fn refund_status(
        &self,
        now: DateTime<Utc>,
        ask: &RefundAsk<'_>,
    ) -> Result<RefundFate, GatewayError> {
        let name = self.refund_name(ask);
        let (code, sub, _) = self.ask("query_refund", &self.refund_query_body(now, &name)).await?;
        match code {
            1 => Ok(RefundFate::Done { refund: ask.refund.unwrap_or(&name).to_owned() }),
            3 => Ok(RefundFate::Pending { refund: None }),
            2 if NOTHING.contains(&sub) => Ok(RefundFate::NotFound),
            2 => Ok(RefundFate::Refused { code: sub.to_string() }),
            _ => Err(unknown(format!("return_code {code}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Lang, Vnd};
    use chrono::TimeDelta;

    fn vectors() -> Value {
        let text = include_str!("../../../tests/fixtures/gateways/zalopay.json");
        serde_json::from_str(text).unwrap()
    }

    fn ours() -> ZaloPay {
        let v = vectors();
        ZaloPay {
            url: "http://127.0.0.1:9".into(),
            app_id: number(&v, "app_id").unwrap(),
            key1: text(&v, "key1"),
            key2: text(&v, "key2"),
            wire: Wire::new(std::time::Duration::from_secs(1)).unwrap(),
        }
    }

    #[test]
    fn requests_are_signed_as_others_sign_them() {
        let all = vectors()["vectors"].clone();
        for vector in all.as_array().unwrap() {
            let fields: Vec<String> =
                text(vector, "raw_mac_input").split('|').map(String::from).collect();
            let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
            assert_eq!(ours().mac(&fields), text(vector, "mac"), "{}", vector["id"]);
        }
        assert_eq!(ours().query_body("261122_ORD0001")["mac"], all[1]["mac"]);
        let at = DateTime::from_timestamp_millis(1_795_312_910_000).unwrap();
        let body = ours().refund_query_body(at, "261122_9999_000001");
        assert_eq!(body, all[2]["body"]);
    }

    #[test]
    fn names_begin_with_the_day_in_viet_nam_and_fit() {
        // 22:30 UTC is half past five of the next morning.
        let late: DateTime<Utc> = "2026-11-21T22:30:00Z".parse().unwrap();
        let ask = Ask {
            key: uuid::Uuid::from_u128(7),
            reference: "SGD7K3M9QXW4-1",
            amount: Vnd(50_000),
            info: "Thanh toan SGD7K3M9QXW4",
            made_at: late,
            expires_at: late + TimeDelta::minutes(30),
            return_url: "https://san.example/a",
            notice_url: "https://san.example/b",
            buyer_ip: "",
            lang: Lang::Vi,
        };
        let body = ours().create_body(&ask);
        assert_eq!(text(&body, "app_trans_id"), "261122_SGD7K3M9QXW4-1");
        assert!(text(&body, "app_trans_id").len() <= 40);
        assert_eq!(number(&body, "expire_duration_seconds"), Some(1800));
        let raw = format!(
            "9999|261122_SGD7K3M9QXW4-1|{USER}|50000|{}|{}|[]",
            late.timestamp_millis(),
            text(&body, "embed_data")
        );
        assert_eq!(text(&body, "mac"), signed(hmac256(&ours().key1, &raw)));
        let refund = RefundAsk {
            key: uuid::Uuid::from_u128(7),
            made_at: late,
            reference: "SGD7K3M9QXW4-1",
            paid_made_at: late,
            payment: "261122000000123",
            paid: Vnd(50_000),
            amount: Vnd(20_000),
            refund: None,
        };
        let name = ours().refund_name(&refund);
        assert!(name.starts_with("261122_9999_") && name.len() <= 45, "{name}");
    }

    #[test]
    fn notices_are_believed_only_when_signed_with_the_second_key() {
        for vector in vectors()["callbacks"].as_array().unwrap() {
            let body = vector["body"].to_string();
            let inbound = Inbound { raw: body.as_bytes(), signature: "" };
            let read = ours().verify(DateTime::UNIX_EPOCH, &inbound);
            assert_eq!(read.is_ok(), vector["expect_verified"] == true, "{}", vector["id"]);
            let swapped = ZaloPay { key2: ours().key1, ..ours() };
            assert_eq!(swapped.verify(DateTime::UNIX_EPOCH, &inbound), Err(Forged));
            let other = ZaloPay { app_id: 1, ..ours() };
            assert_eq!(other.verify(DateTime::UNIX_EPOCH, &inbound), Err(Forged));
        }
        let body = vectors()["callbacks"][0]["body"].to_string();
        let inbound = Inbound { raw: body.as_bytes(), signature: "" };
        let notice = ours().verify(DateTime::UNIX_EPOCH, &inbound).unwrap();
        assert_eq!(notice.about, About::Reference("ORD0001".into()));
        let (payment, currency) = ("261122000000123".into(), "VND".into());
        assert_eq!(notice.told, Told::Captured(Capture { payment, amount: 50_000, currency }));
    }

    #[test]
    fn each_outcome_has_its_code() {
        let code = |heard| {
            let body: Value = serde_json::from_str(&ours().acknowledge(heard).body).unwrap();
            number(&body, "return_code").unwrap()
        };
        let all = [Heard::Kept, Heard::Before, Heard::Forged].map(code);
        assert_eq!(all, [1, 2, -1]);
    }
}
