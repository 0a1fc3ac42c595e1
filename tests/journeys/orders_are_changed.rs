//! An order changes before it is packed, when the seller proposes it and the buyer agrees.

use crate::{
    goods_go_back::{OWED_BACK, below, deed, moves, two_lines},
    market::count,
    shop_floor::{available, shop, signed_in, standing},
    support::World,
};
use chrono::TimeDelta;
use reqwest::StatusCode;
use santinh::orders::{OrderEvent, PaymentMethod};

#[tokio::test]
async fn an_order_changes_before_packing_when_the_buyer_agrees() {
    let world = World::new().await;
    let floor = shop(&world, "Cà phê", "0101197803", 10).await;
    let order = two_lines(&world, &floor, PaymentMethod::VietQr).await;
    let (buyer, seller) = (world.browser(), signed_in(&world, &floor.email).await);
    moves(&world, &order, &[OrderEvent::Pay]).await;
    assert_eq!(available(&world, &floor).await, 7);
    let desk = format!("/ban-hang/don-hang/{}/doi-don", order.code);
    for bad in [
        [("sl-1", "4"), ("reason", "hết hàng")],
        [("sl-1", "2"), ("reason", "")],
        [("sl-1", "3"), ("reason", "hết hàng")],
    ] {
        let answer = deed(&seller, &desk, "propose", &bad).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad:?}");
    }
    deed(&seller, &desk, "propose", &[("sl-1", "1"), ("sl-2", "0"), ("reason", "hết hàng")])
        .await
        .ok();
    world.run_jobs().await;
    let mails = world.mails_to("huong@example.vn").await;
    assert!(mails.iter().any(|(_, body)| body.contains(&below(&order, "doi-don"))), "{mails:?}");
    // Nothing has changed yet, and without the key nobody can agree.
    assert_eq!(count(&world, "select total from orders.orders").await, 388_000);
    let page = buyer.get(&below(&order, "doi-don")).await.ok().shows("hết hàng").shows("125.143");
    let bent = page.form("form:has(button[value=accept])").with("act", "accept").with("k", "x");
    assert_eq!(world.browser().send(&bent).await.status, StatusCode::NOT_FOUND);
    deed(&buyer, &below(&order, "doi-don"), "accept", &[]).await.ok().shows("125.143");
    // 108.000 less a third of 8.571, and the delivery.
    let sums: (i64, i64, i64, i64) = sqlx::query_as(
        "select total, discount_total, (select sum(total - discount)::bigint from orders.lines),
                (select count(*) from orders.lines) from orders.orders",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    assert_eq!(sums, (125_143, 2_857, 105_143, 1));
    assert_eq!(available(&world, &floor).await, 9);
    assert_eq!(count(&world, OWED_BACK).await, 388_000 - 125_143, "paid, so the rest is owed back");
    // Declined, taken back, lapsed: the order stays; packed: nothing is proposed any more.
    let nothing_less =
        deed(&seller, &desk, "propose", &[("sl-1", "0"), ("reason", "hết hàng")]).await;
    assert_eq!(nothing_less.status, StatusCode::UNPROCESSABLE_ENTITY);
    moves(&world, &order, &[OrderEvent::Confirm, OrderEvent::Pack]).await;
    assert!(!seller.get(&desk).await.ok().text.contains("value=\"propose\""));
}

#[tokio::test]
async fn a_proposal_without_an_answer_lapses() {
    let world = World::new().await;
    let floor = shop(&world, "Cà phê", "0101197803", 10).await;
    let order = two_lines(&world, &floor, PaymentMethod::Cod).await;
    let (buyer, seller) = (world.browser(), signed_in(&world, &floor.email).await);
    moves(&world, &order, &[OrderEvent::Confirm]).await;
    let desk = format!("/ban-hang/don-hang/{}/doi-don", order.code);
    let propose = [("sl-1", "1"), ("reason", "hết hàng")];
    deed(&seller, &desk, "propose", &propose).await.ok();
    deed(&buyer, &below(&order, "doi-don"), "decline", &[]).await.ok();
    deed(&seller, &desk, "propose", &propose).await.ok();
    deed(&seller, &desk, "withdraw", &[]).await.ok();
    deed(&seller, &desk, "propose", &propose).await.ok();
    let page = buyer.get(&below(&order, "doi-don")).await.ok();
    world.wait(TimeDelta::hours(25)).await;
    let late = buyer.send(&page.form("form:has(button[value=accept])").with("act", "accept")).await;
    assert_eq!(late.status, StatusCode::NOT_FOUND);
    assert_eq!(count(&world, "select total from orders.orders").await, 388_000);
    assert_eq!(available(&world, &floor).await, 7);
    let states: Vec<String> = sqlx::query_scalar("select state from returns.edits order by state")
        .fetch_all(&world.db)
        .await
        .unwrap();
    assert_eq!(states, ["declined", "lapsed", "withdrawn"]);
}

#[tokio::test]
async fn an_order_that_awaits_its_transfer_changes_with_its_amount_and_code() {
    let world = World::new().await;
    let floor = shop(&world, "Cà phê", "0101197803", 10).await;
    let order = two_lines(&world, &floor, PaymentMethod::VietQr).await;
    let (buyer, seller) = (world.browser(), signed_in(&world, &floor.email).await);
    let own = format!("/don-hang/{}?k={}", order.code, order.secret);
    let code = format!("/don-hang/{}/qr.svg?k={}", order.code, order.secret);
    buyer.get(&own).await.ok().shows("388.000");
    let before = buyer.get(&code).await.ok().text;
    let desk = format!("/ban-hang/don-hang/{}/doi-don", order.code);
    deed(&seller, &desk, "propose", &[("sl-1", "2"), ("reason", "hết hàng")]).await.ok();
    world.run_jobs().await;
    assert_eq!(count(&world, OWED_BACK).await, -388_000, "nothing without consent");
    let bell = seller.get("/thong-bao").await.ok();
    bell.lacks("cần bạn trả lời");
    // 108.000 less a third of 8.571.
    deed(&buyer, &below(&order, "doi-don"), "accept", &[]).await.ok().shows("282.857");
    assert_eq!(count(&world, OWED_BACK).await, -282_857);
    assert_ne!(buyer.get(&code).await.ok().text, before, "the code has the new amount");
    world.run_jobs().await;
    seller.get("/thong-bao").await.ok().shows("người mua đồng ý đổi đơn");
    assert_eq!(standing(&world, &order).await.0, "awaiting_payment");
    moves(&world, &order, &[OrderEvent::Pay]).await;
    let now = standing(&world, &order).await;
    assert_eq!((now.0.as_str(), now.1.as_str()), ("placed", "paid"));
}
