//! What comes in on a seller's account finds its order, or waits for his word; nothing is guessed.

use crate::{
    bank_desk::{FEEDS, desk, memo, message},
    orders_live::OTHER,
    shop_floor::{ordered, shop, standing},
    support::{World, browser::Answer},
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::{
    kernel::Vnd,
    orders::{self, Act, ActorKind, OrderEvent, PaymentMethod, PlacedOrder},
    payments,
    platform::spreadsheet,
};

/// The order's page as its buyer sees it.
async fn buyer_sees(world: &World, order: &PlacedOrder) -> Answer {
    let link = format!("/don-hang/{}?k={}", order.code, order.secret);
    world.browser().get(&link).await.ok()
}

pub async fn money(world: &World, order: &PlacedOrder) -> String {
    standing(world, order).await.1
}

async fn contract(service: &'static str) {
    let world = World::new().await;
    let desk = desk(&world, service).await;
    let order = ordered(&world, &desk.shop, 2, PaymentMethod::VietQr).await;
    let memo = memo(&world, &order).await;
    let text = format!("MBVCB.5566.{memo}.CT tu 001 TRAN THI HUONG");
    let body = message(service, 92_704, 236_000, &text, "FT26326ABC").to_string();
    // Forged, unknown, garbled.
    for key in ["", "abc", &desk.path, &desk.key[1..]] {
        assert_eq!(desk.post(&world, key, body.clone()).await.status(), StatusCode::UNAUTHORIZED);
    }
    let elsewhere = reqwest::Client::new().post(format!("{}x", world.base.clone() + &desk.path));
    assert_eq!(elsewhere.body(body.clone()).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    for garbled in ["", "{}", "null", "[1]", "\u{0}"] {
        let answer = desk.post(&world, &desk.key, garbled.into()).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{garbled}");
    }
    world.run_jobs().await;
    assert_eq!(money(&world, &order).await, "unpaid", "none of it counts");
    // Fifty times from fifty senders, among others' lines.
    let other = message(service, 92_705, 50_000, "tien dien thang 11", "FT26326XYZ").to_string();
    let all = (0..50).map(|at| {
        let sent = if at % 7 == 3 { other.clone() } else { body.clone() };
        desk.post(&world, &desk.key, sent)
    });
    for answer in futures_util::future::join_all(all).await {
        assert_eq!(answer.status(), StatusCode::OK);
    }
    world.run_jobs().await;
    assert_eq!(standing(&world, &order).await, ("placed".into(), "paid".into()));
    let kept: (i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from payments.transfers), (select count(*) from payments.allocations),
                (select count(*) from platform.inbox)",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    assert_eq!(kept, (2, 1, 2));
    // The same line under another name of the message: the line has its own.
    if service == "casso" {
        let again = body.replacen(' ', "  ", 1).replace("20000000", "20000001");
        desk.post(&world, &desk.key, again).await;
        world.run_jobs().await;
        assert_eq!(money(&world, &order).await, "paid");
    }
    let page = desk.page().await.shows(&order.code).shows("tien dien thang 11");
    assert!(page.contains("Đã khớp"));
    // A closed address tells nothing any more.
    let feeds = desk.browser.get(FEEDS).await.ok();
    desk.browser.send(&feeds.form("form[action$=\"/dong\"]")).await.ok();
    assert_eq!(desk.post(&world, &desk.key, other).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn sepay_tells_once_however_often() {
    contract("sepay").await;
}

#[tokio::test]
async fn casso_tells_once_however_often() {
    contract("casso").await;
}

#[tokio::test]
async fn too_little_then_the_rest_then_too_much() {
    let world = World::new().await;
    let desk = desk(&world, "sepay").await;
    let order = ordered(&world, &desk.shop, 2, PaymentMethod::VietQr).await;
    let memo = memo(&world, &order).await;
    desk.tells(&world, 1, 200_000, &memo, "FT1").await;
    assert_eq!(
        standing(&world, &order).await,
        ("awaiting_payment".into(), "partially_paid".into())
    );
    let page = buyer_sees(&world, &order).await.shows("Bạn còn phải chuyển");
    assert!(page.contains("36.000"));
    desk.page().await.shows("Người mua còn phải chuyển").shows("36.000");
    desk.tells(&world, 2, 36_000, &memo.to_lowercase(), "FT2").await;
    assert_eq!(standing(&world, &order).await, ("placed".into(), "paid".into()));
    // Once more by mistake: owed back, and the order stays what it is.
    desk.tells(&world, 3, 236_000, &memo, "FT3").await;
    assert_eq!(standing(&world, &order).await, ("placed".into(), "overpaid".into()));
    buyer_sees(&world, &order).await.shows("Bạn đã trả thừa").shows("236.000");
    let refund = format!("/ban-hang/doi-soat/hoan/{}", order.code);
    let page = desk.browser.get(&refund).await.ok();
    let form = page.form(&format!("form[action=\"{refund}\"]"));
    let greedy = form.clone().with("so_tien", "236.001").with("chung_tu", "FT9");
    assert_eq!(desk.browser.send(&greedy).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let bare = form.clone().with("chung_tu", "");
    assert_eq!(desk.browser.send(&bare).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = form.with("chung_tu", "FT26327-hoan");
    desk.browser.send(&form).await.ok().shows("Đã ghi nhận hoàn tiền");
    desk.browser.send(&form).await.ok();
    assert_eq!(money(&world, &order).await, "paid");
}

#[tokio::test]
async fn money_that_comes_too_late_is_owed_back() {
    let world = World::new().await;
    let desk = desk(&world, "casso").await;
    let order = ordered(&world, &desk.shop, 1, PaymentMethod::VietQr).await;
    world.wait(TimeDelta::hours(25)).await;
    assert_eq!(standing(&world, &order).await, ("cancelled".into(), "voided".into()));
    let memo = memo(&world, &order).await;
    desk.tells(&world, 1, 128_000, &memo, "FT1").await;
    assert_eq!(standing(&world, &order).await, ("cancelled".into(), "refund_due".into()));
    buyer_sees(&world, &order).await.shows("128.000");
    desk.page().await.shows(&order.code).shows("Hoàn cho người mua");
    // The refund is seen to leave, with the memo in it: the seller says what it is.
    desk.tells(&world, 2, -128_000, &format!("hoan tien {memo}"), "FT2").await;
    assert_eq!(money(&world, &order).await, "refund_due", "not by itself");
    desk.decides("refunds", &order.code).await.ok();
    assert_eq!(money(&world, &order).await, "refunded");
    // Once more: nothing is owed any more, so it is not counted.
    desk.tells(&world, 3, -128_000, &format!("hoan tien {memo}"), "FT3").await;
    let again = desk.decides("refunds", &order.code).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(money(&world, &order).await, "refunded");
}

#[tokio::test]
async fn what_the_bank_takes_back_is_unpaid_again() {
    let world = World::new().await;
    let desk = desk(&world, "sepay").await;
    let order = ordered(&world, &desk.shop, 1, PaymentMethod::VietQr).await;
    desk.tells(&world, 1, 128_000, &memo(&world, &order).await, "FT26326777").await;
    assert_eq!(money(&world, &order).await, "paid");
    // Money out for anything else is none of the floor's business.
    desk.tells(&world, 2, -70_000, "tra tien dien", "FT5").await;
    desk.tells(&world, 3, -128_000, "HOAN TRA GD FT26326777", "FT26327000").await;
    let kept: i64 = sqlx::query_scalar("select count(*) from payments.transfers")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(kept, 2);
    desk.decides("reverses", &order.code).await.ok();
    assert_eq!(money(&world, &order).await, "unpaid");
}

#[tokio::test]
async fn what_is_not_certain_waits_for_a_word() {
    let world = World::new().await;
    let desk = desk(&world, "sepay").await;
    let order = ordered(&world, &desk.shop, 1, PaymentMethod::VietQr).await;
    let memo = memo(&world, &order).await;
    let mut broken = memo.clone();
    broken.replace_range(5..6, if &memo[5..6] == "7" { "8" } else { "7" });
    desk.tells(&world, 1, 128_000, &broken, "FT1").await;
    assert_eq!(money(&world, &order).await, "unpaid", "one wrong character is never automatic");
    desk.page().await.shows("Nội dung sai một ký tự").shows(&order.code);
    desk.browser.get("/ban-hang").await.ok().shows("Tiền cần đối soát");
    // Another shop's order cannot be named, and a reason must be given.
    let other = shop(&world, "Gian khác", OTHER, 5).await;
    let foreign = ordered(&world, &other, 1, PaymentMethod::VietQr).await;
    let refused = desk.decides("pays", &foreign.code).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    desk.decides("pays", &order.code).await.ok();
    world.run_jobs().await;
    assert_eq!(standing(&world, &order).await, ("placed".into(), "paid".into()));
    // Without a memo: nobody knows, even if an order has this amount.
    let next = ordered(&world, &desk.shop, 1, PaymentMethod::VietQr).await;
    desk.tells(&world, 2, 128_000, "mua ca phe", "FT2").await;
    assert_eq!(money(&world, &next).await, "unpaid");
    desk.decides("ignored", "").await.ok();
    assert_eq!(money(&world, &next).await, "unpaid");
    // Two memos in one transfer: which share is whose, only people know.
    let third = ordered(&world, &desk.shop, 1, PaymentMethod::VietQr).await;
    let both = format!("{} {}", self::memo(&world, &next).await, self::memo(&world, &third).await);
    desk.tells(&world, 3, 256_000, &both, "FT3").await;
    desk.page().await.shows("nhắc tới nhiều đơn");
    assert_eq!(money(&world, &third).await, "unpaid");
    // A foreign shop's feed moves none of this shop's orders.
    let theirs = self::memo(&world, &foreign).await;
    desk.tells(&world, 4, 128_000, &theirs, "FT4").await;
    assert_eq!(money(&world, &foreign).await, "unpaid");
}

#[tokio::test]
async fn a_statement_and_a_feed_show_one_transfer() {
    let world = World::new().await;
    let desk = desk(&world, "sepay").await;
    let first = ordered(&world, &desk.shop, 1, PaymentMethod::VietQr).await;
    let second = ordered(&world, &desk.shop, 2, PaymentMethod::VietQr).await;
    let (a, b) = (memo(&world, &first).await, memo(&world, &second).await);
    desk.tells(&world, 1, 128_000, &a, "FT100").await;
    let header = ["Ngày giao dịch", "Mã tham chiếu", "Phát sinh nợ", "Phát sinh có", "Diễn giải"];
    let row = |cells: [&str; 5]| cells.map(str::to_owned);
    let rows = [
        row(["22/11/2026 09:05", "FT100", "", "128.000", &a]),
        row(["22/11/2026 10:00", "FT101", "", "236.000", &format!("CK {b}")]),
        row(["22/11/2026 10:05", "FT102", "11.000", "", "Phí dịch vụ"]),
        row(["hôm qua", "FT103", "", "5.000", "x"]),
    ];
    const HERE: &str = "/ban-hang/doi-soat/sao-ke";
    for (kind, bytes) in [
        ("csv", spreadsheet::to_csv(&header, &rows).unwrap()),
        ("xlsx", spreadsheet::to_xlsx(&header, &rows).unwrap()),
    ] {
        let form = desk.browser.get(HERE).await.ok().form("main form");
        let page =
            desk.browser.send(&form.file("tep", &format!("sao-ke.{kind}"), &bytes)).await.ok();
        // The columns are proposed: by their names, then as they were chosen.
        let form = page.form("main form[action*=\"/sao-ke/\"]");
        let proposed = |name: &str| {
            form.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap()
        };
        assert_eq!(
            ["ngay", "tham_chieu", "ra", "vao", "noi_dung"].map(proposed),
            ["0", "1", "2", "3", "4"]
        );
        let done = desk.browser.send(&form.with("tai_khoan", "0011004123456")).await.ok();
        let facts = done.texts("dl.facts dd");
        let expected =
            if kind == "csv" { ["1", "0", "1", "1", "1"] } else { ["0", "0", "2", "1", "1"] };
        assert_eq!(facts, expected, "{kind}");
    }
    world.run_jobs().await;
    assert_eq!(money(&world, &first).await, "paid");
    assert_eq!(money(&world, &second).await, "paid");
    // The feed comes after the statement: the same transfer.
    desk.tells(&world, 2, 236_000, &format!("CK {b}"), "FT101").await;
    assert_eq!(money(&world, &second).await, "paid");
    desk.page().await.shows("sepay, statement").shows("statement, sepay");
    let kept: i64 = sqlx::query_scalar("select count(*) from payments.transfers")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(kept, 2);
    // Garbage is told of.
    let form = desk.browser.get(HERE).await.ok().form("main form");
    let broken = desk.browser.send(&form.file("tep", "x.xlsx", b"PK\x03\x04 no")).await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_row_without_a_reference_is_not_counted_twice() {
    let world = World::new().await;
    let desk = desk(&world, "sepay").await;
    let order = ordered(&world, &desk.shop, 1, PaymentMethod::VietQr).await;
    let memo = memo(&world, &order).await;
    desk.tells(&world, 1, 128_000, &memo, "FT100").await;
    let rows = [["22/11/2026".to_owned(), "128.000".into(), format!("CK den {memo}")]];
    let bytes = spreadsheet::to_csv(&["Ngày", "Số tiền", "Nội dung"], &rows).unwrap();
    let form = desk.browser.get("/ban-hang/doi-soat/sao-ke").await.ok().form("main form");
    let page = desk.browser.send(&form.file("tep", "s.csv", &bytes)).await.ok();
    desk.browser.send(&page.form("main form[action*=\"/sao-ke/\"]")).await.ok();
    assert_eq!(money(&world, &order).await, "paid");
    desk.page().await.shows("có thể là cùng một lần chuyển");
}

#[tokio::test]
async fn cash_is_followed_from_the_door_to_the_account() {
    let world = World::new().await;
    let desk = desk(&world, "sepay").await;
    let mut sent = Vec::new();
    for _ in 0..2 {
        let order = ordered(&world, &desk.shop, 1, PaymentMethod::Cod).await;
        let intent = payments::of_order(&world.db, order.id).await.unwrap().unwrap().id;
        let mut tx = world.db.begin().await.unwrap();
        for event in [OrderEvent::Confirm, OrderEvent::Pack, OrderEvent::HandOver] {
            let act = Act { event, actor: ActorKind::Seller, note: "GHN", seen: None };
            orders::act(&mut tx, &world.cx(), order.id, &act).await.unwrap();
        }
        let collected = payments::NewEvent {
            intent,
            kind: payments::EventKind::CodCollected,
            amount: Vnd(128_000),
            currency: payments::VND,
            provider: "ghn",
            provider_event_id: &order.code,
            at: world.cx().now,
            note: "",
        };
        payments::record(&mut tx, &world.cx(), &collected).await.unwrap();
        tx.commit().await.unwrap();
        sent.push(order);
    }
    assert_eq!(money(&world, &sent[0]).await, "cod_with_carrier");
    // A week without the money: the page says so.
    const HERE: &str = "/ban-hang/doi-soat/thu-ho";
    desk.browser.get(HERE).await.ok().lacks("Quá hạn");
    world.wait(TimeDelta::days(8)).await;
    desk.browser.get(HERE).await.ok().shows("Quá hạn").shows(&sent[1].code);
    let rows = [
        [sent[0].code.clone(), "128.000".into(), "5.500".into()],
        [sent[1].code.clone(), "100.000".into(), "5.500".into()],
    ];
    let list = spreadsheet::to_csv(&["Mã đơn hàng", "Tiền thu hộ", "Phí"], &rows).unwrap();
    let form = desk.browser.get(HERE).await.ok().form("form[enctype]");
    let form = form.with("hang", "GHN").with("dot", "D-20261130").file("tep", "ghn.csv", &list);
    desk.browser.send(&form).await.ok().shows("217.000").shows("chưa thấy về");
    let again = desk.browser.send(&form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a batch comes in once");
    // Another amount is not this batch; the right one is, when the seller says so.
    desk.tells(&world, 1, 217_001, "GHN doi soat", "FT1").await;
    assert!(desk.browser.get(HERE).await.ok().find_form("form[action*=\"/thu-ho/\"]").is_none());
    desk.tells(&world, 2, 217_000, "GHN doi soat D-20261130", "FT2").await;
    let form = desk.browser.get(HERE).await.ok().form("form[action*=\"/thu-ho/\"]");
    desk.browser.send(&form).await.ok().shows("đã về").shows("thiếu");
    assert_eq!(desk.browser.send(&form).await.status, StatusCode::CONFLICT);
    assert_eq!(money(&world, &sent[0]).await, "paid");
    assert_eq!(money(&world, &sent[1]).await, "cod_with_carrier", "28.000 are missing");
}
