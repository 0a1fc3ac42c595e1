//! The server dies while buyers press "Đặt hàng": what was acknowledged is kept, nothing is there by halves,
//! and whoever got no answer presses again and has one order.

use crate::{
    market::{count, goods, puts_in, stall, up_to_review},
    support::{World, browser::FormOnPage, process::Process},
};
use futures_util::{StreamExt, stream::FuturesUnordered};
use santinh::platform::clock::Clock;

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
}

async fn presses_again(buyer: &crate::support::browser::Browser, form: &FormOnPage) {
    for _ in 0..2 {
        let answer = buyer.send(form).await.ok();
        assert!(answer.path.starts_with("/dat-hang/xong/"), "{}", answer.main_text());
    }
}
