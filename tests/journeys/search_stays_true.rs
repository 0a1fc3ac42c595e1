//! The index is a cache: whatever happens to it, what buyers find is what is on sale.

use super::market::{goods, stall};
use crate::support::{World, browser::Browser};
use reqwest::StatusCode;
use santinh::{
    kernel::day_of,
    search::{EmbeddedStore, Query, Search},
};

const CODES: [&str; 2] = ["3299491692", "3200771012"];

async fn finds(browser: &Browser, q: &str) -> serde_json::Value {
    let answer = browser.get(&format!("/api/v1/search?q={q}")).await.ok();
    serde_json::from_str(&answer.text).unwrap()
}

async fn names(browser: &Browser, q: &str) -> Vec<String> {
    let found = finds(browser, q).await;
    let items = found["items"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

/// Another process's search over the same database, with its index in a folder of its own.
fn another(world: &World) -> Search {
    let store = EmbeddedStore::new(Some(&world.var().join("another")));
    Search::new(world.db.clone(), world.app.places.clone(), Some(Box::new(store)))
}

async fn total(search: &Search, world: &World, q: &str) -> (usize, bool) {
    let query = Query { q: q.into(), ..Query::default() };
    let found = search.find(&query, day_of(world.cx().now)).await.unwrap();
    (found.total, found.plain)
}

#[tokio::test]
async fn an_index_is_opened_again_and_a_broken_one_is_built_anew() {
    let world = World::new().await;
    let shop = stall(&world, "Cà phê Khe Sanh", CODES[0], None).await;
    goods(&world, &shop, "Cà phê rang mộc", 90_000, 5).await;
    world.run_jobs().await;
    let first = another(&world);
    assert_eq!(total(&first, &world, "ca phe").await, (1, true), "PostgreSQL answers meanwhile");
    first.catch_up().await.unwrap();
    assert_eq!(total(&first, &world, "ca phee").await, (1, false), "the index forgives");
    drop(first);

    // What changed while nobody followed is taken over.
    goods(&world, &shop, "Cà phê chồn", 200_000, 5).await;
    santinh::search::scan(&world.db, &world.cx(), false, |_, _| {}).await.unwrap();
    let second = another(&world);
    second.catch_up().await.unwrap();
    assert_eq!(total(&second, &world, "ca phe").await, (2, false));
    drop(second);

    let shape = std::fs::read_dir(world.var().join("another")).unwrap().next().unwrap().unwrap();
    let current = std::fs::read_to_string(shape.path().join("current")).unwrap();
    std::fs::write(shape.path().join(current.trim()).join("meta.json"), "{ broken").unwrap();
    let third = another(&world);
    assert_eq!(total(&third, &world, "ca phe").await, (2, true));
    third.catch_up().await.unwrap();
    assert_eq!(total(&third, &world, "ca phee").await, (2, false));
    drop(third);

    std::fs::remove_dir_all(world.var().join("another")).unwrap();
    let fourth = another(&world);
    fourth.catch_up().await.unwrap();
    assert_eq!(total(&fourth, &world, "ca phee").await, (2, false));
}

#[tokio::test]
async fn the_index_is_built_beside_the_one_in_use_when_somebody_asks() {
    let world = World::new().await;
    let shop = stall(&world, "Cà phê Khe Sanh", CODES[0], None).await;
    goods(&world, &shop, "Cà phê rang mộc", 90_000, 5).await;
    world.run_jobs().await;
    let search = &world.app.search;
    assert!(!search.rebuild_if_asked(&world.cx()).await.unwrap(), "nobody asked");

    let asked = search.ask_for_rebuild(&world.cx()).await.unwrap();
    // Written while the new index is being made or after: not lost with the swap.
    goods(&world, &shop, "Cà phê chồn", 200_000, 5).await;
    santinh::search::scan(&world.db, &world.cx(), false, |_, _| {}).await.unwrap();
    assert!(search.rebuild_if_asked(&world.cx()).await.unwrap());
    let done = search.rebuild_asked(asked).await.unwrap().unwrap();
    assert!(done.finished_at.is_some() && done.error.is_none(), "{done:?}");
    assert!(!search.withdraw_rebuild(asked).await.unwrap(), "it was done");
    let buyer = world.browser();
    assert_eq!(names(&buyer, "ca+phe").await.len(), 2);
    goods(&world, &shop, "Cà phê phin giấy", 60_000, 5).await;
    world.run_jobs().await;
    assert_eq!(names(&buyer, "ca+phe").await.len(), 3, "it follows");
    let folders = std::fs::read_dir(world.var().join("search")).unwrap().flatten();
    let builds: usize = folders
        .map(|shape| {
            let entries = std::fs::read_dir(shape.path()).unwrap().flatten();
            entries.filter(|entry| entry.path().is_dir()).count()
        })
        .sum();
    assert_eq!(builds, 1, "the old one is gone");
}

#[tokio::test]
async fn what_the_index_has_otherwise_is_found_and_repaired() {
    let world = World::new().await;
    let shop = stall(&world, "Cà phê Khe Sanh", CODES[0], None).await;
    goods(&world, &shop, "Cà phê rang mộc", 90_000, 5).await;
    world.run_jobs().await;
    assert_eq!(world.app.search.sweep(&world.cx()).await.unwrap(), (1, 0));

    // Something that nobody heard of: as if a change had been lost.
    sqlx::query(
        "update search.documents set name = 'Trà gừng', version = version + 1, changed_by = '3'",
    )
    .execute(&world.db)
    .await
    .unwrap();
    world.app.search.catch_up().await.unwrap();
    assert_eq!(finds(&world.browser(), "tra+gung").await["total"], 0);
    assert_eq!(world.app.search.sweep(&world.cx()).await.unwrap(), (1, 1));
    assert_eq!(finds(&world.browser(), "tra+gung").await["total"], 1);
    assert_eq!(world.app.search.sweep(&world.cx()).await.unwrap(), (1, 0));
    let told: i64 = sqlx::query_scalar("select sum(drifted)::bigint from search.sweeps")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(told, 0, "the clock stands still, so the last sweep is the one kept");
}

#[tokio::test]
async fn programs_search_as_people_do() {
    let world = World::new().await;
    let shop = stall(&world, "Cà phê Khe Sanh", CODES[0], None).await;
    let other = stall(&world, "Chợ phiên", CODES[1], None).await;
    for name in ["Cà phê rang mộc", "Cà phê chồn", "Cà phê phin"] {
        goods(&world, &shop, name, 90_000, 5).await;
    }
    goods(&world, &other, "Cà phê sữa", 30_000, 0).await;
    world.run_jobs().await;
    let buyer = world.browser();
    let found = finds(&buyer, "ca+phe&limit=2").await;
    assert_eq!(found["items"].as_array().unwrap().len(), 2);
    assert_eq!((&found["total"], &found["reading"]), (&4.into(), &"as_typed".into()));
    let first = &found["items"][0];
    assert_eq!((&first["price"], &first["sku"]), (&90_000.into(), &first["name"]));
    let seller = other.seller.to_string();
    assert_eq!(found["facets"]["seller"][&seller], 1);
    assert_eq!(found["facets"]["in_stock"]["1"], 3);
    let narrowed = finds(&buyer, &format!("ca+phe&gh={seller}")).await;
    assert_eq!(narrowed["total"], 1);
    assert_eq!(narrowed["facets"]["seller"][&shop.seller.to_string()], 3, "its own choice aside");
    assert_eq!(finds(&buyer, "ca+phe&con=1").await["total"], 3);
    assert_eq!(finds(&buyer, "ca+phe&sl=10-50").await["facets"]["trade_quantity"]["10-50"], 4);
    let corrected = finds(&buyer, "ca+phe+chonn").await;
    assert_eq!(corrected["reading"], "corrected", "{corrected}");
    for odd in [
        "/api/v1/search?q=%FF%FE&limit=x",
        "/api/v1/search?limit=-5&trang=99999999999999999999",
        "/api/v1/search?q=a:b AND (c OR&gh=nobody&xa=%00&gia=none",
        "/api/v1/search?q=%E2%80%8B%00%01",
    ] {
        let answer = buyer.get(odd).await;
        assert!(
            answer.status == StatusCode::OK || answer.status == StatusCode::BAD_REQUEST,
            "{odd}"
        );
    }
    let long = format!("/api/v1/search?q={}", "ca%20phe%20".repeat(500));
    assert_eq!(buyer.get(&long).await.status, StatusCode::OK);
}
