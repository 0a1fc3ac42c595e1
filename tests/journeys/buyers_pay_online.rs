//! Buyers pay at gateways, by the seller's own contract: what the provider says counts, however often and in
//! whatever order it says it; what the buyer's browser says does not.

use crate::{
    gateway_floor::Floor,
    shop_floor::{group, place, signed_in, standing, wish},
    support::{
        World,
        gateways::{self, Sent},
    },
};
use chrono::TimeDelta;
use futures_util::future::join_all;
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use santinh::{
    kernel::Vnd,
    orders::{PaymentMethod, PlacedOrder},
};

fn states(order: &str, payment: &str) -> (String, String) {
    (order.into(), payment.into())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_says_counts_once_in_any_order() {
    let floor = Floor::new().await;
    let mut chance = StdRng::seed_from_u64(20);
    for method in PaymentMethod::ONLINE {
        let order = floor.order(method).await;
        assert_eq!(standing(&floor.world, &order).await, states("awaiting_payment", "unpaid"));
        let reference = floor.goes_to_pay(&order).await;
        assert_eq!(standing(&floor.world, &order).await, states("awaiting_payment", "pending"));
        // First refused, then paid, all of it told many times over.
        floor.there.decline(&reference);
        let mut all: Vec<Sent> = (0..10).map(|_| floor.notice(&reference)).collect();
        floor.there.pay(&reference);
        all.extend((0..10).map(|_| floor.notice(&reference)));
        all.shuffle(&mut chance);
        for few in all.chunks(5) {
            let answers = join_all(few.iter().map(|sent| floor.told(method, sent))).await;
            for (status, body) in answers {
                let fits = match method {
                    PaymentMethod::VnPay => body.contains("\"00\"") || body.contains("\"02\""),
                    PaymentMethod::ZaloPay => !body.contains("-1"),
                    _ => true,
                };
                assert!(status < 300 && fits, "{method:?}: {status} {body}");
            }
            floor.world.run_jobs().await;
        }
        floor.world.run_jobs().await;
        assert_eq!(standing(&floor.world, &order).await, states("placed", "paid"), "{method:?}");
        assert_eq!(floor.captures(&order).await, 1, "{method:?}");
    }
    assert_eq!(floor.there.problems(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pressing_twice_opens_one_page_and_coming_back_decides_nothing() {
    let floor = Floor::new().await;
    for method in PaymentMethod::ONLINE {
        let order = floor.order(method).await;
        let buyer = floor.world.browser();
        let path = format!("/don-hang/{}/thanh-toan", order.code);
        let page = buyer.post(&path, &[("k", &order.secret)]).await.ok();
        let url = page.attributes("a.btn", "href").remove(0);
        let again = buyer.post(&path, &[("k", &order.secret)]).await.ok();
        assert_eq!(again.attributes("a.btn", "href").remove(0), url, "{method:?}: a second page");
        let attempt: String =
            sqlx::query_scalar("select id::text from payments.attempts where url = $1")
                .bind(&url)
                .fetch_one(&floor.world.db)
                .await
                .unwrap();
        // Whatever an address says, nothing is paid by it.
        let lie = "vnp_ResponseCode=00&vnp_TransactionStatus=00&resultCode=0&status=1";
        let back = buyer.get(&format!("/thanh-toan/ve/{attempt}?{lie}")).await.ok();
        assert!(back.path.starts_with(&format!("/don-hang/{}", order.code)), "{}", back.path);
        assert!(back.contains("đang chờ"), "{}", back.main_text());
        floor.world.run_jobs().await;
        assert_eq!(standing(&floor.world, &order).await, states("awaiting_payment", "pending"));
        // Somebody else's browser learns nothing by the same address.
        let stranger = floor.world.browser().get(&format!("/thanh-toan/ve/{attempt}")).await;
        assert_eq!(stranger.path, "/tra-cuu");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_amount_or_a_forged_notice_pays_nothing() {
    let floor = Floor::new().await;
    for method in PaymentMethod::ONLINE {
        let order = floor.order(method).await;
        let reference = floor.goes_to_pay(&order).await;
        floor.there.pay(&reference);
        let mut forged = floor.notice(&reference);
        let digit = forged.raw.iter().rposition(|b| *b == b'1').unwrap();
        forged.raw[digit] = b'2';
        let (status, body) = floor.told(method, &forged).await;
        match method {
            PaymentMethod::VnPay => assert!(body.contains("\"97\""), "{body}"),
            PaymentMethod::MoMo => assert_eq!(status, 403),
            PaymentMethod::Stripe => assert_eq!(status, 400),
            _ => {}
        }
        floor.there.pay_another_amount(&reference, 1_000);
        let (_, body) = floor.told(method, &floor.notice(&reference)).await;
        assert!(method != PaymentMethod::VnPay || body.contains("\"04\""), "{body}");
        floor.world.run_jobs().await;
        floor.world.wait(TimeDelta::minutes(20)).await;
        let (state, money) = standing(&floor.world, &order).await;
        assert_eq!((state.as_str(), money.as_str()), ("awaiting_payment", "unpaid"), "{method:?}");
        assert_eq!(floor.captures(&order).await, 0, "{method:?}");
    }
    // The seller sees it, and cannot wave it through.
    let order = floor.order(PaymentMethod::VnPay).await;
    let reference = floor.goes_to_pay(&order).await;
    floor.there.pay_another_amount(&reference, 1_000);
    floor.told(PaymentMethod::VnPay, &floor.notice(&reference)).await;
    floor.world.run_jobs().await;
    let desk = signed_in(&floor.world, &floor.shop.email).await;
    let path = format!("/ban-hang/don-hang/{}", order.code);
    let page = desk.get(&path).await.ok().shows("khác với số phải trả");
    assert!(page.find_form("button[value=pay]").is_none());
    let key = uuid::Uuid::new_v4().to_string();
    desk.post(&path, &[("act", "pay"), ("key", &key)]).await;
    assert_eq!(standing(&floor.world, &order).await.0, "awaiting_payment");
    let unknown = Sent { raw: b"vnp_TmnCode=DEMOTMN1".to_vec(), signature: String::new() };
    assert!(floor.told(PaymentMethod::VnPay, &unknown).await.1.contains("\"97\""));
}

/// Pieces that an order keeps from others.
async fn held(world: &World, order: &PlacedOrder) -> i64 {
    let sum = "select coalesce(sum(quantity), 0)::bigint from stock.reservations where order_id = $1 and state = 'held'";
    sqlx::query_scalar(sum).bind(order.id.0).fetch_one(&world.db).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sweeper_asks_where_nobody_tells() {
    let floor = Floor::new().await;
    for method in PaymentMethod::ONLINE {
        let order = floor.order(method).await;
        let reference = floor.goes_to_pay(&order).await;
        floor.there.pay(&reference);
        floor.world.run_jobs().await;
        assert_eq!(standing(&floor.world, &order).await.1, "pending", "{method:?}");
        floor.world.wait(TimeDelta::minutes(6)).await;
        floor.world.run_jobs().await;
        assert_eq!(standing(&floor.world, &order).await, states("placed", "paid"), "{method:?}");
        // What is known is not asked again, and told afterwards changes nothing.
        let asked = floor.there.requests();
        floor.world.wait(TimeDelta::hours(7)).await;
        floor.told(method, &floor.notice(&reference)).await;
        floor.world.run_jobs().await;
        assert_eq!(floor.captures(&order).await, 1, "{method:?}");
        let more = usize::from(method == PaymentMethod::Stripe);
        assert!(floor.there.requests() <= asked + more, "{method:?}");
    }
    // What nobody pays lapses as a transfer does, and the goods are there again.
    let order = floor.order(PaymentMethod::MoMo).await;
    floor.goes_to_pay(&order).await;
    assert_eq!(held(&floor.world, &order).await, 1);
    floor.world.wait(TimeDelta::hours(25)).await;
    assert_eq!(standing(&floor.world, &order).await.0, "cancelled");
    assert_eq!(held(&floor.world, &order).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_owed_goes_back_once_by_the_way_it_came() {
    let floor = Floor::new().await;
    for method in PaymentMethod::ONLINE {
        let (_, before) = floor.there.moved();
        let order = floor.order(method).await;
        let reference = floor.goes_to_pay(&order).await;
        floor.there.pay(&reference);
        floor.told(method, &floor.notice(&reference)).await;
        floor.world.run_jobs().await;
        let desk = signed_in(&floor.world, &floor.shop.email).await;
        let path = format!("/ban-hang/don-hang/{}", order.code);
        let page = desk.get(&path).await.ok();
        let form = page.form("form:has(button[value=cancel])").with("note", "hết hàng");
        desk.send(&form.and("act", "cancel")).await.ok();
        assert_eq!(standing(&floor.world, &order).await, states("cancelled", "refund_due"));
        let page = desk.get(&path).await.ok();
        let form = page.form("form[action$=hoan-tien]");
        // The answer is lost on the way: unknown, not refused; looked up, not repeated.
        floor.there.lose_the_next_answer();
        desk.send(&form).await.ok();
        desk.send(&form).await.ok();
        let fresh = desk.get(&path).await.ok();
        assert!(fresh.find_form("form[action$=hoan-tien]").is_none(), "owed twice");
        for _ in 0..4 {
            floor.world.wait(TimeDelta::minutes(6)).await;
        }
        let (_, back) = floor.there.moved();
        assert_eq!(back - before, order.total.0, "{method:?}");
        assert_eq!(
            standing(&floor.world, &order).await,
            states("cancelled", "refunded"),
            "{method:?}"
        );
        desk.get(&path).await.ok().shows("Đã hoàn");
    }
    assert_eq!(floor.there.problems(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_after_the_order_is_gone_is_owed_back() {
    let floor = Floor::new().await;
    let order = floor.order(PaymentMethod::ZaloPay).await;
    let reference = floor.goes_to_pay(&order).await;
    floor.world.wait(TimeDelta::hours(25)).await;
    assert_eq!(standing(&floor.world, &order).await.0, "cancelled");
    floor.there.pay(&reference);
    floor.told(PaymentMethod::ZaloPay, &floor.notice(&reference)).await;
    floor.world.run_jobs().await;
    assert_eq!(standing(&floor.world, &order).await, states("cancelled", "refund_due"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_is_sealed_never_shown_and_can_be_removed() {
    let floor = Floor::new().await;
    let desk = signed_in(&floor.world, &floor.shop.email).await;
    for (path, secret) in [
        ("/ban-hang/thanh-toan/vnpay", gateways::VNPAY_SECRET),
        ("/ban-hang/thanh-toan/momo", gateways::MOMO_SECRET),
        ("/ban-hang/thanh-toan/zalopay", gateways::KEY1),
    ] {
        let page = desk.get(path).await.ok();
        assert!(!page.text.contains(secret), "{path} shows its key");
        let kept: Vec<(Vec<u8>,)> = sqlx::query_as("select sealed from payments.merchants")
            .fetch_all(&floor.world.db)
            .await
            .unwrap();
        assert!(kept.iter().all(|(s,)| !s.windows(8).any(|w| w == &secret.as_bytes()[..8])));
        let log: String = sqlx::query_scalar(
            "select coalesce(string_agg(detail::text, ' '), '') from platform.audit",
        )
        .fetch_one(&floor.world.db)
        .await
        .unwrap();
        assert!(!log.contains(secret) && log.contains("\"vnpay\""), "{log}");
    }
    // Moved to another row, it does not open.
    sqlx::query(
        "update payments.merchants set sealed = (select sealed from payments.merchants where provider = 'momo')
         where provider = 'zalopay'",
    )
    .execute(&floor.world.db)
    .await
    .unwrap();
    let order = floor.order(PaymentMethod::ZaloPay).await;
    let path = format!("/don-hang/{}/thanh-toan", order.code);
    let answer = floor.world.browser().post(&path, &[("k", &order.secret)]).await;
    assert_eq!(answer.status.as_u16(), 503);
    // Wrong shapes are told beside their fields, and no key comes back.
    let wrong = floor.enters("vnpay", "nope", "short", "").await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(!wrong.text.contains("short\""));
    // Removed: offered no more, but what is under way still arrives.
    let order = floor.order(PaymentMethod::VnPay).await;
    let reference = floor.goes_to_pay(&order).await;
    let merchant = floor.merchant(PaymentMethod::VnPay).await;
    let page = desk.get("/ban-hang/thanh-toan/vnpay").await.ok();
    desk.send(&page.form("form:has(button[value=remove])").and("act", "remove")).await.ok();
    floor.there.pay(&reference);
    let sent = floor.notice(&reference);
    let query = String::from_utf8(sent.raw).unwrap();
    let url = format!("{}/thanh-toan/vnpay/ipn/{merchant}?{query}", floor.world.base);
    assert!(reqwest::get(url).await.unwrap().text().await.unwrap().contains("\"00\""));
    floor.world.run_jobs().await;
    assert_eq!(standing(&floor.world, &order).await.1, "paid");
    let late = place(
        &floor.world,
        group(&floor.world, None, vec![wish(&floor.shop, 1, PaymentMethod::VnPay)]),
    );
    let late = late.await.unwrap().orders.remove(0);
    let path = format!("/don-hang/{}/thanh-toan", late.code);
    let answer = floor.world.browser().post(&path, &[("k", &late.secret)]).await;
    assert!(answer.contains("không còn nhận"), "{}", answer.main_text());
    assert_ne!(late.total, Vnd(0));
}
