//! The books of every order: balanced by the database, told by events, proved every night.

use crate::{
    market::{goods, presses, puts_in, stall, up_to_review},
    orders_live::GOOD,
    shop_floor::{ordered, shop, signed_in},
    support::World,
};
use chrono::TimeDelta;
use santinh::{
    kernel::{OrderId, Vnd},
    ledger,
    orders::{self, Act, ActorKind, OrderEvent, PaymentMethod},
    payments,
};
use std::collections::BTreeMap;

async fn act(world: &World, order: OrderId, event: OrderEvent, actor: ActorKind) {
    let mut tx = world.db.begin().await.unwrap();
    let wanted = Act { event, actor, note: "Lý do", seen: None };
    orders::act(&mut tx, &world.cx(), order, &wanted).await.unwrap();
    tx.commit().await.unwrap();
}

/// From the seller's confirmation to the buyer's receipt.
pub async fn live(world: &World, order: OrderId) {
    use ActorKind::{Buyer, Seller};
    for (event, actor) in [
        (OrderEvent::Confirm, Seller),
        (OrderEvent::Pack, Seller),
        (OrderEvent::HandOver, Seller),
        (OrderEvent::Deliver, Seller),
        (OrderEvent::Receive, Buyer),
    ] {
        act(world, order, event, actor).await;
    }
    world.run_jobs().await;
}

pub async fn books(world: &World, order: OrderId) -> BTreeMap<String, i64> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "select p.account, sum(p.amount)::bigint from ledger.entries e join ledger.postings p on p.entry_id = e.id
         where e.order_id = $1 group by p.account having sum(p.amount) <> 0",
    )
    .bind(order.0)
    .fetch_all(&world.db)
    .await
    .unwrap();
    rows.into_iter().collect()
}

fn sheet<const N: usize>(rows: [(&str, i64); N]) -> BTreeMap<String, i64> {
    rows.into_iter().map(|(account, sum)| (account.to_owned(), sum)).collect()
}

#[tokio::test]
async fn every_step_is_booked_once_and_the_night_proves_it() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 100).await;
    let order = ordered(&world, &shop, 1, PaymentMethod::VietQr).await.id;
    world.run_jobs().await;
    assert_eq!(books(&world, order).await, sheet([("buyer", 128_000), ("sales", -128_000)]));
    act(&world, order, OrderEvent::Pay, ActorKind::Seller).await;
    world.run_jobs().await;
    assert_eq!(books(&world, order).await, sheet([("bank", 128_000), ("sales", -128_000)]));
    // Cancelled: the money is owed back, then given back.
    act(&world, order, OrderEvent::Cancel, ActorKind::Seller).await;
    world.run_jobs().await;
    let owed =
        sheet([("bank", 128_000), ("buyer", -128_000), ("returns", 128_000), ("sales", -128_000)]);
    assert_eq!(books(&world, order).await, owed);
    let mut tx = world.db.begin().await.unwrap();
    let (cx, all) = (world.cx(), Vnd(128_000));
    payments::mark_refunded(&mut tx, &cx, shop.seller, order, all, "FT1").await.unwrap();
    tx.commit().await.unwrap();
    world.run_jobs().await;
    let even = sheet([
        ("bank", 128_000),
        ("refunds", -128_000),
        ("returns", 128_000),
        ("sales", -128_000),
    ]);
    assert_eq!(books(&world, order).await, even);
    let cash = ordered(&world, &shop, 1, PaymentMethod::Cod).await.id;
    live(&world, cash).await;
    assert_eq!(books(&world, cash).await, sheet([("cash", 128_000), ("sales", -128_000)]));
    // Again and again: nothing is booked twice.
    for _ in 0..3 {
        let mut tx = world.db.begin().await.unwrap();
        ledger::post(&mut tx, &world.cx(), order).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(books(&world, order).await, even);
    world.wait(TimeDelta::days(1)).await;
    let checked = ledger::last_check(&world.db).await.unwrap().unwrap();
    assert_eq!((checked.orders, checked.wrong), (2, vec![]));
    // The seller's month, as page and as file.
    let seller = signed_in(&world, &shop.email).await;
    let page = seller.get("/ban-hang/so-cai").await.ok().shows("128.000").shows("Đã thu tiền mặt");
    let file = page.attributes("a[href*=\"xuat.xlsx\"]", "href").remove(0);
    let file = seller.get(&file).await.ok();
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("so-cai-2026-11.xlsx"));
    seller.get("/ban-hang/so-cai?thang=2026-01").await.ok().shows("Tháng này chưa có gì");
    seller.get("/ban-hang/so-cai?thang=rac&lang=en").await.ok().shows("Owed by buyers");
}

#[tokio::test]
async fn the_database_takes_no_entry_that_does_not_balance_and_changes_none() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    ordered(&world, &shop, 1, PaymentMethod::VietQr).await;
    world.run_jobs().await;
    let crooked = "insert into ledger.postings (entry_id, account, amount) select id, 'cash', 1 from ledger.entries";
    let refused = sqlx::query(crooked).execute(&world.db).await.unwrap_err().to_string();
    assert!(refused.contains("does not balance"), "{refused}");
    for change in [
        "update ledger.postings set amount = amount * 2",
        "delete from ledger.postings",
        "delete from ledger.entries",
        "update ledger.entries set kind = 'x'",
        "truncate ledger.postings",
        "truncate ledger.entries cascade",
    ] {
        let refused = sqlx::query(change).execute(&world.db).await.unwrap_err().to_string();
        assert!(refused.contains("rows are only added"), "{change}: {refused}");
    }
}

#[tokio::test]
async fn what_is_stored_wrongly_raises_an_alarm() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = ordered(&world, &shop, 1, PaymentMethod::Cod).await;
    world.run_jobs().await;
    let operator = world.operator("Vận hành", "vh@example.vn").await;
    sqlx::query("update payments.intents set state = 'paid', balance = 0")
        .execute(&world.db)
        .await
        .unwrap();
    world.wait(TimeDelta::days(1)).await;
    let checked = ledger::last_check(&world.db).await.unwrap().unwrap();
    assert_eq!(checked.wrong.len(), 2, "{:?}", checked.wrong);
    let page = operator.browser.get("/van-hanh").await.ok();
    page.shows("Kiểm tra sổ cái thấy sai lệch").shows(&order.id.to_string());
}

#[tokio::test]
async fn orders_of_before_the_books_are_caught_up() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = ordered(&world, &shop, 1, PaymentMethod::Cod).await.id;
    sqlx::query("update platform.events set relayed_at = now()").execute(&world.db).await.unwrap();
    assert!(books(&world, order).await.is_empty());
    world.wait(TimeDelta::days(1)).await;
    assert_eq!(books(&world, order).await["buyer"], 128_000);
}

#[tokio::test]
async fn the_commission_is_zero_until_a_rule_says_otherwise() {
    let world = World::new().await;
    let owner = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let stall = stall(&world, "Nón lá", "3200000027", Some(owner.id)).await;
    let hat = goods(&world, &stall, "Nón", 99_999, 10).await;
    let buyer = world.browser();
    let zone = owner.browser.get("/ban-hang/giao-hang/vung").await.ok().form("main form");
    let zone = zone.with("ten", "Gần nhà").with("phi", "10.000").with("ngay_tu", "0");
    let zone = zone.with("ngay_den", "1").with("xa", crate::market::KHE_SANH);
    owner.browser.send(&zone).await.ok();
    let mut all = Vec::new();
    for round in 0..2 {
        puts_in(&buyer, &hat, "1").await.ok();
        let review = up_to_review(&buyer).await;
        presses(&buyer, &review).await.ok();
        let newest = "select id from orders.orders order by placed_at desc, id desc limit 1";
        let id: uuid::Uuid = sqlx::query_scalar(newest).fetch_one(&world.db).await.unwrap();
        if round == 1 {
            // 2,5 % from today on, set by the operator.
            let operator = world.operator("Vận hành", "vh@example.vn").await;
            let form = operator.browser.get("/van-hanh/phi").await.ok().form("main form.form");
            let refused = form.clone().with("ty_le", "101").with("can_cu", "Quyết định 1");
            let refused = operator.browser.send(&refused).await;
            assert_eq!(refused.status, reqwest::StatusCode::UNPROCESSABLE_ENTITY);
            let past = form.clone().with("ty_le", "2").with("tu_ngay", "2026-01-01");
            let past = operator.browser.send(&past.with("can_cu", "Quyết định 1")).await;
            assert_eq!(past.status, reqwest::StatusCode::UNPROCESSABLE_ENTITY);
            let form = form.with("ty_le", "2,5").with("can_cu", "Quyết định 12/QĐ");
            operator.browser.send(&form).await.ok().shows("2,5\u{a0}%").shows("Mọi gian hàng");
        }
        live(&world, OrderId(id)).await;
        all.push(OrderId(id));
        world.clock.advance(TimeDelta::minutes(1));
    }
    assert!(!books(&world, all[0]).await.contains_key("commission"));
    let with = books(&world, all[1]).await;
    assert_eq!((with["commission"], with["commission_owed"]), (2_499, -2_499));
    // Half goes back: so does its share of the commission.
    let mut tx = world.db.begin().await.unwrap();
    let total = -with["sales"];
    let (cx, half) = (world.cx(), Vnd(total / 2));
    payments::owe_refund(&mut tx, &cx, all[1], half, "return:1").await.unwrap();
    tx.commit().await.unwrap();
    world.run_jobs().await;
    let left = books(&world, all[1]).await;
    assert_eq!(left["commission"], 2_499 * (total - total / 2) / total);
    assert_eq!(left["buyer"], -(total / 2));
    owner.browser.get("/ban-hang/so-cai").await.ok().shows("Phí của sàn");
}
