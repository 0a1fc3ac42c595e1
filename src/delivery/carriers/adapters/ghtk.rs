//! Giao Hàng Tiết Kiệm. Documented: header `Token`, one order per `order.id` (a second one is told with the first's
//! label), weights in kilograms, form-encoded messages proven by nothing but a `hash` in our own address.

use super::{
    answer, bytes, refused,
    words::{amount, digest, kilograms, number, text, time},
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
use reqwest::{RequestBuilder, StatusCode};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The adapter.
pub struct Ghtk {
    http: reqwest::Client,
    base: String,
}

impl Ghtk {
    /// Speaks to the server at `base`.
    #[must_use]
    pub fn new(http: reqwest::Client, base: &str) -> Self {
        Self { http, base: base.trim_end_matches('/').to_owned() }
    }

    fn signed(&self, access: &Access, request: RequestBuilder) -> RequestBuilder {
        request
            .header("Token", access.token.expose_secret())
            .header("X-Client-Source", &access.shop)
    }

    async fn ask(&self, access: &Access, request: RequestBuilder) -> Result<Value, CarrierError> {
        let (status, value) = answer(self.signed(access, request)).await?;
        match (status, value["success"].as_bool()) {
            (StatusCode::NOT_FOUND, _) => Err(CarrierError::NotThere),
            (_, Some(true)) => Ok(value),
            (_, Some(false)) if !known_before(&value).is_empty() => Ok(value),
            (_, Some(false)) => Err(refused(&value, "message")),
            (status, None) if status.is_client_error() => Err(refused(&value, "message")),
            (_, None) => Err(CarrierError::Unknown("an answer without success".into())),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

/// The label of an order that it had before.
fn known_before(value: &Value) -> String {
    match value["error"]["code"].as_str() {
        Some("ORDER_ID_EXIST") => text(&value["error"]["ghtk_label"]),
        _ => String::new(),
    }
}

/// District and ward; since July 2025 a commune stands where both stood, unless the operator has brought in the old.
fn place(spot: &Spot) -> (&str, &str) {
    match &spot.mapped {
        Some((district, ward)) => (district, ward),
        None => (&spot.commune, &spot.commune),
    }
}

/// What each of GHTK's numbers means.
pub(super) fn event(status: i64) -> Option<ParcelEvent> {
    Some(match status {
        -1 => ParcelEvent::Cancel,
        2 | 7 | 8 | 12 | 127 | 128 => ParcelEvent::AwaitPickup,
        123 => ParcelEvent::PickUp,
        3 => ParcelEvent::Move,
        4 => ParcelEvent::GoOut,
        5 | 6 => ParcelEvent::Deliver,
        9 | 10 | 49 | 410 => ParcelEvent::Fail,
        20 => ParcelEvent::TurnBack,
        11 | 21 => ParcelEvent::Return,
        13 => ParcelEvent::Lose,
        _ => return None,
    })
}

fn read(order: &Value) -> Option<Seen> {
    let code = text(&order["label_id"]);
    let status = number(&order["status"])?;
    let at = time(&text(&order["modified"])).or_else(|| time(&text(&order["created"])))?;
    let partly = text(&order["return_part_package"]) == "1";
    let event = match event(status) {
        Some(ParcelEvent::Deliver) if partly => Some(ParcelEvent::DeliverPart),
        other => other,
    };
    let taken = matches!(event, Some(ParcelEvent::Deliver | ParcelEvent::DeliverPart));
    let news = News {
        event,
        raw: status.to_string(),
        at,
        note: text(&order["message"]),
        weight_g: kilograms(&order["weight"]),
        fee: amount(&order["ship_money"]),
        cod: amount(&order["pick_money"]).filter(|cod| taken && cod.0 > 0),
    };
    (!code.is_empty()).then_some(Seen { code, news: vec![news] })
}

fn order(shipment: &Shipment) -> Value {
    let (pick_district, pick_ward) = place(&shipment.from_spot);
    let (district, ward) = place(&shipment.to_spot);
    let product = |(name, quantity): &(String, i64)| json!({ "name": name, "quantity": quantity, "weight": 0.1 });
    let products: Vec<Value> = shipment.contents.iter().map(product).collect();
    json!({
        "products": products,
        "order": {
            "id": shipment.code,
            "pick_name": shipment.from.name,
            "pick_tel": Phone::local(&shipment.from.phone),
            "pick_address": shipment.from.address,
            "pick_province": shipment.from_spot.province,
            "pick_district": pick_district, "pick_ward": pick_ward,
            "name": shipment.to.name,
            "tel": Phone::local(&shipment.to.phone),
            "address": shipment.to.address,
            "province": shipment.to_spot.province,
            "district": district, "ward": ward, "hamlet": "Khác",
            "is_freeship": 1,
            "pick_money": shipment.cod.0,
            "value": shipment.goods.0,
            "note": shipment.note,
            "total_weight": f64::from(shipment.weight_g) / 1000.0,
            "weight_option": "kilogram",
            "transport": "road",
        }
    })
}

#[async_trait]
impl Carrier for Ghtk {
    fn kind(&self) -> CarrierKind {
        CarrierKind::Ghtk
    }

    fn looks_up(&self) -> bool {
        true
    }

    async fn check(&self, access: &Access) -> Result<(), CarrierError> {
        let request = self.http.get(self.url("/services/shipment/list_pick_add"));
        self.ask(access, request).await.map(|_| ())
    }

    async fn quote(&self, access: &Access, ask: &Ask) -> Result<Vnd, CarrierError> {
        let ((from, _), (to, _)) = (place(&ask.from), place(&ask.to));
        let (weight, value) = (ask.weight_g.max(1).to_string(), ask.goods.0.to_string());
        let request = self.http.get(self.url("/services/shipment/fee")).query(&[
            ("pick_province", ask.from.province.as_str()),
            ("pick_district", from),
            ("province", &ask.to.province),
            ("district", to),
            ("weight", &weight),
            ("value", &value),
            ("transport", "road"),
            ("deliver_option", "none"),
        ]);
        let value = self.ask(access, request).await?;
        if value["fee"]["delivery"].as_bool() == Some(false) {
            return Err(CarrierError::Refused("GHTK không giao tới nơi này".into()));
        }
        amount(&value["fee"]["fee"]).ok_or_else(|| CarrierError::Unknown("no fee".into()))
    }

    async fn create(&self, access: &Access, shipment: &Shipment) -> Result<Created, CarrierError> {
        let request = self.http.post(self.url("/services/shipment/order")).json(&order(shipment));
        let value = self.ask(access, request).await?;
        let before = known_before(&value);
        if !before.is_empty() {
            return Ok(Created { code: before, fee: None });
        }
        let code = text(&value["order"]["label"]);
        if code.is_empty() {
            return Err(CarrierError::Unknown("no label".into()));
        }
        Ok(Created { code, fee: amount(&value["order"]["fee"]) })
    }

    async fn label(&self, access: &Access, names: &Names) -> Result<Label, CarrierError> {
        let path = format!("/services/label/{}", name(names)?);
        let request = self.signed(access, self.http.get(self.url(&path)));
        match bytes(request).await? {
            (StatusCode::OK, body) if body.starts_with(b"%PDF") => Ok(Label::Pdf(body)),
            (StatusCode::NOT_FOUND, _) => Err(CarrierError::NotThere),
            (status, _) => Err(CarrierError::Refused(status.to_string())),
        }
    }

    async fn cancel(&self, access: &Access, names: &Names) -> Result<(), CarrierError> {
        let path = format!("/services/shipment/cancel/{}", name(names)?);
        self.ask(access, self.http.post(self.url(&path))).await.map(|_| ())
    }

    async fn look_up(&self, access: &Access, names: &Names) -> Result<Seen, CarrierError> {
        let path = format!("/services/shipment/v2/{}", name(names)?);
        let value = match self.ask(access, self.http.get(self.url(&path))).await {
            // A code that it does not know is refused like a key that does not fit.
            Err(CarrierError::Refused(_)) => {
                self.check(access).await?;
                return Err(CarrierError::NotThere);
            }
            other => other?,
        };
        read(&value["order"]).ok_or_else(|| CarrierError::Unknown("no order".into()))
    }

    /// The `hash` in the address is our own random path: whoever knows it may still have guessed the rest.
    fn prove(&self, _: &Access, _: &HeaderMap, _: &[u8]) -> Result<(), PushError> {
        Ok(())
    }

    fn read_push(&self, body: &[u8]) -> Result<Push, PushError> {
        let fields: HashMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
        let field = |name: &str| fields.get(name).map(|v| v.trim().to_owned()).unwrap_or_default();
        let (theirs, ours) = (field("label_id"), field("partner_id"));
        if theirs.is_empty() && ours.is_empty() {
            return Err(PushError::Unreadable);
        }
        Ok(Push { id: digest(body), ours, theirs, says: None })
    }
}

/// By its label, or by our code; only what can stand in an address.
fn name(names: &Names) -> Result<String, CarrierError> {
    let sound =
        |code: &String| code.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c));
    match &names.theirs {
        Some(label) if sound(label) && !label.is_empty() => Ok(label.clone()),
        None if sound(&names.ours) => Ok(format!("partner_id:{}", names.ours)),
        _ => Err(CarrierError::NotThere),
    }
}
