//! A stand-in for the carriers' systems, for tests: it speaks the HTTP of GHN, GHTK and Viettel Post on a port of its own
//! and keeps everything in memory.
//!
//! **As documented:** GHN's `token` and `ShopId`, one order per `client_order_code`, detail with its log, fee by old
//! districts, cancel before pick-up; GHTK's `Token`, one order per `order.id` with `ORDER_ID_EXIST` for a second, status
//! by label or `partner_id:`; Viettel Post's login, free-text addresses, refusal of a number sent twice, no status call;
//! the messages of all three. **Its bad days** are told beforehand with [`Sim::fail_next`].

mod messages;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

pub const TOKEN: &str = "token-cua-hang";
pub const SHOP: &str = "885";

/// What goes wrong with the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// Nothing is done, 500 is answered.
    Error,
    /// All is done, then nothing is heard any more.
    SilentAfterwards,
    /// All is done, and something that is not JSON is answered.
    Garbage,
    /// The answer takes this many milliseconds.
    Slow(u64),
}

/// One parcel in the carrier's books.
#[derive(Debug, Clone, Default)]
pub struct Booked {
    pub theirs: String,
    /// Status and time, as the carrier writes it.
    pub log: Vec<(String, String)>,
    pub cod: i64,
    pub weight: i64,
    pub fee: i64,
    pub partial: bool,
    pub cancelled: bool,
}

#[derive(Default)]
struct Books {
    /// By carrier and our code.
    parcels: BTreeMap<(String, String), Booked>,
    bad: VecDeque<Bad>,
    calls: Vec<String>,
}

/// A running stand-in; it ends with the test.
#[derive(Clone)]
pub struct Sim {
    pub base: String,
    books: Arc<Mutex<Books>>,
}

impl Sim {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let sim = Self { base, books: Arc::default() };
        let routes = Router::new()
            .route("/shiip/public-api/{*path}", post(ghn))
            .route("/services/{*path}", get(ghtk).post(ghtk))
            .route("/v2/{*path}", post(viettel))
            .with_state(sim.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        sim
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }

    /// The next call but log-ins goes wrong; several are taken in turn.
    pub fn fail_next(&self, bad: Bad) {
        self.books().bad.push_back(bad);
    }

    /// Everything in the books of one carrier.
    pub fn booked(&self, carrier: &str) -> Vec<(String, Booked)> {
        let books = self.books();
        let own = books.parcels.iter().filter(|((c, _), _)| c == carrier);
        own.map(|((_, ours), parcel)| (ours.clone(), parcel.clone())).collect()
    }

    /// How often this was asked.
    pub fn calls(&self, path: &str) -> usize {
        self.books().calls.iter().filter(|call| call.contains(path)).count()
    }

    /// Something happens to a parcel.
    pub fn happen(&self, carrier: &str, ours: &str, change: impl FnOnce(&mut Booked)) {
        let mut books = self.books();
        change(books.parcels.get_mut(&(carrier.to_owned(), ours.to_owned())).unwrap());
    }

    /// The next status of a parcel.
    pub fn status(&self, carrier: &str, ours: &str, status: &str, at: &str) {
        self.happen(carrier, ours, |p| p.log.push((status.to_owned(), at.to_owned())));
    }

    /// Notes the call and says what goes wrong with it.
    fn begin(&self, call: &str) -> Option<Bad> {
        let mut books = self.books();
        books.calls.push(call.to_owned());
        if call.ends_with("Login") { None } else { books.bad.pop_front() }
    }

    /// Books a parcel; `Err`: its number, where it is in the books already.
    fn book(&self, carrier: &str, ours: &str, new: Booked) -> Result<String, String> {
        let mut books = self.books();
        let theirs =
            format!("{}{:06}", carrier.to_uppercase().replace('_', ""), books.parcels.len() + 1);
        let key = (carrier.to_owned(), ours.to_owned());
        if let Some(there) = books.parcels.get(&key) {
            return Err(there.theirs.clone());
        }
        books.parcels.insert(key, Booked { theirs: theirs.clone(), ..new });
        Ok(theirs)
    }

    fn find(&self, carrier: &str, name: &str) -> Option<(String, Booked)> {
        self.booked(carrier).into_iter().find(|(ours, p)| ours == name || p.theirs == name)
    }
}

async fn dress(bad: Option<Bad>, work: impl FnOnce() -> Response) -> Response {
    match bad {
        Some(Bad::Error) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(Bad::Garbage) => {
            work();
            "<html>ok</html>".into_response()
        }
        Some(Bad::SilentAfterwards) => {
            work();
            std::future::pending().await
        }
        Some(Bad::Slow(ms)) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            work()
        }
        None => work(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

async fn ghn(
    State(sim): State<Sim>,
    Path(path): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let bad = sim.begin(&format!("ghn {path}"));
    let refused = |message: &str| {
        (StatusCode::BAD_REQUEST, Json(json!({ "code": 400, "message": message }))).into_response()
    };
    if header(&headers, "token") != TOKEN || header(&headers, "ShopId") != SHOP {
        return (
            StatusCode::UNAUTHORIZED,
            Json(json!({ "code": 401, "message": "Token is not valid!" })),
        )
            .into_response();
    }
    let ok = |data: Value| {
        Json(json!({ "code": 200, "message": "Success", "data": data })).into_response()
    };
    dress(bad, || match path.as_str() {
        "v2/shop/all" => ok(json!({ "shops": [] })),
        "v2/shipping-order/fee" => {
            assert!(body["to_district_id"].is_i64() && !text(&body["to_ward_code"]).is_empty());
            ok(json!({ "total": 22_000 + body["weight"].as_i64().unwrap(), "service_fee": 22_000 }))
        }
        "v2/shipping-order/create" => {
            assert_eq!(body["payment_type_id"], 1, "the shop pays the carrier");
            let ours = text(&body["client_order_code"]);
            let weight = body["weight"].as_i64().unwrap();
            let (fee, cod) = (22_000 + weight, body["cod_amount"].as_i64().unwrap());
            let log = vec![("ready_to_pick".to_owned(), "2026-11-22T02:00:01Z".to_owned())];
            let code =
                sim.book("ghn", &ours, Booked { cod, weight, fee, log, ..Booked::default() });
            let code = code.unwrap_or_else(|there| there);
            ok(json!({ "order_code": code, "total_fee": fee }))
        }
        "v2/shipping-order/detail" | "v2/shipping-order/detail-by-client-code" => {
            let name = body.get("order_code").or(body.get("client_order_code")).map(text);
            match sim.find("ghn", &name.unwrap()) {
                Some((ours, p)) => ok(messages::ghn_detail(&ours, &p)),
                None => refused("Đơn hàng không tồn tại"),
            }
        }
        "v2/switch-status/cancel" => {
            let Some((ours, p)) = sim.find("ghn", &text(&body["order_codes"][0])) else {
                return refused("Đơn hàng không tồn tại");
            };
            let fetched = p.log.iter().any(|(status, _)| status == "picked");
            if !fetched {
                sim.happen("ghn", &ours, |p| p.cancelled = true);
            }
            ok(json!([{ "order_code": p.theirs, "result": !fetched, "message": "đã lấy hàng" }]))
        }
        "v2/a5/gen-token" => ok(json!({ "token": "in-nhan-1" })),
        other => panic!("GHN has no {other}"),
    })
    .await
}

async fn ghtk(
    State(sim): State<Sim>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let bad = sim.begin(&format!("ghtk {path}"));
    let say = |value: Value| Json(value).into_response();
    let refused = |message: &str| say(json!({ "success": false, "message": message }));
    if header(&headers, "Token") != TOKEN {
        return refused("Token không hợp lệ");
    }
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    dress(bad, || {
        let last = path.rsplit('/').next().unwrap_or_default();
        let name = last.strip_prefix("partner_id:").unwrap_or(last);
        match path.split('/').take(2).collect::<Vec<_>>()[..] {
            ["shipment", "list_pick_add"] => say(json!({ "success": true, "data": [] })),
            ["shipment", "fee"] => {
                say(json!({ "success": true, "fee": { "fee": 27_000, "delivery": true } }))
            }
            ["shipment", "order"] => {
                let order = &body["order"];
                let kilograms = order["total_weight"].as_f64().unwrap();
                let new = Booked {
                    cod: order["pick_money"].as_i64().unwrap(),
                    weight: (kilograms * 1000.0) as i64,
                    fee: 27_000,
                    log: vec![("2".into(), "2026-11-22 09:00:01".into())],
                    ..Booked::default()
                };
                match sim.book("ghtk", &text(&order["id"]), new) {
                    Ok(label) => {
                        say(json!({ "success": true, "order": { "label": label, "fee": "27000" } }))
                    }
                    Err(label) => say(json!({ "success": false, "message": "Đơn đã tồn tại",
                        "error": { "code": "ORDER_ID_EXIST", "ghtk_label": label } })),
                }
            }
            ["shipment", "v2"] => match sim.find("ghtk", name) {
                Some((ours, p)) => {
                    say(json!({ "success": true, "order": messages::ghtk_order(&ours, &p) }))
                }
                None => refused("Không tìm thấy đơn hàng"),
            },
            ["shipment", "cancel"] => match sim.find("ghtk", name) {
                Some((ours, p)) if !p.log.iter().any(|(status, _)| status == "3") => {
                    sim.happen("ghtk", &ours, |p| p.cancelled = true);
                    say(json!({ "success": true, "message": "" }))
                }
                Some(_) => refused("Đơn hàng đã lấy"),
                None => refused("Không tìm thấy đơn hàng"),
            },
            ["label", _] => "%PDF-1.4 nhãn".into_response(),
            ref other => panic!("GHTK has no {other:?}"),
        }
    })
    .await
}

async fn viettel(
    State(sim): State<Sim>,
    Path(path): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let bad = sim.begin(&format!("vtp {path}"));
    let say = |status: i64, message: &str, data: Value| {
        Json(json!({ "status": status, "error": status != 200, "message": message, "data": data }))
            .into_response()
    };
    if path == "user/Login" {
        let right = body["USERNAME"] == SHOP && body["PASSWORD"] == TOKEN;
        return if right {
            say(200, "OK", json!({ "token": "phien-1" }))
        } else {
            say(201, "Sai mật khẩu", json!(null))
        };
    }
    if header(&headers, "Token") != "phien-1" {
        return say(205, "Token invalid", json!(null));
    }
    dress(bad, || match path.as_str() {
        "order/getPriceNlp" => {
            assert!(text(&body["RECEIVER_ADDRESS"]).contains(','), "addresses as free text");
            say(200, "OK", json!({ "MONEY_TOTAL": 31_000 }))
        }
        "order/createOrderNlp" => {
            for name in ["SENDER_ADDRESS", "RECEIVER_ADDRESS", "PRODUCT_NAME", "ORDER_NOTE"] {
                assert!(text(&body[name]).len() <= 150, "{name} is too long for Viettel Post");
            }
            let new = Booked {
                cod: body["MONEY_COLLECTION"].as_i64().unwrap(),
                weight: body["PRODUCT_WEIGHT"].as_i64().unwrap(),
                fee: 31_000,
                ..Booked::default()
            };
            match sim.book("viettel_post", &text(&body["ORDER_NUMBER"]), new) {
                Ok(code) => say(200, "OK", json!({ "ORDER_NUMBER": code, "MONEY_TOTAL": 31_000 })),
                Err(_) => say(204, "Mã đơn hàng đã tồn tại", json!(null)),
            }
        }
        "order/UpdateOrder" => match sim.find("viettel_post", &text(&body["ORDER_NUMBER"])) {
            Some((ours, p))
                if p.log.iter().all(|(status, _)| status.parse::<i64>().unwrap() < 200) =>
            {
                sim.happen("viettel_post", &ours, |p| p.cancelled = true);
                say(200, "OK", json!(null))
            }
            Some(_) => say(204, "Không hủy được", json!(null)),
            None => say(204, "Không có vận đơn", json!(null)),
        },
        "order/printing-code" => say(200, "OK", json!({ "link": "https://viettelpost.vn/in/1" })),
        other => panic!("Viettel Post has no {other}"),
    })
    .await
}
