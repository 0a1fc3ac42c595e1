//! Rules 5 and 6: filters, their counts, and pages.

use super::{asks, document, find, numbers, put, set, setting, shop, some};
use santinh::{
    kernel::{SellerId, Vnd},
    search::{Document, Place, Query, Reading, SearchIndex, Setting, Sort},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

/// Four jars of honey that differ in everything.
fn honey() -> [Document; 4] {
    let made = |n, commune: &str, price, kinds: &[&str], path: &[&str]| Document {
        commune_code: commune.into(),
        price: Vnd(price),
        certificates: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        category_path: path.iter().map(|slug| (*slug).to_owned()).collect(),
        ..document(n, "Mật ong")
    };
    [
        Document {
            trade_quantity: Some(5),
            ..made(1, "19429", 40_000, &["ocop3"], &["thuc-pham", "mat-ong"])
        },
        Document { seller: shop(2), ..made(2, "19429", 200_000, &[], &["thuc-pham", "mat-ong"]) },
        Document {
            trade_quantity: Some(60),
            seller: shop(2),
            ..made(3, "19432", 40_000, &["ocop3", "gi"], &["thuc-pham", "qua-tang"])
        },
        Document {
            in_stock: false,
            seller: shop(3),
            ..made(4, "19435", 60_000, &[], &["suc-khoe"])
        },
    ]
}

fn counts<K: Clone + Ord>(told: &[(K, u32)]) -> BTreeMap<K, u32> {
    told.iter().cloned().collect()
}

fn texts<const N: usize>(wanted: [(&str, u32); N]) -> BTreeMap<String, u32> {
    wanted.into_iter().map(|(key, n)| (key.to_owned(), n)).collect()
}

pub async fn rule_5_groups_narrow_each_other_and_not_themselves(index: &dyn SearchIndex) {
    put(index, honey()).await;
    let found = find(index, &Query { bands: vec![0], ..asks("mat ong") }).await;
    assert_eq!((found.total, found.facets.bands), (2, [2, 1, 1, 0, 0, 0]), "not by its own choice");
    assert_eq!(counts(&found.facets.communes), texts([("19429", 1), ("19432", 1)]));
    assert_eq!(counts(&found.facets.certificates), texts([("ocop3", 2), ("gi", 1)]));
    assert_eq!(
        counts(&found.facets.categories),
        texts([("thuc-pham", 2), ("mat-ong", 1), ("qua-tang", 1)])
    );
    assert_eq!(counts(&found.facets.sellers), [(shop(1), 1), (shop(2), 1)].into());
    assert_eq!((found.facets.business, found.facets.quantities), (2, [1, 0, 1, 0]));

    let both =
        Query { bands: vec![0, 1], communes: vec!["19429".into(), "19435".into()], ..asks("") };
    let found = find(index, &both).await;
    assert_eq!(
        numbers(&found).into_iter().collect::<BTreeSet<_>>(),
        some([1, 4]),
        "choices add up"
    );
    assert_eq!(counts(&found.facets.communes), texts([("19429", 1), ("19432", 1), ("19435", 1)]));
    assert_eq!(found.facets.bands[..3], [1, 1, 1]);
    assert_eq!((found.facets.in_stock, found.facets.business), (1, 1));

    let shops = Query { sellers: vec![shop(2)], in_stock: true, ..asks("mật") };
    let found = find(index, &shops).await;
    assert_eq!(numbers(&found).into_iter().collect::<BTreeSet<_>>(), some([2, 3]));
    assert_eq!(
        counts(&found.facets.sellers),
        [(shop(1), 1), (shop(2), 2)].into(),
        "all that are in stock"
    );
    assert_eq!(found.facets.in_stock, 2);

    let certified = Query { certificates: vec!["gi".into()], business: true, ..asks("") };
    let found = find(index, &certified).await;
    assert_eq!((found.total, found.facets.business, found.facets.quantities), (1, 1, [0, 0, 1, 0]));
    assert_eq!(
        counts(&found.facets.certificates),
        texts([("ocop3", 2), ("gi", 1)]),
        "those with trade prices"
    );

    let prices = Query { price_min: Some(50_000), in_stock: true, ..asks("") };
    let found = find(index, &prices).await;
    assert_eq!(
        (found.total, found.facets.bands[..3].to_vec()),
        (1, vec![2, 0, 1]),
        "bounds are of that group"
    );

    let nothing = Query { communes: vec!["19432".into()], bands: vec![2], ..asks("mat ong") };
    let found = find(index, &nothing).await;
    assert_eq!((found.total, found.reading), (0, Reading::AsTyped), "filters are not forgotten");
    assert_eq!(found.facets.bands[..3], [1, 0, 0]);
}

pub async fn rule_5_each_filter_narrows(index: &dyn SearchIndex) {
    put(index, honey()).await;
    let base = || asks("mật ong");
    for (query, wanted) in [
        (base(), some([1, 2, 3, 4])),
        (Query { category: Some("thuc-pham".into()), ..base() }, some([1, 2, 3])),
        (Query { category: Some("mat-ong".into()), ..base() }, some([1, 2])),
        (Query { category: Some("thuc".into()), ..base() }, some([])),
        (Query { category: Some("x' OR visible = true OR path = 'x".into()), ..base() }, some([])),
        (Query { communes: vec!["19432".into()], ..base() }, some([3])),
        (Query { price_min: Some(50_000), price_max: Some(60_000), ..base() }, some([4])),
        (Query { price_min: Some(200_000), ..base() }, some([2])),
        (Query { price_max: Some(40_000), ..base() }, some([1, 3])),
        (Query { certificates: vec!["ocop3".into(), "gi".into()], ..base() }, some([1, 3])),
        (Query { business: true, ..base() }, some([1, 3])),
        (Query { quantities: vec![2, 3], ..base() }, some([3])),
        (Query { seller: Some(shop(2)), ..base() }, some([2, 3])),
        (Query { sellers: vec![shop(1), shop(3)], ..base() }, some([1, 4])),
        (Query { in_stock: true, ..base() }, some([1, 2, 3])),
    ] {
        assert_eq!(set(index, &query).await, wanted, "{query:?}");
    }
    let except = |shops: &[SellerId]| {
        let place = Place { out_of_reach: shops.iter().copied().collect(), ..Place::default() };
        Setting { place: Some(Arc::new(place)), ..setting() }
    };
    let reach = except(&[shop(2)]);
    let near = || Query { near: Some("19429".into()), ..base() };
    let undecided = index.find(&near(), &reach).await.unwrap();
    assert_eq!((undecided.total, undecided.facets.delivered), (4, 2));
    let dear = Query { price_min: Some(50_000), ..near() };
    assert_eq!(index.find(&dear, &reach).await.unwrap().facets.delivered, 1);
    let brought = index.find(&Query { delivered: true, ..near() }, &reach).await.unwrap();
    assert_eq!(numbers(&brought).into_iter().collect::<BTreeSet<_>>(), some([1, 4]));
    assert_eq!((brought.total, brought.facets.delivered, brought.facets.in_stock), (2, 2, 1));
    let everywhere = index.find(&Query { delivered: true, ..near() }, &except(&[])).await.unwrap();
    assert_eq!((everywhere.total, everywhere.facets.delivered), (4, 4));
    let nowhere = except(&[shop(1), shop(2), shop(3)]);
    let nowhere = index.find(&Query { delivered: true, ..near() }, &nowhere).await.unwrap();
    assert_eq!((nowhere.total, nowhere.facets.delivered), (0, 0));
    let untold = find(index, &Query { delivered: true, ..base() }).await;
    assert_eq!((untold.total, untold.facets.delivered), (4, 0), "nobody told where he is");
}

pub async fn rule_6_pages_hold_everything_once(index: &dyn SearchIndex) {
    let rice = |n| {
        if n % 2 == 0 {
            document(n, "Gạo nếp nương")
        } else {
            document(n, "Gáo múc nước")
        }
    };
    let priced = |n: u128| Document { price: Vnd(1_000 * (1 + (n as i64 * 7) % 13)), ..rice(n) };
    put(index, (1..=60).map(priced)).await;
    for q in ["gạo", "gao", ""] {
        for ((sort, ..), length) in Sort::ALL.into_iter().flat_map(|sort| [(sort, 0), (sort, 7)]) {
            let mut seen = Vec::new();
            for page in 1.. {
                let query = Query { page, sort, length, ..asks(q) };
                let found = find(index, &query).await;
                assert_eq!(found.total, 60, "{q:?} {sort:?} {page}");
                assert!(found.ids.len() <= query.length());
                if found.ids.is_empty() {
                    break;
                }
                seen.extend(found.ids);
            }
            assert_eq!(seen.len(), 60, "{q:?} {sort:?}");
            assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 60, "{q:?} {sort:?}");
        }
    }
    let far = Query { page: 100_000, ..asks("gạo") };
    let found = find(index, &far).await;
    assert_eq!((found.ids.len(), found.total), (0, 60));
    assert_eq!(
        find(index, &Query { page: 0, ..asks("") }).await.ids.len(),
        24,
        "no page is the first"
    );
}

pub async fn rule_6_orders_are_kept_across_pages(index: &dyn SearchIndex) {
    let made = |n: u128| Document {
        price: Vnd(1_000 * ((n as i64 * 11) % 31)),
        sold_90_days: (n as i64 * 7) % 29,
        ..document(n, if n.is_multiple_of(2) { "Gạo nếp nương" } else { "Gáo múc nước" })
    };
    put(index, (1..=30).map(made)).await;
    let mut all: BTreeMap<&str, Vec<u128>> = BTreeMap::new();
    for (sort, key, ..) in Sort::ALL {
        for page in 1..=3 {
            let query = Query { page, sort, length: 10, ..asks("gạo") };
            all.entry(key).or_default().extend(numbers(&find(index, &query).await));
        }
    }
    let by = |key: fn(&Document) -> i64| {
        let mut numbers: Vec<u128> = (1..=30).collect();
        numbers.sort_by_key(|n| key(&made(*n)));
        numbers
    };
    assert_eq!(all["gia"], by(|d| d.price.0));
    assert_eq!(all["gia-giam"], by(|d| -d.price.0));
    assert_eq!(all["moi"], by(|d| -d.published_at.timestamp()));
    let sold: Vec<i64> = all["ban-chay"].iter().map(|n| -made(*n).sold_90_days).collect();
    assert!(sold.is_sorted(), "{sold:?}");
    let marked: Vec<bool> = all[""].iter().map(|n| n % 2 == 1).collect();
    assert!(marked.is_sorted(), "what has the marks comes first on every page: {:?}", all[""]);
}
