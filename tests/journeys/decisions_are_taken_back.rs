//! What was decided wrongly is taken back, what cannot be read or told waits for a person, and nobody waits in a circle.

use crate::{
    bank_desk::{desk, memo},
    gateway_floor::Floor,
    market::count,
    orders_live::{GOOD, OTHER},
    shop_floor::{ordered, shop, signed_in},
    support::World,
    the_bank_shows_what_came::money,
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::{
    kernel::Vnd,
    ledger,
    orders::PaymentMethod,
    payments::{
        self,
        transfers::{Direction, Line, take_in},
    },
};
use serde_json::json;

const DONE: &str = "section[aria-labelledby=done] td > a.btn";

#[tokio::test]
async fn a_wrong_match_is_taken_back_and_the_line_pays_the_right_order() {
    let world = World::new().await;
    let desk = desk(&world, "sepay").await;
    let wrong = ordered(&world, &desk.shop, 1, PaymentMethod::VietQr).await;
    let right = ordered(&world, &desk.shop, 1, PaymentMethod::VietQr).await;
    desk.tells(&world, 1, 128_000, "mua ca phe", "FT1").await;
    desk.decides("pays", &wrong.code).await.ok();
    world.run_jobs().await;
    assert_eq!(money(&world, &wrong).await, "paid");
    let link = desk.page().await.attributes(DONE, "href").remove(0);
    let form = desk.browser.get(&link).await.ok().form("form[action$=\"/lai\"]");
    // A reason is needed; and whoever is not of the shop finds nothing.
    let bare = desk.browser.send(&form).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    bare.form("form[action$=\"/lai\"]");
    let form = form.with("ly_do", "Nhầm người cùng tên");
    let other = shop(&world, "Gian khác", OTHER, 5).await;
    let stranger = signed_in(&world, &other.email).await;
    assert_eq!(stranger.send(&form).await.status, StatusCode::NOT_FOUND);
    for _ in 0..2 {
        desk.browser.send(&form).await.ok();
        world.run_jobs().await;
        assert_eq!(money(&world, &wrong).await, "unpaid");
    }
    // Taken back once; not again under another key.
    let fresh = form.clone().with("key", &uuid::Uuid::new_v4().to_string());
    assert_eq!(desk.browser.send(&fresh).await.status, StatusCode::CONFLICT);
    // The line waits again and pays the order that was meant, and the books agree.
    desk.decides("pays", &right.code).await.ok();
    world.run_jobs().await;
    assert_eq!(money(&world, &right).await, "paid");
    assert_eq!(money(&world, &wrong).await, "unpaid");
    let kept = "select count(*) from payments.allocations";
    assert_eq!(count(&world, kept).await, 3, "counted, taken back, counted");
    let erased = "select count(*) from payments.events where kind = 'transfer_unmatched'";
    assert_eq!(count(&world, erased).await, 1);
    world.wait(TimeDelta::days(1)).await;
    let checked = ledger::last_check(&world.db).await.unwrap().unwrap();
    assert_eq!(checked.wrong, [""; 0]);
}

#[tokio::test]
async fn a_refund_and_a_reversal_are_taken_back_too_but_no_match_by_memo() {
    let world = World::new().await;
    let desk = desk(&world, "casso").await;
    let order = ordered(&world, &desk.shop, 1, PaymentMethod::VietQr).await;
    let memo = memo(&world, &order).await;
    desk.tells(&world, 1, 128_000, &memo, "FT26326001").await;
    assert_eq!(money(&world, &order).await, "paid");
    assert!(desk.page().await.attributes(DONE, "href").is_empty(), "the memo decided, not he");
    desk.tells(&world, 2, 128_000, &memo, "FT26326002").await;
    assert_eq!(money(&world, &order).await, "overpaid");
    for (what, meanwhile) in [("refunds", "paid"), ("reverses", "paid"), ("ignored", "overpaid")] {
        if what == "refunds" {
            let text = format!("hoan tien {memo}");
            desk.tells(&world, 3, -128_000, &text, "FT26326003").await;
        }
        let code = if what == "ignored" { "" } else { order.code.as_str() };
        desk.decides(what, code).await.ok();
        assert_eq!(money(&world, &order).await, meanwhile, "{what}");
        let link = desk.page().await.attributes(DONE, "href").remove(0);
        let form = desk.browser.get(&link).await.ok().form("form[action$=\"/lai\"]");
        desk.browser.send(&form.with("ly_do", "Ghi nhầm")).await.ok();
        assert_eq!(money(&world, &order).await, "overpaid", "{what}");
    }
    world.run_jobs().await;
    world.wait(TimeDelta::days(1)).await;
    let checked = ledger::last_check(&world.db).await.unwrap().unwrap();
    assert_eq!(checked.wrong, [""; 0]);
}

#[tokio::test]
async fn a_line_that_cannot_be_read_holds_up_no_other_and_is_shown() {
    let world = World::new().await;
    let desk = desk(&world, "casso").await;
    let order = ordered(&world, &desk.shop, 1, PaymentMethod::VietQr).await;
    let at = "2026-11-22 09:05:37";
    let body = json!({ "error": 0, "data": [
        { "id": 1, "tid": "FT1", "description": "thang 11", "amount": "nhieu tien", "when": at },
        { "id": 2, "tid": "FT2", "description": memo(&world, &order).await, "amount": 128_000, "when": at },
    ] });
    let answer = desk.post(&world, &desk.key, body.to_string()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    world.run_jobs().await;
    assert_eq!(money(&world, &order).await, "paid", "what can be read counts");
    let page = desk.page().await.shows("Dòng ngân hàng không đọc được").shows("nhieu tien");
    desk.browser.get("/ban-hang").await.ok().shows("Tiền cần đối soát");
    // The list comes again in another form: the line is kept once.
    desk.post(&world, &desk.key, format!("{body} ")).await;
    world.run_jobs().await;
    assert_eq!(count(&world, "select count(*) from payments.unread_lines").await, 1);
    let form = page.form("form[action$=\"/khong-doc-duoc\"]");
    let other = shop(&world, "Gian khác", OTHER, 5).await;
    let stranger = signed_in(&world, &other.email).await;
    assert_eq!(stranger.send(&form).await.status, StatusCode::NOT_FOUND);
    desk.browser.send(&form).await.ok().lacks("nhieu tien");
}

/// Lines that name the same orders, in one order and in the other.
async fn batch(world: &World, seller: santinh::kernel::SellerId, lines: Vec<Line>) {
    let mut tx = world.db.begin().await.unwrap();
    for line in &lines {
        take_in(&mut tx, &world.cx(), seller, line).await.expect("nobody waits in a circle");
    }
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_name_orders_in_any_order_do_not_wait_for_each_other_in_a_circle() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 100).await;
    let mut memos = Vec::new();
    for _ in 0..8 {
        let order = ordered(&world, &shop, 1, PaymentMethod::VietQr).await;
        memos.push(memo(&world, &order).await);
    }
    let line = |source: &'static str, round: usize, at: usize, memo: &str| Line {
        source,
        source_id: format!("{round}-{at}"),
        account: String::new(),
        reference: String::new(),
        amount: Vnd(1_000 + i64::from(source == "casso")),
        direction: Direction::In,
        content: memo.to_owned(),
        at: world.cx().now,
    };
    for round in 0..10 {
        let there = memos.iter().enumerate().map(|(at, m)| line("sepay", round, at, m));
        let back = memos.iter().enumerate().rev().map(|(at, m)| line("casso", round, at, m));
        let (there, back) = (there.collect(), back.collect());
        tokio::join!(batch(&world, shop.seller, there), batch(&world, shop.seller, back));
    }
    let counted = "select count(*) from payments.events where kind = 'transfer_matched'";
    assert_eq!(count(&world, counted).await, 160);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_that_the_provider_cannot_tell_from_another_waits_for_a_person() {
    let floor = Floor::new().await;
    let order = floor.order(PaymentMethod::VnPay).await;
    let reference = floor.goes_to_pay(&order).await;
    floor.there.pay(&reference);
    floor.told(PaymentMethod::VnPay, &floor.notice(&reference)).await;
    floor.world.run_jobs().await;
    let desk = signed_in(&floor.world, &floor.shop.email).await;
    let path = format!("/ban-hang/don-hang/{}", order.code);
    for (nth, amount) in [("1", 20_000), ("2", 30_000)] {
        let mut tx = floor.world.db.begin().await.unwrap();
        let cx = floor.world.cx();
        payments::owe_refund(&mut tx, &cx, order.id, Vnd(amount), nth).await.unwrap();
        tx.commit().await.unwrap();
        let form = desk.get(&path).await.ok().form("form[action$=hoan-tien]");
        desk.send(&form).await.ok();
        if nth == "1" {
            // The process ended when it was about to ask: nobody knows whether VNPay has heard of it. It has not.
            let ended =
                "update payments.refunds set tried = true, ask_at = ask_at + interval '2 hours'";
            sqlx::query(ended).execute(&floor.world.db).await.unwrap();
        }
        floor.world.wait(TimeDelta::minutes(2)).await;
    }
    let states = || async {
        let all: Vec<(i64, String)> =
            sqlx::query_as("select amount, state from payments.refunds order by amount")
                .fetch_all(&floor.world.db)
                .await
                .unwrap();
        all
    };
    assert_eq!(states().await, [(20_000, "asked".into()), (30_000, "done".into())]);
    for _ in 0..3 {
        floor.world.wait(TimeDelta::hours(2)).await;
    }
    assert_eq!(states().await, [(20_000, "unclear".into()), (30_000, "done".into())]);
    let (_, back) = floor.there.moved();
    assert_eq!(back, 30_000, "nothing is sent again on a guess");
    // The seller looks at VNPay's desk and says what he found, once.
    let page = desk.get("/ban-hang/doi-soat").await.ok().shows("Lần hoàn tiền chưa rõ");
    let form = page.form("form[action$=hoan-chua-ro]").and("la", "refused");
    assert_eq!(desk.send(&form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unclear = form.clone().with("la", "?").with("chung_tu", "Trang VNPay, 9 giờ");
    let again = desk.send(&unclear).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = again.form("form[action$=hoan-chua-ro]");
    assert_eq!(again.value("chung_tu"), Some("Trang VNPay, 9 giờ"));
    let form = form.with("chung_tu", "Trang VNPay, 9 giờ: không có lần hoàn này");
    let other = shop(&floor.world, "Gian khác", OTHER, 5).await;
    let stranger = signed_in(&floor.world, &other.email).await;
    assert_eq!(stranger.send(&form).await.status, StatusCode::NOT_FOUND);
    desk.send(&form).await.ok().lacks("Lần hoàn tiền chưa rõ");
    desk.send(&form).await.ok();
    assert_eq!(states().await, [(20_000, "refused".into()), (30_000, "done".into())]);
    // Still owed, and asked for anew.
    assert_eq!(money(&floor.world, &order).await, "refund_due");
    let form = desk.get(&path).await.ok().form("form[action$=hoan-tien]");
    desk.send(&form).await.ok();
    floor.world.wait(TimeDelta::minutes(2)).await;
    assert_eq!(floor.there.moved().1, 50_000);
    assert_eq!(money(&floor.world, &order).await, "partially_refunded");
}
