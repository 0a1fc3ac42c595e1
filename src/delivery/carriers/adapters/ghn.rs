//! Giao Hàng Nhanh. Documented: hosts, headers `token` and `ShopId`, fee, create (once per `client_order_code`), detail,
//! cancel, statuses, messages without any proof. Prices by old district numbers and ward codes.

use super::{
    answer, refused,
    words::{amount, digest, grams, number, text, time},
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

/// The adapter; `base` without the path of its API.
pub struct Ghn {
    http: reqwest::Client,
    base: String,
}

const API: &str = "/shiip/public-api";

impl Ghn {
    /// Speaks to the server at `base`.
    #[must_use]
    pub fn new(http: reqwest::Client, base: &str) -> Self {
        Self { http, base: base.trim_end_matches('/').to_owned() }
    }

    /// Asks; what was not answered with code 200 is an error.
    async fn ask(&self, access: &Access, path: &str, body: Value) -> Result<Value, CarrierError> {
        let request = self
            .http
            .post(format!("{}{API}{path}", self.base))
            .header("token", access.token.expose_secret())
            .header("ShopId", &access.shop)
            .json(&body);
        let (status, mut value) = answer(request).await?;
        match status {
            StatusCode::OK if number(&value["code"]) == Some(200) => Ok(value["data"].take()),
            StatusCode::NOT_FOUND => Err(CarrierError::NotThere),
            _ => Err(refused(&value, "message")),
        }
    }
}

/// The old district and ward, which GHN cannot do without.
fn place(spot: &Spot) -> Result<(i64, &str), CarrierError> {
    let found = spot.mapped.as_ref();
    let found = found.and_then(|(district, ward)| Some((district.parse().ok()?, ward.as_str())));
    found.ok_or_else(|| {
        CarrierError::Refused(format!("GHN chưa có mã cho {}, {}", spot.commune, spot.province))
    })
}

/// What each of GHN's words means.
pub(super) fn event(word: &str) -> Option<ParcelEvent> {
    Some(match word {
        "ready_to_pick" | "picking" | "money_collect_picking" => ParcelEvent::AwaitPickup,
        "picked" => ParcelEvent::PickUp,
        "storing" | "transporting" | "sorting" => ParcelEvent::Move,
        "delivering" | "money_collect_delivering" => ParcelEvent::GoOut,
        "delivered" => ParcelEvent::Deliver,
        "delivery_fail" | "waiting_to_return" => ParcelEvent::Fail,
        "return" | "returning" | "return_transporting" | "return_sorting" | "return_fail" => {
            ParcelEvent::TurnBack
        }
        "returned" => ParcelEvent::Return,
        "cancel" => ParcelEvent::Cancel,
        "lost" | "damage" => ParcelEvent::Lose,
        _ => return None,
    })
}

/// The whole story: GHN keeps a log; its last line is the state. What it weighed and took stands in the last.
fn read(data: &Value) -> Option<Seen> {
    let data = if data.is_array() { &data[0] } else { data };
    let code = text(&data["order_code"]);
    let state = text(&data["status"]);
    let at = time(&text(&data["updated_date"]));
    let mut news: Vec<News> = data["log"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|line| Some((text(&line["status"]), time(&text(&line["updated_date"]))?)))
        .map(|(raw, at)| plain(raw, at))
        .collect();
    if !news.iter().any(|one| one.raw == state)
        && let Some(at) = at
    {
        news.push(plain(state.clone(), at));
    }
    let partly = data["is_partial_return"].as_bool().unwrap_or_default();
    let collected = data["is_cod_collected"].as_bool().unwrap_or_default();
    if let Some(last) = news.iter_mut().rev().find(|one| one.raw == state) {
        let converted = grams(&data["converted_weight"]);
        last.weight_g = grams(&data["weight"]).max(converted);
        last.fee = amount(&data["total_fee"]);
        last.note = text(&data["reason"]);
        last.cod = amount(&data["cod_amount"]).filter(|_| collected);
        if partly && last.event == Some(ParcelEvent::Deliver) {
            last.event = Some(ParcelEvent::DeliverPart);
        }
    }
    (!code.is_empty()).then_some(Seen { code, news })
}

fn plain(raw: String, at: chrono::DateTime<chrono::Utc>) -> News {
    let note = String::new();
    News { event: event(&raw), raw, at, note, weight_g: None, fee: None, cod: None }
}

fn lines(shipment: &Shipment) -> Vec<Value> {
    let each =
        i64::from(shipment.weight_g) / i64::try_from(shipment.contents.len().max(1)).unwrap_or(1);
    let line = |(name, quantity): &(String, i64)| json!({ "name": name, "quantity": quantity, "weight": each.max(1) });
    shipment.contents.iter().map(line).collect()
}

#[async_trait]
impl Carrier for Ghn {
    fn kind(&self) -> CarrierKind {
        CarrierKind::Ghn
    }

    fn looks_up(&self) -> bool {
        true
    }

    async fn check(&self, access: &Access) -> Result<(), CarrierError> {
        self.ask(access, "/v2/shop/all", json!({ "offset": 0, "limit": 1 })).await.map(|_| ())
    }

    async fn quote(&self, access: &Access, ask: &Ask) -> Result<Vnd, CarrierError> {
        let ((from, from_ward), (to, to_ward)) = (place(&ask.from)?, place(&ask.to)?);
        let body = json!({
            "service_type_id": service(ask.weight_g),
            "from_district_id": from, "from_ward_code": from_ward,
            "to_district_id": to, "to_ward_code": to_ward,
            "weight": ask.weight_g.max(1),
            "insurance_value": ask.goods.0.clamp(0, 5_000_000),
        });
        let data = self.ask(access, "/v2/shipping-order/fee", body).await?;
        amount(&data["total"]).ok_or_else(|| CarrierError::Unknown("no total".into()))
    }

    async fn create(&self, access: &Access, shipment: &Shipment) -> Result<Created, CarrierError> {
        let (to, to_ward) = place(&shipment.to_spot)?;
        let body = json!({
            "client_order_code": shipment.code,
            "payment_type_id": 1,
            "required_note": "CHOXEMHANGKHONGTHU",
            "note": shipment.note,
            "from_name": shipment.from.name,
            "from_phone": Phone::local(&shipment.from.phone),
            "from_address": shipment.from.address,
            "from_ward_name": shipment.from_spot.commune,
            "from_province_name": shipment.from_spot.province,
            "to_name": shipment.to.name,
            "to_phone": Phone::local(&shipment.to.phone),
            "to_address": shipment.to.address,
            "to_district_id": to, "to_ward_code": to_ward,
            "cod_amount": shipment.cod.0,
            "insurance_value": shipment.goods.0.clamp(0, 5_000_000),
            "weight": shipment.weight_g, "length": 20, "width": 20, "height": 10,
            "service_type_id": service(i64::from(shipment.weight_g)),
            "items": lines(shipment),
        });
        let data = self.ask(access, "/v2/shipping-order/create", body).await?;
        let code = text(&data["order_code"]);
        if code.is_empty() {
            return Err(CarrierError::Unknown("no order_code".into()));
        }
        Ok(Created { code, fee: amount(&data["total_fee"]) })
    }

    async fn label(&self, access: &Access, names: &Names) -> Result<Label, CarrierError> {
        let code = names.theirs.as_ref().ok_or(CarrierError::NotThere)?;
        let data = self.ask(access, "/v2/a5/gen-token", json!({ "order_codes": [code] })).await?;
        let token = text(&data["token"]);
        if token.is_empty() || !token.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        {
            return Err(CarrierError::Unknown("no token".into()));
        }
        Ok(Label::At(format!("{}/a5/public-api/printA5?token={token}", self.base)))
    }

    async fn cancel(&self, access: &Access, names: &Names) -> Result<(), CarrierError> {
        let code = names.theirs.as_ref().ok_or(CarrierError::NotThere)?;
        let body = json!({ "order_codes": [code] });
        let data = self.ask(access, "/v2/switch-status/cancel", body).await?;
        match data[0]["result"].as_bool() {
            Some(false) => Err(refused(&data[0], "message")),
            _ => Ok(()),
        }
    }

    async fn look_up(&self, access: &Access, names: &Names) -> Result<Seen, CarrierError> {
        let (path, body) = match &names.theirs {
            Some(code) => ("/v2/shipping-order/detail", json!({ "order_code": code })),
            None => (
                "/v2/shipping-order/detail-by-client-code",
                json!({ "client_order_code": names.ours }),
            ),
        };
        let data = match self.ask(access, path, body).await {
            // A code that it does not know is refused like a key that does not fit.
            Err(CarrierError::Refused(_)) => {
                self.check(access).await?;
                return Err(CarrierError::NotThere);
            }
            other => other?,
        };
        read(&data).ok_or_else(|| CarrierError::Unknown("no order_code".into()))
    }

    /// Nothing proves it but the shop's number, which others can know.
    fn prove(&self, access: &Access, _: &HeaderMap, body: &[u8]) -> Result<(), PushError> {
        let value: Value = serde_json::from_slice(body).map_err(|_| PushError::Unreadable)?;
        let shop = text(&value["ShopID"]);
        if shop.is_empty() || shop == access.shop { Ok(()) } else { Err(PushError::Forged) }
    }

    fn read_push(&self, body: &[u8]) -> Result<Push, PushError> {
        let value: Value = serde_json::from_slice(body).map_err(|_| PushError::Unreadable)?;
        let (theirs, ours) = (text(&value["OrderCode"]), text(&value["ClientOrderCode"]));
        if theirs.is_empty() && ours.is_empty() {
            return Err(PushError::Unreadable);
        }
        Ok(Push { id: digest(body), ours, theirs, says: None })
    }
}

/// Light goods, or heavy ones from 20 kg on.
const fn service(weight_g: i64) -> i64 {
    if weight_g < 20_000 { 2 } else { 5 }
}
