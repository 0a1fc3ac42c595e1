//! Everybody acts on the same orders at once: whatever happens, the history explains the state.

use crate::{
    shop_floor::{ordered, shop},
    support::World,
};
use chrono::TimeDelta;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use santinh::{
    kernel::OrderId,
    orders::{self, Act, ActorKind, OrderError, OrderEvent, OrderState, PaymentMethod},
};
use std::collections::HashMap;

#[derive(Debug, Clone)]
enum Step {
    Act(usize, OrderEvent, ActorKind),
    Time(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let events = OrderEvent::ALL.to_vec();
    // The system acts only through the clock.
    let actors = vec![ActorKind::Buyer, ActorKind::Seller, ActorKind::Seller, ActorKind::Operator];
    prop_oneof![
        12 => (0..4usize, prop::sample::select(events), prop::sample::select(actors))
            .prop_map(|(order, event, actor)| Step::Act(order, event, actor)),
        1 => (1i64..30).prop_map(Step::Time),
    ]
}

async fn act(world: &World, order: OrderId, event: OrderEvent, actor: ActorKind) {
    let mut tx = world.db.begin().await.unwrap();
    let wanted = Act { event, actor, note: "lý do", seen: None };
    match orders::act(&mut tx, &world.cx(), order, &wanted).await {
        Ok(_) => tx.commit().await.unwrap(),
        Err(OrderError::Moved(_)) => tx.rollback().await.unwrap(),
        Err(error) => panic!("{event:?} by {actor:?}: {error:?}"),
    }
}

type Row = (i32, String, Option<String>, String, String);

async fn explain(world: &World, order: OrderId) {
    let (state, version): (String, i32) =
        sqlx::query_as("select state, version from orders.orders where id = $1")
            .bind(order.0)
            .fetch_one(&world.db)
            .await
            .unwrap();
    let rows: Vec<Row> = sqlx::query_as(
        "select version, event, from_state, to_state, actor_kind from orders.events where order_id = $1 order by version",
    )
    .bind(order.0)
    .fetch_all(&world.db)
    .await
    .unwrap();
    assert_eq!(i32::try_from(rows.len()).unwrap(), version, "version = number of events");
    let mut at: Option<String> = None;
    for (i, (version, event, from, to, actor)) in rows.iter().enumerate() {
        assert_eq!(usize::try_from(*version).unwrap(), i + 1);
        assert_eq!(from, &at, "the path is unbroken");
        if let Some(from) = from {
            let kinds = ActorKind::ALL.into_iter().find(|k| k.code() == actor).unwrap();
            let allowed =
                OrderState::of(from).unwrap().allows(OrderEvent::of(event).unwrap(), kinds);
            assert!(allowed, "{from} {event} {actor}");
        }
        at = Some(to.clone());
    }
    assert_eq!(at.as_deref(), Some(state.as_str()));
    let reservation: String =
        sqlx::query_scalar("select state from stock.reservations where order_id = $1")
            .bind(order.0)
            .fetch_one(&world.db)
            .await
            .unwrap();
    let expected = match state.as_str() {
        "cancelled" => "released",
        "handed_over" | "delivered" | "completed" => "shipped",
        _ => "held",
    };
    assert_eq!(reservation, expected, "{state}");
    let money: Vec<String> = sqlx::query_scalar(
        "select e.kind from payments.events e join payments.intents i on i.id = e.intent_id
         where i.order_id = $1 order by e.at, e.id",
    )
    .bind(order.0)
    .fetch_all(&world.db)
    .await
    .unwrap();
    let counts = money.iter().fold(HashMap::new(), |mut m: HashMap<&str, i32>, k| {
        *m.entry(k).or_default() += 1;
        m
    });
    assert!(counts.values().all(|n| *n == 1), "money moves once: {money:?}");
    if state == "cancelled" {
        assert!(counts.contains_key("voided") != counts.contains_key("refund_owed"));
    }
}

#[tokio::test]
async fn the_history_explains_every_state() {
    let world = World::new().await;
    let shop = shop(&world, "Cà phê Khe Sanh", "0101197803", 100_000).await;
    let mut runner = TestRunner::deterministic();
    let mut ends: HashMap<String, usize> = HashMap::new();
    for _ in 0..25 {
        let steps = prop::collection::vec(step(), 10..60).new_tree(&mut runner).unwrap().current();
        let mut all = Vec::new();
        for i in 0..4 {
            let method = if i % 2 == 0 { PaymentMethod::Cod } else { PaymentMethod::VietQr };
            all.push(ordered(&world, &shop, 1 + i, method).await.id);
        }
        // Four at a time on connections of their own; now and then the clock runs beside them.
        for few in steps.chunks(4) {
            let acts = few.iter().map(async |step| match step {
                Step::Act(order, event, actor) => act(&world, all[*order], *event, *actor).await,
                Step::Time(hours) => {
                    world.clock.advance(TimeDelta::hours(*hours));
                    world.app.run_due_jobs().await.unwrap();
                }
            });
            futures_util::future::join_all(acts).await;
        }
        for order in all {
            explain(&world, order).await;
            let state: String = sqlx::query_scalar("select state from orders.orders where id = $1")
                .bind(order.0)
                .fetch_one(&world.db)
                .await
                .unwrap();
            *ends.entry(state).or_default() += 1;
        }
    }
    assert!(ends.len() >= 4, "the walks must get somewhere: {ends:?}");
    let (on_hand, reserved): (i64, i64) =
        sqlx::query_as("select on_hand, reserved from stock.levels")
            .fetch_one(&world.db)
            .await
            .unwrap();
    let (shipped, held): (i64, i64) = sqlx::query_as(
        "select coalesce(sum(quantity) filter (where state = 'shipped'), 0)::bigint,
                coalesce(sum(quantity) filter (where state = 'held'), 0)::bigint from stock.reservations",
    )
    .fetch_one(&world.db)
    .await
    .unwrap();
    assert_eq!((on_hand + shipped, reserved), (100_000, held));
}
