//! The Meilisearch adapter over the stand-in: what is its own, beside the contract.

use crate::{
    search_contract::{document, today},
    support::meilisearch::StandIn,
};
use santinh::search::{
    Group, IndexStore, Lexicon, MeilisearchStore, Query, SearchIndex, Setting, lexicon,
};
use std::sync::Arc;

const KEY: &str = "a-master-key";

fn store(server: &StandIn) -> MeilisearchStore {
    MeilisearchStore::new(&server.url, Some(KEY), "goods").unwrap()
}

async fn fresh() -> (StandIn, Arc<dyn SearchIndex>) {
    let server = StandIn::start(Some(KEY)).await;
    let index = store(&server).create().await.unwrap();
    (server, index)
}

fn asks(q: &str) -> Query {
    Query { q: q.into(), page: 1, ..Query::default() }
}

fn setting() -> Setting {
    Setting { today: today(), ..Setting::default() }
}

async fn total(index: &Arc<dyn SearchIndex>, q: &str) -> usize {
    index.find(&asks(q), &setting()).await.unwrap().total
}

#[tokio::test]
async fn an_index_is_built_beside_the_one_in_use_and_exchanged() {
    let server = StandIn::start(Some(KEY)).await;
    let store = store(&server);
    assert!(store.open().await.unwrap().is_none(), "there is none yet");
    let first = store.create().await.unwrap();
    first.apply(vec![document(1, "Gạo nếp")], 5).await.unwrap();
    assert!(store.open().await.unwrap().is_none(), "not before it is adopted");
    store.adopt().await.unwrap();
    assert_eq!(server.indexes(), ["goods"]);
    let live = store.open().await.unwrap().unwrap();
    assert_eq!((total(&live, "gạo").await, live.horizon().await.unwrap()), (1, Some(5)));

    let second = store.create().await.unwrap();
    second.apply(vec![document(2, "Gạo tẻ"), document(3, "Gạo lứt")], 9).await.unwrap();
    assert_eq!((total(&live, "gạo").await, total(&second, "gạo").await), (1, 2), "each its own");
    store.adopt().await.unwrap();
    assert_eq!(server.indexes(), ["goods"], "what was is removed");
    assert_eq!(
        (total(&live, "gạo").await, total(&second, "gạo").await),
        (2, 2),
        "both are the one in use"
    );
    first.apply(vec![document(4, "Gạo nương")], 10).await.unwrap();
    assert_eq!(total(&second, "gạo").await, 3);
    store.adopt().await.unwrap();
    assert_eq!(total(&live, "gạo").await, 3, "adopting again changes nothing");
}

#[tokio::test]
async fn what_an_interrupted_build_left_behind_is_removed() {
    let (server, left) = fresh().await;
    left.apply(vec![document(1, "Gạo nếp")], 5).await.unwrap();
    let store = store(&server);
    let next = store.create().await.unwrap();
    assert_eq!(server.indexes().len(), 1);
    assert_eq!(total(&next, "gạo").await, 0);
    let error = left.apply(vec![document(2, "Gạo tẻ")], 6).await.unwrap_err();
    assert!(error.to_string().contains("not found"), "{error}");
    assert_eq!(server.indexes().len(), 1, "nothing is written to an index that is gone");
    assert_eq!(left.horizon().await.unwrap(), None, "it has to be built");
}

#[tokio::test]
async fn a_failed_task_is_an_error_and_changes_nothing() {
    let (server, index) = fresh().await;
    index.apply(vec![document(1, "Gạo nếp")], 5).await.unwrap();
    server.fail_next_write();
    let error = index.apply(vec![document(2, "Gạo tẻ")], 6).await.unwrap_err();
    assert!(error.to_string().contains("disk is full"), "{error}");
    assert_eq!((total(&index, "gạo").await, index.horizon().await.unwrap()), (1, Some(5)));
    index.apply(vec![document(2, "Gạo tẻ")], 6).await.unwrap();
    assert_eq!(total(&index, "gạo").await, 2);
}

#[tokio::test]
async fn a_server_that_is_away_silent_or_closed_is_an_error_in_time() {
    let (server, index) = fresh().await;
    let wrong = MeilisearchStore::new(&server.url, Some("another-key"), "goods").unwrap();
    assert!(wrong.open().await.err().unwrap().to_string().contains("invalid"));
    let none = MeilisearchStore::new(&server.url, None, "goods").unwrap();
    assert!(none.create().await.err().unwrap().to_string().contains("Authorization"));
    let away = MeilisearchStore::new("http://127.0.0.1:9", Some(KEY), "goods").unwrap();
    assert!(away.open().await.is_err());
    for (url, key, name) in
        [("goods", "k", "goods"), (&server.url, "k\n", "goods"), (&server.url, "k", "a/b")]
    {
        assert!(MeilisearchStore::new(url, Some(key), name).is_err(), "{url} {key:?} {name}");
    }
    server.fall_silent();
    let started = std::time::Instant::now();
    assert!(index.find(&asks("gạo"), &setting()).await.is_err());
    assert!(index.horizon().await.is_err());
    assert!(started.elapsed().as_secs() < 8, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_first_page_takes_one_request_and_others_two() {
    let (server, index) = fresh().await;
    index.apply((1..=30).map(|n| document(n, "Gạo nếp")).collect(), 1).await.unwrap();
    for (page, requests) in [(1, 1), (2, 2), (9, 1)] {
        let before = server.requests();
        let query = Query { page, in_stock: true, bands: vec![2], ..asks("gạo") };
        assert_eq!(index.find(&query, &setting()).await.unwrap().total, 30);
        assert_eq!(server.requests() - before, requests, "page {page}");
    }
}

#[tokio::test]
async fn the_newest_of_a_batch_wins() {
    let (_server, index) = fresh().await;
    let mut both = vec![document(1, "Gạo nếp"), document(1, "Gạo tẻ")];
    both[0].version = 2;
    index.apply(both, 1).await.unwrap();
    assert_eq!((total(&index, "nếp").await, total(&index, "tẻ").await), (1, 0));
}

#[tokio::test]
async fn questions_are_answered_where_the_server_has_not_learnt_the_operators_words() {
    let server = StandIn::start(Some(KEY)).await;
    let store = store(&server);
    let index = store.create().await.unwrap();
    store.adopt().await.unwrap();
    index.apply(vec![document(1, "Heo quay"), document(2, "Thịt lợn")], 1).await.unwrap();
    let pork = Group { terms: vec!["heo".into(), "lợn".into()], is_one_way: false };
    index.learn(Arc::new(lexicon(&[pork], &[]))).await.unwrap();
    assert_eq!(total(&index, "heo").await, 2);
    for (q, first) in [("heo", 1), ("lợn", 2)] {
        let found = index.find(&asks(q), &setting()).await.unwrap();
        assert_eq!(found.ids[0], document(first, "").product, "{q}: what was typed comes first");
    }
    // Another process teaches the server other words.
    let other = store.open().await.unwrap().unwrap();
    other.learn(Arc::new(Lexicon::default())).await.unwrap();
    assert_eq!(total(&index, "heo").await, 1, "at least what was typed");
}
