//! What the carriers write of a parcel, asked or by themselves.

use super::{Booked, SHOP, Sim};
use serde_json::{Value, json};

pub(super) fn ghn_detail(ours: &str, p: &Booked) -> Value {
    let log: Vec<Value> =
        p.log.iter().map(|(status, at)| json!({ "status": status, "updated_date": at })).collect();
    let (status, at) = p.log.last().cloned().unwrap();
    json!({
        "order_code": p.theirs, "client_order_code": ours, "status": status, "updated_date": at, "log": log,
        "weight": p.weight, "converted_weight": 0, "cod_amount": p.cod, "is_cod_collected": status == "delivered",
        "total_fee": p.fee, "is_partial_return": p.partial,
    })
}

pub(super) fn ghtk_order(ours: &str, p: &Booked) -> Value {
    let (status, at) = p.log.last().cloned().unwrap();
    json!({
        "label_id": p.theirs, "partner_id": ours, "status": status, "modified": at, "message": "",
        "weight": p.weight as f64 / 1000.0, "ship_money": p.fee, "pick_money": p.cod,
        "return_part_package": u8::from(p.partial),
    })
}

impl Sim {
    /// The message with which a carrier tells of a parcel's last status: its kind of body, and the body.
    pub fn message(&self, carrier: &str, ours: &str, secret: &str) -> (&'static str, String) {
        let (_, p) = self.booked(carrier).into_iter().find(|(code, _)| code == ours).unwrap();
        let (status, at) = p.log.last().cloned().unwrap();
        match carrier {
            "ghn" => {
                let body = json!({ "Type": "switch_status", "OrderCode": p.theirs, "ClientOrderCode": ours, "Status": status,
                    "ShopID": SHOP.parse::<i64>().unwrap(), "CODAmount": p.cod, "Weight": p.weight, "Time": at });
                ("application/json", body.to_string())
            }
            "ghtk" => {
                let fields = [
                    ("label_id", p.theirs.as_str()),
                    ("partner_id", ours),
                    ("status_id", &status),
                    ("action_time", &at),
                ];
                let body =
                    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                ("application/x-www-form-urlencoded", body)
            }
            _ => {
                let data = json!({ "ORDER_NUMBER": p.theirs, "ORDER_REFERENCE": ours, "ORDER_STATUSDATE": at,
                    "ORDER_STATUS": status.parse::<i64>().unwrap(), "MONEY_COLLECTION": p.cod, "MONEY_TOTAL": p.fee,
                    "PRODUCT_WEIGHT": p.weight, "IS_RETURNING": false });
                ("application/json", json!({ "DATA": data, "TOKEN": secret }).to_string())
            }
        }
    }
}
