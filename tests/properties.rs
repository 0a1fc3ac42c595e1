//! Rules that hold over any order of events, on the real database.

#![allow(clippy::too_many_lines, reason = "a story is told from beginning to end")]

#[path = "support/mod.rs"]
mod support;

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use santinh::{
    kernel::{Cx, OrderId, SellerId, VariantId},
    stock::{self, CountKind, NewLevel, StockError},
};
use sqlx::PgPool;
use support::World;
use uuid::Uuid;

#[derive(Debug, Clone)]
enum Step {
    /// Order, and (variant, quantity) wishes, equal variants among them.
    Reserve(usize, Vec<(usize, i64)>),
    Release(usize),
    Ship(usize),
    Count(usize, i64),
}

const VARIANTS: usize = 3;
const ORDERS: usize = 12;

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..ORDERS, prop::collection::vec((0..VARIANTS, 1..6i64), 1..4))
            .prop_map(|(order, wishes)| Step::Reserve(order, wishes)),
        2 => (0..ORDERS).prop_map(Step::Release),
        2 => (0..ORDERS).prop_map(Step::Ship),
        2 => (0..VARIANTS, 0..30i64).prop_map(|(variant, n)| Step::Count(variant, n)),
    ]
}

struct Shop {
    seller: SellerId,
    variants: Vec<VariantId>,
    orders: Vec<OrderId>,
}

/// Does a step in a transaction of its own; refusals are part of the story. The order is locked before
/// its goods, as the orders' own commands do.
async fn act(db: &PgPool, cx: &Cx, shop: &Shop, step: &Step) {
    let mut tx = db.begin().await.unwrap();
    if let Step::Reserve(order, _) | Step::Release(order) | Step::Ship(order) = step {
        sqlx::query("select pg_advisory_xact_lock(hashtextextended($1::text, 0))")
            .bind(shop.orders[*order].0)
            .execute(&mut *tx)
            .await
            .unwrap();
    }
    let outcome = match step {
        Step::Reserve(order, wishes) => {
            let taken: i64 =
                sqlx::query_scalar("select count(*) from stock.reservations where order_id = $1")
                    .bind(shop.orders[*order].0)
                    .fetch_one(&mut *tx)
                    .await
                    .unwrap();
            if taken > 0 {
                return;
            }
            let wishes: Vec<_> = wishes.iter().map(|(v, n)| (shop.variants[*v], *n)).collect();
            stock::reserve(&mut tx, cx, shop.orders[*order], &wishes).await
        }
        Step::Release(order) => stock::release(&mut tx, cx, shop.orders[*order]).await,
        Step::Ship(order) => stock::ship(&mut tx, cx, shop.orders[*order]).await,
        Step::Count(variant, n) => {
            let (seller, variant) = (shop.seller, shop.variants[*variant]);
            stock::set_on_hand(&mut tx, cx, seller, variant, *n, CountKind::Count).await
        }
    };
    match outcome {
        // A refusal leaves nothing behind even in a transaction that goes on.
        Ok(()) | Err(StockError::Short { .. } | StockError::Promised { .. }) => {
            tx.commit().await.unwrap();
        }
        Err(error) => panic!("{step:?}: {error}"),
    }
}

async fn sums_hold(db: &PgPool) {
    let wrong: Vec<(Uuid, i64, i64)> = sqlx::query_as(
        "select l.variant_id, l.on_hand, l.reserved from stock.levels l
         where l.reserved < 0 or l.reserved > l.on_hand
            or l.on_hand <> (select coalesce(sum(quantity), 0) from stock.movements m where m.variant_id = l.variant_id)
            or l.reserved <> (select coalesce(sum(quantity), 0) from stock.reservations r
                              where r.variant_id = l.variant_id and r.state = 'held')",
    )
    .fetch_all(db)
    .await
    .unwrap();
    assert!(wrong.is_empty(), "sums do not hold: {wrong:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn promises_are_always_covered_whatever_happens_at_once() {
    let world = World::new().await;
    let mut runner = TestRunner::new(Config::default());
    let lanes = prop::collection::vec(prop::collection::vec(step(), 5..25), 4);
    for _ in 0..12 {
        let lanes = lanes.new_tree(&mut runner).unwrap().current();
        let cx = world.cx();
        let ids = |n: usize| (0..n).map(|_| cx.new_id()).collect::<Vec<Uuid>>();
        let shop = Shop {
            seller: SellerId(cx.new_id()),
            variants: ids(VARIANTS).into_iter().map(VariantId).collect(),
            orders: ids(ORDERS).into_iter().map(OrderId).collect(),
        };
        let levels: Vec<NewLevel> = shop
            .variants
            .iter()
            .map(|v| NewLevel { variant: *v, seller: shop.seller, on_hand: 10, unlimited: false })
            .collect();
        stock::open(&mut world.db.acquire().await.unwrap(), &cx, &levels).await.unwrap();
        // Four connections at once, each with its own story over the same orders and goods.
        let (db, cx, shop) = (&world.db, &cx, &shop);
        futures_util::future::join_all(lanes.iter().map(|lane| async move {
            for step in lane {
                act(db, cx, shop, step).await;
            }
        }))
        .await;
        sums_hold(&world.db).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn forty_buyers_at_once_get_exactly_the_ten_there_are() {
    let world = World::new().await;
    let cx = world.cx();
    let (seller, variant) = (SellerId(cx.new_id()), VariantId(cx.new_id()));
    let level = NewLevel { variant, seller, on_hand: 10, unlimited: false };
    stock::open(&mut world.db.acquire().await.unwrap(), &cx, &[level]).await.unwrap();
    let got = futures_util::future::join_all((0..40).map(|_| async {
        let mut tx = world.db.begin().await.unwrap();
        let got = stock::reserve(&mut tx, &cx, OrderId(cx.new_id()), &[(variant, 1)]).await;
        tx.commit().await.unwrap();
        match got {
            Ok(()) => 1,
            Err(StockError::Short { available, .. }) => {
                assert_eq!(available, 0);
                0
            }
            Err(error) => panic!("{error}"),
        }
    }))
    .await;
    assert_eq!(got.iter().sum::<i32>(), 10);
    sums_hold(&world.db).await;
    let told: i64 =
        sqlx::query_scalar("select count(*) from platform.events where name = 'stock.changed'")
            .fetch_one(&world.db)
            .await
            .unwrap();
    assert_eq!(told, 1, "that the last is gone is told once");
}

#[tokio::test]
async fn goods_of_an_order_leave_once_and_come_back_once() {
    let world = World::new().await;
    let cx = world.cx();
    let (seller, variant) = (SellerId(cx.new_id()), VariantId(cx.new_id()));
    let mut db = world.db.acquire().await.unwrap();
    let level = NewLevel { variant, seller, on_hand: 5, unlimited: false };
    stock::open(&mut db, &cx, &[level]).await.unwrap();
    let [one, two] = [OrderId(cx.new_id()), OrderId(cx.new_id())];
    stock::reserve(&mut db, &cx, one, &[(variant, 1), (variant, 1)]).await.unwrap();
    stock::reserve(&mut db, &cx, two, &[(variant, 2)]).await.unwrap();
    let refused = stock::set_on_hand(&mut db, &cx, seller, variant, 3, CountKind::Count).await;
    assert!(matches!(refused, Err(StockError::Promised { reserved: 4 })), "{refused:?}");
    for _ in 0..2 {
        stock::ship(&mut db, &cx, one).await.unwrap();
        stock::release(&mut db, &cx, one).await.unwrap();
        stock::release(&mut db, &cx, two).await.unwrap();
        stock::ship(&mut db, &cx, two).await.unwrap();
        let level = stock::levels(&mut db, &[variant]).await.unwrap()[&variant];
        assert_eq!((level.on_hand, level.reserved), (3, 0));
    }
    let stranger = SellerId(cx.new_id());
    let refused = stock::set_on_hand(&mut db, &cx, stranger, variant, 9, CountKind::Count).await;
    assert!(matches!(refused, Err(StockError::NotFound)));
    sums_hold(&world.db).await;
}
