//! Viettel Post. Documented: login gives a token, addresses as free text (`…Nlp`), messages that carry a `TOKEN` which we
//! have agreed on, to be answered within a second, several times and in any order; no way to ask how a parcel stands.
//! A number of ours sent twice is refused, so that a lost answer stays unclear until a message names the parcel.

use super::{
    answer, refused,
    words::{amount, digest, grams, number, text, time, within},
};
use crate::{
    delivery::{
        carriers::{
            Access, Ask, Carrier, CarrierError, CarrierKind, Created, Label, Names, News, Push,
            PushError, Seen, Shipment, Spot,
        },
        parcels::ParcelEvent,
    },
    kernel::{Phone, Vnd},
};
use async_trait::async_trait;
use axum::http::HeaderMap;
use reqwest::StatusCode;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// The adapter.
pub struct ViettelPost {
    http: reqwest::Client,
    base: String,
    /// Tokens by a digest of who has signed in.
    tokens: moka::future::Cache<[u8; 32], String>,
}

/// Longest text that it keeps.
const LONGEST: usize = 150;

impl ViettelPost {
    /// Speaks to the server at `base`.
    #[must_use]
    pub fn new(http: reqwest::Client, base: &str) -> Self {
        let tokens = moka::future::Cache::builder()
            .max_capacity(2_000)
            .time_to_live(Duration::from_secs(1800))
            .build();
        Self { http, base: base.trim_end_matches('/').to_owned(), tokens }
    }

    async fn post(&self, token: &str, path: &str, body: &Value) -> Result<Value, CarrierError> {
        let url = format!("{}{path}", self.base);
        let (status, mut value) =
            answer(self.http.post(url).header("Token", token).json(body)).await?;
        match (status, number(&value["status"])) {
            (StatusCode::OK, Some(200)) => Ok(value["data"].take()),
            (StatusCode::OK, None) => Err(CarrierError::Unknown("an answer without status".into())),
            (StatusCode::NOT_FOUND, _) => Err(CarrierError::NotThere),
            _ => Err(refused(&value, "message")),
        }
    }

    async fn login(&self, access: &Access) -> Result<String, CarrierError> {
        let body = json!({ "USERNAME": access.shop, "PASSWORD": access.token.expose_secret() });
        let data = self.post("", "/v2/user/Login", &body).await?;
        let token = text(&data["token"]);
        if token.is_empty() { Err(CarrierError::Unknown("no token".into())) } else { Ok(token) }
    }

    async fn ask(&self, access: &Access, path: &str, body: Value) -> Result<Value, CarrierError> {
        let who = Sha256::new()
            .chain_update(&access.shop)
            .chain_update([0])
            .chain_update(access.token.expose_secret())
            .finalize();
        let who: [u8; 32] = who.into();
        if let Some(token) = self.tokens.get(&who).await {
            match self.post(&token, path, &body).await {
                // It may have run out. What was refused was not done: once more, signed in anew.
                Err(CarrierError::Refused(_)) => self.tokens.invalidate(&who).await,
                answer => return answer,
            }
        }
        let token = self.login(access).await?;
        self.tokens.insert(who, token.clone()).await;
        self.post(&token, path, &body).await
    }
}

fn place(spot: &Spot) -> String {
    format!("{}, {}", spot.commune, spot.province)
}

/// What each of Viettel Post's numbers means.
pub(super) fn event(status: i64) -> Option<ParcelEvent> {
    Some(match status {
        100 | 102..=104 => ParcelEvent::AwaitPickup,
        105 | 200 => ParcelEvent::PickUp,
        202 | 300..=499 | 509 => ParcelEvent::Move,
        500 | 508 | 550 => ParcelEvent::GoOut,
        501 => ParcelEvent::Deliver,
        505..=507 => ParcelEvent::Fail,
        502 | 515 => ParcelEvent::TurnBack,
        504 => ParcelEvent::Return,
        101 | 107 | 201 | 503 => ParcelEvent::Cancel,
        _ => return None,
    })
}

fn read(data: &Value) -> Option<News> {
    let status = number(&data["ORDER_STATUS"])?;
    let mut event = event(status);
    // On the way back it says of the sender what it else says of the recipient.
    if data["IS_RETURNING"].as_bool() == Some(true) {
        event = event.map(|event| match event {
            ParcelEvent::Deliver => ParcelEvent::Return,
            ParcelEvent::GoOut | ParcelEvent::Move => ParcelEvent::TurnBack,
            other => other,
        });
    }
    let taken = event == Some(ParcelEvent::Deliver);
    Some(News {
        event,
        raw: status.to_string(),
        at: time(&text(&data["ORDER_STATUSDATE"]))?,
        note: text(&data["NOTE"]),
        weight_g: grams(&data["PRODUCT_WEIGHT"]),
        fee: amount(&data["MONEY_TOTAL"]),
        cod: amount(&data["MONEY_COLLECTION"]).filter(|cod| taken && cod.0 > 0),
    })
}

#[async_trait]
impl Carrier for ViettelPost {
    fn kind(&self) -> CarrierKind {
        CarrierKind::ViettelPost
    }

    fn looks_up(&self) -> bool {
        false
    }

    async fn check(&self, access: &Access) -> Result<(), CarrierError> {
        self.login(access).await.map(|_| ())
    }

    async fn quote(&self, access: &Access, ask: &Ask) -> Result<Vnd, CarrierError> {
        let body = json!({
            "SENDER_ADDRESS": place(&ask.from),
            "RECEIVER_ADDRESS": place(&ask.to),
            "PRODUCT_TYPE": "HH",
            "PRODUCT_WEIGHT": ask.weight_g.max(1),
            "PRODUCT_PRICE": ask.goods.0,
            "MONEY_COLLECTION": 0,
            "ORDER_SERVICE": "VCBO",
            "NATIONAL_TYPE": 1,
        });
        let data = self.ask(access, "/v2/order/getPriceNlp", body).await?;
        amount(&data["MONEY_TOTAL"]).ok_or_else(|| CarrierError::Unknown("no MONEY_TOTAL".into()))
    }

    async fn create(&self, access: &Access, shipment: &Shipment) -> Result<Created, CarrierError> {
        let goods: Vec<&str> = shipment.contents.iter().map(|(name, _)| name.as_str()).collect();
        let pieces: i64 = shipment.contents.iter().map(|(_, quantity)| *quantity).sum();
        let body = json!({
            "ORDER_NUMBER": shipment.code,
            "SENDER_FULLNAME": within(&shipment.from.name, LONGEST),
            "SENDER_ADDRESS": within(&shipment.from.address, LONGEST),
            "SENDER_PHONE": Phone::local(&shipment.from.phone),
            "RECEIVER_FULLNAME": within(&shipment.to.name, LONGEST),
            "RECEIVER_ADDRESS": within(&shipment.to.address, LONGEST),
            "RECEIVER_PHONE": Phone::local(&shipment.to.phone),
            "PRODUCT_NAME": within(&goods.join(", "), LONGEST),
            "PRODUCT_QUANTITY": pieces,
            "PRODUCT_PRICE": shipment.goods.0,
            "PRODUCT_WEIGHT": shipment.weight_g,
            "PRODUCT_TYPE": "HH",
            // The fee is in the amount to collect already.
            "ORDER_PAYMENT": if shipment.cod.0 > 0 { 3 } else { 1 },
            "ORDER_SERVICE": "VCBO",
            "ORDER_NOTE": within(&shipment.note, LONGEST),
            "MONEY_COLLECTION": shipment.cod.0,
        });
        let data = self.ask(access, "/v2/order/createOrderNlp", body).await?;
        let code = text(&data["ORDER_NUMBER"]);
        if code.is_empty() {
            return Err(CarrierError::Unknown("no ORDER_NUMBER".into()));
        }
        Ok(Created { code, fee: amount(&data["MONEY_TOTAL"]) })
    }

    async fn label(&self, access: &Access, names: &Names) -> Result<Label, CarrierError> {
        let code = names.theirs.as_ref().ok_or(CarrierError::NotThere)?;
        let body = json!({ "ORDER_ARRAY": [code], "EXPIRY_TIME": 600 });
        let data = self.ask(access, "/v2/order/printing-code", body).await?;
        let link = text(&data["link"]);
        let theirs = link.starts_with("https://") || link.starts_with(&self.base);
        if theirs && link.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Label::At(link))
        } else {
            Err(CarrierError::Unknown("no link".into()))
        }
    }

    async fn cancel(&self, access: &Access, names: &Names) -> Result<(), CarrierError> {
        let code = names.theirs.as_ref().ok_or(CarrierError::NotThere)?;
        let body = json!({ "TYPE": 4, "ORDER_NUMBER": code, "NOTE": "" });
        self.ask(access, "/v2/order/UpdateOrder", body).await.map(|_| ())
    }

    async fn look_up(&self, _: &Access, _: &Names) -> Result<Seen, CarrierError> {
        Err(CarrierError::Unsupported)
    }

    /// Proven by the token that we have agreed on, in the body or as the header `Authorization`.
    fn prove(&self, access: &Access, headers: &HeaderMap, body: &[u8]) -> Result<(), PushError> {
        let value: Value = serde_json::from_slice(body).map_err(|_| PushError::Unreadable)?;
        let header = headers.get("authorization").and_then(|v| v.to_str().ok()).unwrap_or_default();
        let sent = [text(&value["TOKEN"]), header.trim_start_matches("Bearer ").to_owned()];
        let secret = access.secret.expose_secret();
        // Digests are compared, so that the time taken tells nothing of how much was right.
        let same = |sent: &String| Sha256::digest(sent) == Sha256::digest(secret);
        if secret.is_empty() || !sent.iter().any(same) {
            return Err(PushError::Forged);
        }
        Ok(())
    }

    fn read_push(&self, body: &[u8]) -> Result<Push, PushError> {
        let value: Value = serde_json::from_slice(body).map_err(|_| PushError::Unreadable)?;
        let data = &value["DATA"];
        let (theirs, ours) = (text(&data["ORDER_NUMBER"]), text(&data["ORDER_REFERENCE"]));
        let news = read(data).filter(|_| !theirs.is_empty()).ok_or(PushError::Unreadable)?;
        Ok(Push { id: digest(data.to_string().as_bytes()), ours, theirs, says: Some(news) })
    }
}
