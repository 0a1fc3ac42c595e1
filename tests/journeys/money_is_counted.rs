//! The money of an order over the real database: any order of events, any number of deliveries, one state.

use crate::{
    orders_live::GOOD,
    shop_floor::{ordered, shop, standing},
    support::World,
};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use santinh::{
    kernel::{IntentId, Vnd},
    orders::PaymentMethod,
    payments::{self, EventKind, NewEvent, Recorded, Sums, VND},
};

async fn intent(world: &World, order: &santinh::orders::PlacedOrder) -> IntentId {
    let mut db = world.db.acquire().await.unwrap();
    payments::of_order(&mut *db, order.id).await.unwrap().unwrap().id
}

/// Notes one event in a transaction of its own.
async fn note(world: &World, id: IntentId, event: (EventKind, i64, &str, &str)) -> Recorded {
    let (kind, amount, provider, name) = event;
    let cx = world.cx();
    let name = format!("{id}:{name}");
    let new = NewEvent {
        intent: id,
        kind,
        amount: Vnd(amount),
        currency: VND,
        provider,
        provider_event_id: &name,
        at: cx.now,
        note: "",
    };
    let mut tx = world.db.begin().await.unwrap();
    let done = payments::record(&mut tx, &cx, &new).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn seen(world: &World, id: IntentId) -> (String, i64, i64) {
    sqlx::query_as("select state, paid, balance from payments.intents where id = $1")
        .bind(id.0)
        .fetch_one(&world.db)
        .await
        .unwrap()
}

#[tokio::test]
async fn shuffled_and_repeated_events_give_one_state() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 1000).await;
    let mut chance = StdRng::seed_from_u64(18);
    let kinds: Vec<EventKind> =
        EventKind::ALL.into_iter().filter(|k| *k != EventKind::Opened).collect();
    for round in 0..12 {
        let method = if round % 2 == 0 { PaymentMethod::Cod } else { PaymentMethod::VietQr };
        let story: Vec<(EventKind, i64, &str, String)> = (0..chance.random_range(1..7))
            .map(|at| {
                let kind = kinds[chance.random_range(0..kinds.len())];
                let who = ["bank", "ghn", "floor"][chance.random_range(0..3)];
                (kind, chance.random_range(1..3) * 64_000, who, at.to_string())
            })
            .collect();
        let mut ends = Vec::new();
        for copies in [1, 5] {
            let id = intent(&world, &ordered(&world, &shop, 1, method).await).await;
            let mut sent = vec![story.clone(); copies].concat();
            sent.shuffle(&mut chance);
            // Several at a time, as webhooks come.
            for few in sent.chunks(6) {
                let all = few.iter().map(|(k, n, p, name)| note(&world, id, (*k, *n, p, name)));
                futures_util::future::join_all(all).await;
            }
            let end = seen(&world, id).await;
            let mut db = world.db.acquire().await.unwrap();
            let sums: Sums = payments::sums(&mut db, id).await.unwrap();
            let derived = (sums.state(method).code().to_owned(), sums.paid().0, sums.balance().0);
            assert_eq!(end, derived, "stored as derived: {story:?}");
            ends.push(end);
        }
        assert_eq!(ends[0], ends[1], "{story:?}");
    }
}

#[tokio::test]
async fn an_order_goes_on_when_everything_has_come_and_not_before() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    let order = ordered(&world, &shop, 1, PaymentMethod::VietQr).await;
    let id = intent(&world, &order).await;
    let first = note(&world, id, (EventKind::TransferMatched, 100_000, "bank", "1")).await;
    assert!(first.first && first.counts);
    assert!(!note(&world, id, (EventKind::TransferMatched, 100_000, "bank", "1")).await.first);
    world.run_jobs().await;
    assert_eq!(
        standing(&world, &order).await,
        ("awaiting_payment".into(), "partially_paid".into())
    );
    note(&world, id, (EventKind::TransferMatched, 28_000, "bank", "2")).await;
    world.run_jobs().await;
    assert_eq!(standing(&world, &order).await, ("placed".into(), "paid".into()));
    // One way only.
    note(&world, id, (EventKind::TransferReversed, 28_000, "bank", "3")).await;
    world.run_jobs().await;
    assert_eq!(standing(&world, &order).await, ("placed".into(), "partially_paid".into()));
}

#[tokio::test]
async fn what_has_happened_is_never_rewritten() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", GOOD, 10).await;
    ordered(&world, &shop, 1, PaymentMethod::VietQr).await;
    for change in [
        "update payments.events set amount = 1",
        "delete from payments.events",
        "truncate payments.events",
    ] {
        let refused = sqlx::query(change).execute(&world.db).await.unwrap_err().to_string();
        assert!(refused.contains("rows are only added"), "{refused}");
    }
}
