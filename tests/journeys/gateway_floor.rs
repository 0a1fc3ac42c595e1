//! A shop that has a contract with every payment gateway, and the stand-in at which its buyers pay.

use crate::{
    orders_live::GOOD,
    shop_floor::{Shop, ordered, shop, signed_in},
    support::{
        World,
        browser::Answer,
        gateways::{self, Sent, StandIn},
    },
    the_server_is_killed::now_as_outside,
};
use santinh::orders::{PaymentMethod, PlacedOrder};

pub struct Floor {
    pub world: World,
    pub there: StandIn,
    pub shop: Shop,
}

/// A key for secrets, so that another process opens what this world has sealed.
pub const SEAL: (&str, &str) =
    ("SANTINH_SECRET_KEY", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");

impl Floor {
    /// A shop with a contract with every provider.
    pub async fn new() -> Self {
        Self::with(&[], false).await
    }

    /// The same with some more variables of configuration, and where asked at the time that other processes see.
    pub async fn with(more: &[(&'static str, &str)], as_outside: bool) -> Self {
        let there = StandIn::start().await;
        let owned = there.variables();
        let mut variables: Vec<(&'static str, &str)> =
            owned.iter().map(|(name, value)| (*name, value.as_str())).collect();
        variables.push(SEAL);
        variables.extend(more);
        let world = World::with(&variables).await;
        if as_outside {
            now_as_outside(&world);
        }
        let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 1000).await;
        let floor = Self { world, there, shop };
        for (method, code, key1, key2) in [
            ("vnpay", gateways::TMN, gateways::VNPAY_SECRET, ""),
            ("momo", gateways::PARTNER, gateways::ACCESS, gateways::MOMO_SECRET),
            ("zalopay", "2553", gateways::KEY1, gateways::KEY2),
            ("stripe", gateways::ACCOUNT, "", ""),
        ] {
            floor.enters(method, code, key1, key2).await.ok().shows("Đã lưu");
        }
        floor
    }

    pub async fn enters(&self, method: &str, code: &str, key1: &str, key2: &str) -> Answer {
        let desk = signed_in(&self.world, &self.shop.email).await;
        let page = desk.get(&format!("/ban-hang/thanh-toan/{method}")).await.ok();
        let form = page.form("form.panel").with("code", code);
        let form = if key1.is_empty() { form } else { form.with("key1", key1) };
        let form = if key2.is_empty() { form } else { form.with("key2", key2) };
        desk.send(&form.and("act", "save")).await
    }

    pub async fn order(&self, method: PaymentMethod) -> PlacedOrder {
        ordered(&self.world, &self.shop, 1, method).await
    }

    /// The buyer presses "pay now" and opens the page; gives the payment's name.
    pub async fn goes_to_pay(&self, order: &PlacedOrder) -> String {
        let buyer = self.world.browser();
        let path = format!("/don-hang/{}/thanh-toan", order.code);
        let page = buyer.post(&path, &[("k", &order.secret)]).await.ok();
        let url = page.attributes("a.btn", "href").remove(0);
        self.there.visit(&url).await;
        self.reference(order).await
    }

    pub async fn reference(&self, order: &PlacedOrder) -> String {
        sqlx::query_scalar(
            "select a.reference from payments.attempts a join payments.intents i on i.id = a.intent_id
             where i.order_id = $1 order by a.made_at desc, a.reference desc limit 1",
        )
        .bind(order.id.0)
        .fetch_one(&self.world.db)
        .await
        .unwrap()
    }

    pub async fn merchant(&self, method: PaymentMethod) -> String {
        sqlx::query_scalar(
            "select id::text from payments.merchants where provider = $1 and ended_at is null",
        )
        .bind(method.code())
        .fetch_one(&self.world.db)
        .await
        .unwrap()
    }

    /// The provider tells us; gives status and body of our answer.
    pub async fn told(&self, method: PaymentMethod, sent: &Sent) -> (u16, String) {
        let request = self.telling(&self.world.base, method, sent).await;
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// The request with which a provider tells the server at `base`.
    pub async fn telling(
        &self,
        base: &str,
        method: PaymentMethod,
        sent: &Sent,
    ) -> reqwest::RequestBuilder {
        let merchant = self.merchant(method).await;
        let client = reqwest::Client::new();
        match method {
            PaymentMethod::VnPay => {
                let query = String::from_utf8(sent.raw.clone()).unwrap();
                client.get(format!("{base}/thanh-toan/vnpay/ipn/{merchant}?{query}"))
            }
            PaymentMethod::Stripe => client
                .post(format!("{base}/thanh-toan/stripe/ipn"))
                .header("stripe-signature", &sent.signature)
                .body(sent.raw.clone()),
            _ => client
                .post(format!("{base}/thanh-toan/{}/ipn/{merchant}", method.code()))
                .header("content-type", "application/json")
                .body(sent.raw.clone()),
        }
    }

    pub fn notice(&self, reference: &str) -> Sent {
        self.there.notice(reference, self.world.cx().now.timestamp())
    }

    pub async fn captures(&self, order: &PlacedOrder) -> i64 {
        sqlx::query_scalar(
            "select count(*) from payments.events e join payments.intents i on i.id = e.intent_id
             where i.order_id = $1 and e.kind = 'captured'",
        )
        .bind(order.id.0)
        .fetch_one(&self.world.db)
        .await
        .unwrap()
    }
}
