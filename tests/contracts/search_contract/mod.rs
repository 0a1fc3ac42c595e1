//! What every adapter of `search::SearchIndex` is held to: one function for each rule of its documentation.
//!
//! Each takes an empty index and fills it itself. Nothing here knows an engine: where engines may differ,
//! in how far they go beyond a rule, nothing is said.

mod filters;
mod readings;
mod words;

use crate::support::meilisearch::StandIn;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use santinh::{
    kernel::{Day, ProductId, SellerId, Vnd},
    search::{
        Document, EmbeddedStore, IndexStore, Matches, MeilisearchStore, Query, SearchIndex, Setting,
    },
};
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;

/// A test for each rule, against the index that `$make` gives: a pair of whatever must outlive it, and it; `None`:
/// there is none here.
macro_rules! rules {
    ($adapter:ident, $make:expr, $($part:ident::$rule:ident),* $(,)?) => {
        mod $adapter {
            use super::*;
            $(
                #[tokio::test]
                async fn $rule() {
                    if let Some((_held, index)) = $make.await {
                        $part::$rule(&*index).await;
                    }
                }
            )*
        }
    };
}

macro_rules! contract {
    ($adapter:ident, $make:expr) => {
        rules!(
            $adapter,
            $make,
            words::rule_1_words_are_found_without_their_marks,
            words::rule_1_the_marks_typed_rank_first,
            words::rule_2_the_beginning_of_the_last_word_is_enough,
            words::rule_3_hidden_and_lapsed_are_neither_found_nor_counted,
            words::rule_4_applying_replaces_and_versions_only_grow,
            filters::rule_5_groups_narrow_each_other_and_not_themselves,
            filters::rule_5_each_filter_narrows,
            filters::rule_6_pages_hold_everything_once,
            filters::rule_6_orders_are_kept_across_pages,
            readings::rule_7_whatever_is_typed_is_answered,
            readings::rule_8_slips_are_forgiven_and_told,
            readings::rule_8_the_operators_words_are_known,
            readings::rule_9_fields_rank_in_their_order,
        );
    };
}

type Made<T> = Option<(T, Arc<dyn SearchIndex>)>;

async fn embedded() -> Made<()> {
    Some(((), EmbeddedStore::new(None).create().await.unwrap()))
}

async fn on_the_stand_in() -> Made<StandIn> {
    let server = StandIn::start(None).await;
    let store = MeilisearchStore::new(&server.url, None, "goods").unwrap();
    let index = store.create().await.unwrap();
    Some((server, index))
}

/// Where `MEILI_URL` names a server (and `MEILI_KEY` its key).
async fn on_a_real_server() -> Made<MeilisearchStore> {
    let url = std::env::var("MEILI_URL").ok().filter(|url| !url.is_empty())?;
    let key = std::env::var("MEILI_KEY").ok();
    let name = format!("santinh-contract-{}", Uuid::new_v4().simple());
    let store = MeilisearchStore::new(&url, key.as_deref(), &name).unwrap();
    let index = store.create().await.unwrap();
    Some((store, index))
}

contract!(embedded, embedded());
contract!(meilisearch, on_the_stand_in());
contract!(real_meilisearch, on_a_real_server());

/// The day of all questions, unless they say otherwise.
pub fn today() -> Day {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

fn setting() -> Setting {
    Setting { today: today(), ..Setting::default() }
}

fn shop(n: u128) -> SellerId {
    SellerId(Uuid::from_u128((9 << 76) + n))
}

/// Product `n`, published `n` seconds after the first.
pub fn document(n: u128, name: &str) -> Document {
    let published: DateTime<Utc> = "2026-10-01T00:00:00Z".parse().unwrap();
    Document {
        product: ProductId(Uuid::from_u128((7 << 76) + n)),
        version: 1,
        visible: true,
        lapses_on: None,
        name: name.into(),
        name_en: String::new(),
        seller: shop(1),
        seller_name: "Hộ Minh".into(),
        commune_code: "19429".into(),
        category_path: vec!["hang-hoa".into()],
        category_words: String::new(),
        brand: String::new(),
        codes: vec![format!("HH-{n:04}")],
        price: Vnd(100_000),
        certificates: Vec::new(),
        attributes: String::new(),
        description: String::new(),
        trade_quantity: None,
        in_stock: true,
        stock_on: NaiveDate::from_ymd_opt(2026, 11, 1).unwrap(),
        sold_90_days: 0,
        published_at: published + TimeDelta::seconds(i64::try_from(n).unwrap()),
    }
}

fn asks(q: &str) -> Query {
    Query { q: q.into(), page: 1, ..Query::default() }
}

async fn put(index: &dyn SearchIndex, documents: impl IntoIterator<Item = Document>) {
    index.apply(documents.into_iter().collect(), 1).await.unwrap();
}

async fn named(index: &dyn SearchIndex, names: &[&str]) {
    put(index, names.iter().zip(1..).map(|(name, n)| document(n, name))).await;
}

async fn find(index: &dyn SearchIndex, query: &Query) -> Matches {
    index.find(query, &setting()).await.unwrap()
}

fn number(id: ProductId) -> u128 {
    id.0.as_u128() - (7 << 76)
}

fn numbers(found: &Matches) -> Vec<u128> {
    found.ids.iter().copied().map(number).collect()
}

/// The numbers of what is found, in order.
async fn found(index: &dyn SearchIndex, q: &str) -> Vec<u128> {
    numbers(&find(index, &asks(q)).await)
}

/// The same without their order, and counted rightly.
async fn set(index: &dyn SearchIndex, query: &Query) -> BTreeSet<u128> {
    let found = find(index, query).await;
    assert_eq!(found.total, found.ids.len(), "{query:?}");
    numbers(&found).into_iter().collect()
}

fn some<const N: usize>(numbers: [u128; N]) -> BTreeSet<u128> {
    numbers.into()
}
