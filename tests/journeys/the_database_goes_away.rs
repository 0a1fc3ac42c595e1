//! PostgreSQL goes away in the middle of an order, of matching and of a refund, and comes back: meanwhile the server
//! says that it is busy and nothing worse, and afterwards everything is there once.

use crate::{
    bank_desk::desk,
    gateway_floor::{Floor, SEAL},
    market::{count, goods, puts_in, stall, up_to_review},
    shop_floor::standing,
    support::{World, browser::FormOnPage, process::Process},
    the_server_is_killed::{
        LEASES_END, are_matched, asks_for_refunds, now_as_outside, providers_have_paid_back,
        to_be_matched, went_back_once, with_refunds_owed,
    },
};
use futures_util::{StreamExt, future::join_all, stream::FuturesUnordered};
use reqwest::StatusCode;
use std::time::Duration;

const BUYERS: usize = 16;

/// What a server may say while its database is away.
fn is_busy(status: StatusCode) -> bool {
    status == StatusCode::SERVICE_UNAVAILABLE
}

#[tokio::test(flavor = "multi_thread")]
async fn buyers_whose_orders_were_cut_off_press_again_and_have_one() {
    let world = World::new().await;
    now_as_outside(&world);
    let stall = stall(&world, "Gian", "3200000027", None).await;
    let hat = goods(&world, &stall, "Nón", 108_000, 500).await;
    let line = world.line().await;
    let mut server = Process::serve_with(&line.url, &[]).await;
    let mut unheard = 0;
    // Cut after the first answer and mended at once, then cut for long.
    for (round, answers) in [(0, 1), (1, 5)] {
        let mut racing = FuturesUnordered::new();
        for _ in 0..BUYERS {
            let buyer = server.browser();
            puts_in(&buyer, &hat, "1").await.ok();
            let review = up_to_review(&buyer).await;
            let form: FormOnPage =
                review.form("form[action=\"/dat-hang/xem-lai\"]").with("place", "1");
            racing.push(async move {
                let answer = buyer.try_send(&form).await.expect("the server is there");
                (buyer, form, answer)
            });
        }
        let (mut told, mut silent, mut came) = (Vec::new(), Vec::new(), 0);
        while let Some((buyer, form, answer)) = racing.next().await {
            match answer.status {
                status if status.is_success() => told.push(buyer),
                status if is_busy(status) => silent.push((buyer, form)),
                other => panic!("{other}: {}", answer.main_text()),
            }
            came += 1;
            if came == answers {
                line.cut();
                if round == 0 {
                    line.mend();
                }
            }
        }
        unheard += silent.len();
        let kept = count(&world, "select count(*) from orders.orders").await;
        let before = i64::try_from(round * BUYERS).unwrap();
        assert!(kept >= before + i64::try_from(told.len()).unwrap(), "{kept}");
        if round == 1 {
            let (pages, here) = (["/healthz", "/tim?q=non", "/gio-hang"], &server);
            let asked = pages.map(|path| async move { (path, here.browser().get(path).await) });
            for (path, away) in join_all(asked).await {
                assert!(is_busy(away.status) || path != "/healthz", "{path}: {}", away.status);
                let fine = away.status.is_success() || is_busy(away.status);
                assert!(fine, "{path}: {} {}", away.status, away.main_text());
            }
        }
        line.mend();
        for (buyer, form) in &silent {
            for _ in 0..2 {
                let answer = buyer.send(form).await.ok();
                assert!(answer.path.starts_with("/dat-hang/xong/"), "{}", answer.main_text());
            }
        }
        let orders = count(&world, "select count(*) from orders.orders").await;
        assert_eq!(orders, i64::try_from((round + 1) * BUYERS).unwrap(), "one for each buyer");
    }
    assert!(unheard > 0, "the cuts must hit somebody");
    // The world ends what is left.
    server.kill();
    world.wait(LEASES_END).await;
    world.adds_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_pays_once_though_the_database_goes_away_at_it() {
    let world = World::new().await;
    now_as_outside(&world);
    let desk = desk(&world, "sepay").await;
    let all = to_be_matched(&world, &desk).await;
    let line = world.line().await;
    let mut server = Process::serve_with(&line.url, &[]).await;
    let mut held = world.db.begin().await.unwrap();
    sqlx::query("select from payments.intents where order_id = $1 for update")
        .bind(all[2].0.id.0)
        .execute(&mut *held)
        .await
        .unwrap();
    let base = server.base.clone();
    let tell = |body: &String| desk.telling(&base, &desk.key, body.clone()).send();
    for answer in join_all(all[..5].iter().map(|(_, body)| tell(body))).await {
        assert_eq!(answer.unwrap().status(), StatusCode::OK);
    }
    world.somebody_waits_for_a_row().await;
    line.cut();
    held.rollback().await.unwrap();
    // What is told now is not acknowledged.
    for answer in join_all(all[5..].iter().map(|(_, body)| tell(body))).await {
        assert_eq!(answer.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
    }
    assert_eq!(count(&world, "select count(*) from platform.inbox").await, 5);
    line.mend();
    for (_, body) in &all {
        assert_eq!(tell(body).await.unwrap().status(), StatusCode::OK);
    }
    // The server ends by itself what it had in hand.
    let paid = "select count(*) from payments.intents where state = 'paid'";
    for _ in 0..600 {
        if count(&world, paid).await == i64::try_from(all.len()).unwrap() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(count(&world, paid).await, i64::try_from(all.len()).unwrap(), "by itself");
    server.kill();
    world.wait(LEASES_END).await;
    are_matched(&world, &all).await;
    world.adds_up().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_goes_back_once_though_the_database_goes_away_before_it_is_noted() {
    let floor = Floor::with(&[], true).await;
    let mut variables = floor.there.variables();
    variables.push((SEAL.0, SEAL.1.to_owned()));
    let line = floor.world.line().await;
    let orders = with_refunds_owed(&floor).await;
    let mut server = Process::serve_with(&line.url, &variables).await;
    asks_for_refunds(&floor, &orders).await;
    providers_have_paid_back(&floor, &orders).await;
    // The providers' answers are on their way; nobody can write them down.
    line.cut();
    assert!(is_busy(server.browser().get("/healthz").await.status));
    for order in &orders {
        assert_eq!(standing(&floor.world, order).await.1, "refund_due", "unknown is not refused");
    }
    line.mend();
    server.browser().get("/healthz").await.ok();
    server.kill();
    for _ in 0..2 {
        floor.world.wait(LEASES_END).await;
    }
    went_back_once(&floor, &orders).await;
    floor.world.adds_up().await;
}
