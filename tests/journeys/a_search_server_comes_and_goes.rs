//! The search index is on a server of its own: it serves, hangs, comes back, and is shared by processes.

use super::a_buyer_finds_goods::{indexed, product, shop};
use crate::support::{World, meilisearch::StandIn};
use santinh::{
    app::App,
    search::{Found, Query, Reading, Search},
};
use sqlx::postgres::PgConnectOptions;
use std::time::{Duration, Instant};

const KEY: &str = "a-master-key";

async fn start() -> (StandIn, World) {
    let server = StandIn::start(Some(KEY)).await;
    let settings =
        [("SANTINH_SEARCH", "meilisearch"), ("MEILI_URL", &*server.url), ("MEILI_KEY", KEY)];
    let world = World::with(&settings).await;
    (server, world)
}

async fn find(world: &World, search: &Search, q: &str) -> Found {
    let query = Query { q: q.into(), page: 1, ..Query::default() };
    search.find(&query, santinh::kernel::day_of(world.clock.now())).await.unwrap()
}

#[tokio::test]
async fn pages_and_the_api_answer_by_the_server() {
    let (server, world) = start().await;
    let floor = shop(&world, "suong-som").await;
    product(&world, &floor, "ca-phe-bot", "Cà phê Khe Sanh", 98_000, 5).await;
    product(&world, &floor, "gao-te", "Trà gừng", 50_000, 5).await;
    let buyer = world.browser();
    buyer.get("/tim").await.ok();
    assert!(!world.app.search.is_indexed());
    indexed(&world).await;
    assert!(world.app.search.is_indexed());
    assert_eq!(server.indexes(), ["santinh-products"]);
    let slip = find(&world, &world.app.search, "cà phê khe shanh").await;
    assert_eq!((slip.total, slip.plain), (1, false));
    assert!(matches!(slip.reading, Reading::Corrected { .. }), "{:?}", slip.reading);
    let before = server.requests();
    buyer.get("/tim?q=phe+ca").await.ok().shows("Cà phê Khe Sanh").lacks("Trà gừng");
    buyer.get("/tim?gia=50-100&sx=gia").await.ok().shows("Cà phê Khe Sanh").shows("Trà gừng");
    let answer = buyer.get("/api/v1/search?q=ca+phe&limit=1").await.ok().text;
    let api: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!((api["total"].as_i64(), api["items"][0]["price"].as_i64()), (Some(1), Some(98_000)));
    assert_eq!(server.requests() - before, 3, "one for each page");

    // A transaction that is older than what comes now, and does not end.
    let mut old = world.db.begin().await.unwrap();
    sqlx::query("select pg_current_xact_id()").execute(&mut *old).await.unwrap();
    product(&world, &floor, "ca-phe-bot", "Cà phê Hướng Hóa", 70_000, 5).await;
    indexed(&world).await;
    assert_eq!(find(&world, &world.app.search, "ca phe").await.total, 2, "it follows");
    assert_eq!(world.app.search.sweep(&world.cx()).await.unwrap(), (3, 0));
    world.app.search.rebuild(&|_, _| {}).await.unwrap();
    assert_eq!(server.indexes(), ["santinh-products"]);
    assert_eq!(find(&world, &world.app.search, "ca phe").await.total, 2);
}

#[tokio::test]
async fn nobody_waits_for_a_server_that_hangs() {
    let (server, world) = start().await;
    let floor = shop(&world, "suong-som").await;
    product(&world, &floor, "ca-phe-bot", "Cà phê Khe Sanh", 98_000, 5).await;
    indexed(&world).await;
    let search = &world.app.search;
    server.fall_silent();
    let started = Instant::now();
    let first = find(&world, search, "ca phe").await;
    assert_eq!((first.total, first.plain), (1, true), "PostgreSQL answers");
    assert!(started.elapsed() < Duration::from_millis(3_500), "{:?}", started.elapsed());

    let (asked, started) = (server.requests(), Instant::now());
    for q in ["phe", "ca", "khe sanh", "sanh"] {
        assert!(find(&world, search, q).await.plain, "{q}");
    }
    world.browser().get("/tim?q=khe").await.ok().shows("Cà phê Khe Sanh");
    assert_eq!(server.requests(), asked, "it is left alone");
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());

    assert!(search.catch_up().await.is_err());
    assert!(!search.is_indexed());
    server.speak();
    search.catch_up().await.unwrap();
    let again = find(&world, search, "ca phe").await;
    assert_eq!((again.total, again.plain), (1, false));
}

#[tokio::test]
async fn one_of_many_processes_writes_to_the_index() {
    let (server, world) = start().await;
    let floor = shop(&world, "suong-som").await;
    product(&world, &floor, "ca-phe-bot", "Cà phê Khe Sanh", 98_000, 5).await;
    santinh::search::scan(&world.db, &world.cx(), false, |_, _| {}).await.unwrap();
    let options: PgConnectOptions = world.database_url().parse().unwrap();
    let config = (*world.app.config).clone();
    let other = App::build(config, options, world.clock.clone()).await.unwrap();

    other.search.catch_up().await.unwrap();
    let (mine, its) = (&world.app.search, &other.search);
    let asked = server.requests();
    mine.catch_up().await.unwrap();
    assert!(server.requests() - asked < 6, "it only looks on");
    assert_eq!(find(&world, mine, "ca phe").await.total, 1);
    assert!(mine.rebuild(&|_, _| {}).await.is_err(), "the index is the other's to build");

    product(&world, &floor, "ca-phe-bot", "Cà phê Hướng Hóa", 70_000, 5).await;
    indexed(&world).await;
    assert_eq!(find(&world, mine, "ca phe").await.total, 1, "nor does it write");
    its.catch_up().await.unwrap();
    let before = mine.generation();
    assert_eq!(find(&world, mine, "ca phe").await.total, 2);
    mine.catch_up().await.unwrap();
    assert_ne!(mine.generation(), before, "pages that were kept are made anew");
    old.rollback().await.unwrap();

    // It ends; the next one takes over.
    drop(other);
    product(&world, &floor, "ca-phe-bot", "Cà phê Lao Bảo", 60_000, 5).await;
    let started = Instant::now();
    loop {
        indexed(&world).await;
        let found = find(&world, mine, "ca phe").await;
        if found.total == 3 && !found.plain {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(20));
    }
    assert_eq!(server.indexes(), ["santinh-products"], "the same one");
}
