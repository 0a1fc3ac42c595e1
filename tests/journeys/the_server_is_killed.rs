//! The server dies while buyers press "Đặt hàng", while it finds the orders that transfers pay, and while a provider
//! sends money back: what was acknowledged is kept, nothing is there by halves, and whoever got no answer says it again
//! and has it once.

use crate::{
    bank_desk::{Desk, desk, memo, message},
    gateway_floor::{Floor, SEAL},
    market::{count, goods, puts_in, stall, up_to_review},
    shop_floor::{ordered, signed_in, standing},
    support::{World, browser::FormOnPage, process::Process},
};
use chrono::TimeDelta;
use futures_util::{StreamExt, future::join_all, stream::FuturesUnordered};
use reqwest::StatusCode;
use santinh::{
    orders::{PaymentMethod, PlacedOrder},
    platform::clock::Clock,
};
use std::time::Duration;

const BUYERS: usize = 24;
const STOCK: i64 = 500;

/// Orders of which a part is missing: a line, an event, its payment, its goods, or the news of it.
const HALF: &str = "select count(*) from orders.orders o where
       not exists (select 1 from orders.lines l where l.order_id = o.id)
    or o.version <> (select count(*) from orders.events e where e.order_id = o.id)
    or not exists (select 1 from payments.intents i where i.order_id = o.id)
    or not exists (select 1 from stock.reservations r where r.order_id = o.id and r.state = 'held')
    or not exists (select 1 from platform.events e where e.name = 'orders.placed' and e.payload ->> 'order' = o.id::text)";
const PARTS_WITHOUT_AN_ORDER: &str = "select
      (select count(*) from orders.groups g where not exists (select 1 from orders.orders o where o.group_id = g.id))
    + (select count(*) from stock.reservations r where not exists (select 1 from orders.orders o where o.id = r.order_id))
    + (select count(*) from payments.intents i where not exists (select 1 from orders.orders o where o.id = i.order_id))";

async fn is_whole(world: &World) {
    assert_eq!(count(world, HALF).await, 0);
    assert_eq!(count(world, PARTS_WITHOUT_AN_ORDER).await, 0);
    let orders = count(world, "select count(*) from orders.orders").await;
    assert_eq!(count(world, "select reserved from stock.levels").await, orders);
    assert_eq!(count(world, "select on_hand from stock.levels").await, STOCK);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_order_is_lost_and_none_is_made_twice() {
    let world = World::new().await;
    world.clock.advance(Clock::default().now() - world.clock.now());
    let stall = stall(&world, "Gian", "3200000027", None).await;
    let hat = goods(&world, &stall, "Nón", 108_000, STOCK).await;
    let mut server = Process::serve(&world).await;
    let (mut acknowledged, mut cut_off) = (0, 0);
    // Killed after the first answer, after some, and when all but a few are done.
    for answers in [1, 6, BUYERS - 3] {
        let mut racing = FuturesUnordered::new();
        for _ in 0..BUYERS {
            let buyer = server.browser();
            puts_in(&buyer, &hat, "1").await.ok();
            let review = up_to_review(&buyer).await;
            let form = review.form("form[action=\"/dat-hang/xem-lai\"]").with("place", "1");
            racing.push(async move {
                let answer = buyer.try_send(&form).await;
                (buyer, form, answer.ok().filter(|a| a.status.is_success()).map(|a| a.path))
            });
        }
        let (mut told, mut silent) = (Vec::new(), Vec::new());
        let mut came = 0;
        while let Some((buyer, form, path)) = racing.next().await {
            match path {
                Some(path) => told.push((buyer, path)),
                None => silent.push((buyer, form)),
            }
            came += 1;
            if came == answers {
                server.kill();
            }
        }
        cut_off += silent.len();
        is_whole(&world).await;
        let kept = count(&world, "select count(*) from orders.groups").await;
        assert!(kept >= i64::try_from(acknowledged + told.len()).unwrap(), "{kept}");

        server.starts_again().await;
        for (buyer, path) in &told {
            assert!(path.starts_with("/dat-hang/xong/"), "{path}");
            buyer.get(path).await.ok().shows("Nón");
        }
        for (buyer, form) in &silent {
            presses_again(buyer, form).await;
        }
        acknowledged += BUYERS;
        let orders = count(&world, "select count(*) from orders.orders").await;
        assert_eq!(orders, i64::try_from(acknowledged).unwrap(), "one for each buyer");
        is_whole(&world).await;
    }
    assert!(cut_off > BUYERS / 2, "the kills must hit somebody: {cut_off}");
    server.kill();
    world.wait(LEASES_END).await;
    world.adds_up().await;
}

async fn presses_again(buyer: &crate::support::browser::Browser, form: &FormOnPage) {
    for _ in 0..2 {
        let answer = buyer.send(form).await.ok();
        assert!(answer.path.starts_with("/dat-hang/xong/"), "{}", answer.main_text());
    }
}

/// Longer than any lease of what a dead process had in hand.
pub const LEASES_END: TimeDelta = TimeDelta::minutes(10);

/// The world's clock says what the process's does.
pub fn now_as_outside(world: &World) {
    world.clock.advance(Clock::default().now() - world.clock.now());
}

/// Some orders of one shop and, for each, the message of the bank that pays it.
pub async fn to_be_matched(world: &World, desk: &Desk) -> Vec<(PlacedOrder, String)> {
    let mut all = Vec::new();
    for n in 1..=8 {
        let order = ordered(world, &desk.shop, 1, PaymentMethod::VietQr).await;
        let text = format!("MBVCB.5566.{}.CT tu 001", memo(world, &order).await);
        let told = message("sepay", n, order.total.0, &text, &format!("FT{n}")).to_string();
        all.push((order, told));
    }
    all
}

/// Every one of them is paid, by one transfer.
pub async fn are_matched(world: &World, all: &[(PlacedOrder, String)]) {
    for (order, _) in all {
        assert_eq!(standing(world, order).await, ("placed".into(), "paid".into()));
    }
    let transfers = "select count(*) from payments.transfers";
    assert_eq!(count(world, transfers).await, i64::try_from(all.len()).unwrap());
    let counted = "select count(*) from payments.events where kind = 'transfer_matched'";
    assert_eq!(count(world, counted).await, i64::try_from(all.len()).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_that_was_acknowledged_pays_once_though_the_server_dies_at_it() {
    let world = World::new().await;
    now_as_outside(&world);
    let desk = desk(&world, "sepay").await;
    let all = to_be_matched(&world, &desk).await;
    let mut server = Process::serve(&world).await;
    // Somebody holds one of the orders, so that the server is in the middle of it when it dies.
    let mut held = world.db.begin().await.unwrap();
    sqlx::query("select from payments.intents where order_id = $1 for update")
        .bind(all[3].0.id.0)
        .execute(&mut *held)
        .await
        .unwrap();
    let told = all.iter().map(|(_, body)| desk.telling(&server.base, &desk.key, body.clone()));
    for answer in join_all(told.map(reqwest::RequestBuilder::send)).await {
        assert_eq!(answer.unwrap().status(), StatusCode::OK);
    }
    world.somebody_waits_for_a_row().await;
    server.kill();
    held.rollback().await.unwrap();
    assert_eq!(standing(&world, &all[3].0).await.1, "unpaid", "all or nothing");
    server.starts_again().await;
    // The service says all of it again.
    for (_, body) in &all {
        let answer = desk.telling(&server.base, &desk.key, body.clone()).send().await;
        assert_eq!(answer.unwrap().status(), StatusCode::OK);
    }
    // Once more; the world ends what is left.
    server.kill();
    world.wait(LEASES_END).await;
    are_matched(&world, &all).await;
    world.adds_up().await;
}

/// Orders that were paid at every gateway and cancelled by the shop. Before any other server runs, which would take
/// their news out of the world's hands.
pub async fn with_refunds_owed(floor: &Floor) -> Vec<PlacedOrder> {
    let mut orders = Vec::new();
    let desk = signed_in(&floor.world, &floor.shop.email).await;
    for method in PaymentMethod::ONLINE {
        let order = floor.order(method).await;
        let reference = floor.goes_to_pay(&order).await;
        floor.there.pay(&reference);
        floor.told(method, &floor.notice(&reference)).await;
        floor.world.run_jobs().await;
        let path = format!("/ban-hang/don-hang/{}", order.code);
        let page = desk.get(&path).await.ok();
        let form = page.form("form:has(button[value=cancel])").with("note", "hết hàng");
        desk.send(&form.and("act", "cancel")).await.ok();
        orders.push(order);
    }
    floor.world.run_jobs().await;
    orders
}

/// The shop asks for the money to go back: a server other than the world's own is to see to it, and hears no answer.
pub async fn asks_for_refunds(floor: &Floor, orders: &[PlacedOrder]) {
    let desk = signed_in(&floor.world, &floor.shop.email).await;
    floor.there.lose_answers(orders.len());
    for order in orders {
        let page = desk.get(&format!("/ban-hang/don-hang/{}", order.code)).await.ok();
        desk.send(&page.form("form[action$=hoan-tien]")).await.ok();
    }
    sqlx::query(
        "insert into platform.jobs (id, handler, dedup_key, payload, due_at)
         values (gen_random_uuid(), 'payments.sweep', 'now', 'null', $1)",
    )
    .bind(floor.world.cx().now)
    .execute(&floor.world.db)
    .await
    .unwrap();
}

/// Waits until the providers have sent back all of `orders`.
pub async fn providers_have_paid_back(floor: &Floor, orders: &[PlacedOrder]) {
    let all: i64 = orders.iter().map(|order| order.total.0).sum();
    for _ in 0..1_000 {
        if floor.there.moved().1 >= all {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the server asks for no refund");
}

/// Every one of `orders` is refunded, and money moved once.
pub async fn went_back_once(floor: &Floor, orders: &[PlacedOrder]) {
    for order in orders {
        let (state, money) = standing(&floor.world, order).await;
        assert_eq!((state.as_str(), money.as_str()), ("cancelled", "refunded"));
    }
    let all: i64 = orders.iter().map(|order| order.total.0).sum();
    assert_eq!(floor.there.moved(), (all, all));
    assert_eq!(floor.there.problems(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_goes_back_once_though_the_server_dies_before_it_hears_so() {
    let floor = Floor::with(&[], true).await;
    let mut variables = floor.there.variables();
    variables.push((SEAL.0, SEAL.1.to_owned()));
    let url = floor.world.database_url();
    let orders = with_refunds_owed(&floor).await;
    let mut server = Process::serve_with(&url, &variables).await;
    asks_for_refunds(&floor, &orders).await;
    providers_have_paid_back(&floor, &orders).await;
    server.kill();
    for order in &orders {
        assert_eq!(standing(&floor.world, order).await.1, "refund_due", "unknown is not refused");
    }
    server.starts_again().await;
    server.browser().get("/healthz").await.ok();
    server.kill();
    for _ in 0..2 {
        floor.world.wait(LEASES_END).await;
    }
    went_back_once(&floor, &orders).await;
    floor.world.adds_up().await;
}
