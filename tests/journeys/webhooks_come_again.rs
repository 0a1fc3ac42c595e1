//! Every kind of message that partners send comes fifty times from fifty clients, in any order, while jobs run: the
//! orders stand where they would stand if each had come once.

use crate::{
    bank_desk::{Desk, desk_of, memo, message},
    carriers_bring_parcels::{self, SECRET, has_contracts, to_khe_sanh},
    gateway_floor::Floor,
    parcels_are_followed::{packs, parcel_state},
    shop_floor::{ordered, standing},
    support::{browser::Browser, carriers::Sim},
};
use futures_util::future::join_all;
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use reqwest::{Client, Request};
use santinh::orders::{PaymentMethod, PlacedOrder};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

const TIMES: usize = 50;
const CLIENTS: usize = 50;

/// What is told, and how it must end.
#[derive(Default)]
struct Told {
    requests: Vec<Request>,
    paid: Vec<PlacedOrder>,
    delivered: Vec<(PlacedOrder, String)>,
}

/// The bank: first a part, then the rest.
async fn by_bank(floor: &Floor, desk: &Desk, service: &str, told: &mut Told) {
    let order = ordered(&floor.world, &floor.shop, 2, PaymentMethod::VietQr).await;
    let memo = memo(&floor.world, &order).await;
    for (n, part) in [(1, 100_000), (2, order.total.0 - 100_000)] {
        let reference = format!("FT-{service}-{n}");
        let body = message(service, n, part, &format!("MBVCB.55.{memo}.CT tu 001"), &reference);
        let request = desk.telling(&floor.world.base, &desk.key, body.to_string());
        told.requests.push(request.build().unwrap());
    }
    told.paid.push(order);
}

/// The gateways: refused at first, then paid.
async fn by_gateway(floor: &Floor, method: PaymentMethod, told: &mut Told) {
    let order = floor.order(method).await;
    let reference = floor.goes_to_pay(&order).await;
    floor.there.decline(&reference);
    let refused = floor.notice(&reference);
    floor.there.pay(&reference);
    for sent in [refused, floor.notice(&reference)] {
        let request = floor.telling(&floor.world.base, method, &sent).await;
        told.requests.push(request.build().unwrap());
    }
    told.paid.push(order);
}

/// The carriers: every step to the buyer's door.
async fn by_carrier(floor: &Floor, sim: &Sim, seller: &Browser, carrier: &str, told: &mut Told) {
    let order = to_khe_sanh(&floor.world, &floor.shop, seller, 2).await;
    let parcel = packs(seller, &order, "2", carrier).await;
    floor.world.run_jobs().await;
    let words = match carrier {
        "ghn" => ["picked", "transporting", "delivering", "delivered"],
        "ghtk" => ["123", "3", "4", "5"],
        _ => ["200", "300", "500", "501"],
    };
    for (hour, word) in words.into_iter().enumerate() {
        let at = match carrier {
            "ghn" => format!("2026-11-22T0{}:00:00Z", 3 + hour),
            "ghtk" => format!("2026-11-22 1{hour}:00:00"),
            _ => format!("22/11/2026 1{hour}:00:00"),
        };
        sim.status(carrier, &parcel, word, &at);
        let message = sim.message(carrier, &parcel, SECRET);
        let request = carriers_bring_parcels::telling(&floor.world, carrier, &message).await;
        told.requests.push(request.build().unwrap());
    }
    told.delivered.push((order, parcel));
}

/// Every request so many times, by as many clients at once, in an order of chance; jobs run meanwhile.
async fn come_again(floor: &Floor, requests: &[Request], chance: &mut StdRng) {
    let mut all: Vec<&Request> =
        requests.iter().flat_map(|r| std::iter::repeat_n(r, TIMES)).collect();
    all.shuffle(chance);
    let over = Arc::new(AtomicBool::new(false));
    let worker = tokio::spawn({
        let (app, over) = (floor.world.app.clone(), over.clone());
        async move {
            while !over.load(Ordering::Relaxed) {
                app.run_due_jobs().await.unwrap();
                tokio::task::yield_now().await;
            }
        }
    });
    let clients = all.chunks(all.len().div_ceil(CLIENTS)).map(async |own| {
        let client = Client::new();
        for request in own {
            let request = request.try_clone().unwrap();
            let url = request.url().path().to_owned();
            let answer = client.execute(request).await.unwrap();
            assert!(answer.status().is_success(), "{url}: {}", answer.status());
        }
    });
    join_all(clients).await;
    over.store(true, Ordering::Relaxed);
    worker.await.unwrap();
}

async fn stand_as_told(floor: &Floor, told: &Told) {
    for order in &told.paid {
        assert_eq!(standing(&floor.world, order).await, ("placed".into(), "paid".into()));
    }
    for (order, parcel) in &told.delivered {
        assert_eq!(parcel_state(&floor.world, parcel).await, "delivered");
        let expected = ("delivered".into(), "cod_with_carrier".into());
        assert_eq!(standing(&floor.world, order).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_times_by_fifty_clients_is_once() {
    let sim = Sim::start().await;
    let carriers = ["SANTINH_GHN_URL", "SANTINH_GHTK_URL", "SANTINH_VIETTEL_POST_URL"];
    let floor = Floor::with(&carriers.map(|name| (name, sim.base.as_str())), false).await;
    let seller = has_contracts(&floor.world, &floor.shop).await;
    let mut told = Told::default();
    for service in ["sepay", "casso"] {
        let desk = desk_of(&floor.world, floor.shop.clone(), service).await;
        by_bank(&floor, &desk, service, &mut told).await;
    }
    for method in PaymentMethod::ONLINE {
        by_gateway(&floor, method, &mut told).await;
    }
    for carrier in ["ghn", "ghtk", "viettel_post"] {
        by_carrier(&floor, &sim, &seller, carrier, &mut told).await;
    }
    floor.world.run_jobs().await;
    let mut chance = StdRng::seed_from_u64(50);
    come_again(&floor, &told.requests, &mut chance).await;
    floor.world.adds_up().await;
    stand_as_told(&floor, &told).await;
    // All of it once more, after all is done: nothing grows.
    let before = floor.world.sizes().await;
    come_again(&floor, &told.requests, &mut chance).await;
    floor.world.adds_up().await;
    stand_as_told(&floor, &told).await;
    assert_eq!(floor.world.sizes().await, before);
    assert_eq!(floor.there.problems(), [""; 0]);
    for carrier in ["ghn", "ghtk", "viettel_post"] {
        assert_eq!(sim.booked(carrier).len(), 1, "{carrier}");
    }
}
