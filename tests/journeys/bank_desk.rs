//! A seller who has a bank-feed service tell the floor what comes in on his account.

use crate::{
    orders_live::GOOD,
    shop_floor::{Shop, shop, signed_in},
    support::{
        World,
        browser::{Answer, Browser},
    },
};
use reqwest::StatusCode;
use santinh::{orders::PlacedOrder, payments};
use serde_json::{Value, json};

/// A seller at his desk, with an address for a service.
pub struct Desk {
    pub shop: Shop,
    pub browser: Browser,
    service: &'static str,
    pub path: String,
    pub key: String,
}

pub const FEEDS: &str = "/ban-hang/doi-soat/nguon";

pub async fn desk(world: &World, service: &'static str) -> Desk {
    let shop = shop(world, "Cà phê Khe Sanh", GOOD, 100).await;
    desk_of(world, shop, service).await
}

/// The same for a shop that is there.
pub async fn desk_of(world: &World, shop: Shop, service: &'static str) -> Desk {
    let browser = signed_in(world, &shop.email).await;
    let form = browser.get(FEEDS).await.ok().form(&format!("form[action=\"{FEEDS}\"]"));
    let form = form.with("dich_vu", service);
    let made = browser.send(&form).await.ok();
    let codes = made.texts(".note .code");
    let path = codes[0].strip_prefix(&world.base).unwrap().to_owned();
    let key = codes[1].clone();
    // Shown once: neither the page nor the same form again tells the key.
    assert!(!browser.get(FEEDS).await.ok().text.contains(&key));
    assert!(!browser.send(&form).await.ok().text.contains(&key));
    Desk { shop, browser, service, path, key }
}

/// One line as the services write it.
pub fn message(service: &str, id: i64, amount: i64, content: &str, reference: &str) -> Value {
    let at = "2026-11-22 09:05:37";
    match service {
        "sepay" => json!({
            "id": id, "gateway": "Vietcombank", "transactionDate": at, "accountNumber": "0011004123456",
            "code": null, "content": content, "transferType": if amount < 0 { "out" } else { "in" },
            "transferAmount": amount.abs(), "accumulated": 19_077_000, "subAccount": null,
            "referenceCode": reference, "description": format!("BankAPINotify {content}")
        }),
        _ => json!({ "error": 0, "data": [{
            "id": id, "tid": reference, "description": content, "amount": amount, "cusum_balance": 20_000_000,
            "when": at, "bank_sub_acc_id": "0011004123456", "subAccId": "0011004123456"
        }] }),
    }
}

impl Desk {
    pub async fn post(&self, world: &World, key: &str, body: String) -> reqwest::Response {
        self.telling(&world.base, key, body).send().await.unwrap()
    }

    /// The request with which the service tells the server at `base`.
    pub fn telling(&self, base: &str, key: &str, body: String) -> reqwest::RequestBuilder {
        let request = reqwest::Client::new()
            .post(format!("{base}{}", self.path))
            .header("content-type", "application/json");
        let request = match self.service {
            "sepay" => request.header("authorization", format!("Apikey {key}")),
            _ => request.header("secure-token", key),
        };
        request.body(body)
    }

    /// The service tells of one line, and it is acted on.
    pub async fn tells(&self, world: &World, id: i64, amount: i64, content: &str, reference: &str) {
        let body = message(self.service, id, amount, content, reference).to_string();
        let answer = self.post(world, &self.key, body).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.json::<Value>().await.unwrap(), json!({ "success": true }));
        world.run_jobs().await;
    }

    pub async fn page(&self) -> Answer {
        self.browser.get("/ban-hang/doi-soat").await.ok()
    }

    /// The seller's word on the one line that waits.
    pub async fn decides(&self, what: &str, code: &str) -> Answer {
        let links = self.page().await.attributes("section[aria-labelledby=todo] td > a", "href");
        assert_eq!(links.len(), 1, "{links:?}");
        let page = self.browser.get(&links[0]).await.ok();
        let form = page.form("main form[action^=\"/ban-hang/doi-soat/\"]").with("la", what);
        let form = form.with("ly_do", "Người mua gửi ảnh biên lai");
        let form = if code.is_empty() { form } else { form.with("don", code) };
        self.browser.send(&form).await
    }
}

pub async fn memo(world: &World, order: &PlacedOrder) -> String {
    payments::of_order(&world.db, order.id).await.unwrap().unwrap().memo
}
