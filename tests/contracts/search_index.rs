//! `search::SearchIndex` over documents that lie in a database too: what holds for every adapter, also for
//! PostgreSQL alone, which forgives nothing.

use crate::support::World;
use chrono::{DateTime, NaiveDate, Utc};
use santinh::{
    kernel::{Day, ProductId, SellerId, Vnd},
    search::{
        BANDS, Document, EmbeddedStore, IndexStore, Matches, PAGE, Plain, Query, Reading,
        SearchIndex, Setting, Sort,
    },
};
use std::{collections::HashSet, sync::Arc};
use uuid::Uuid;

struct Bench {
    world: World,
    index: Arc<dyn SearchIndex>,
}

fn today() -> Day {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

fn document(n: u128, name: &str) -> Document {
    let published: DateTime<Utc> = "2026-10-01T00:00:00Z".parse().unwrap();
    Document {
        product: ProductId(Uuid::from_u128((7 << 76) + n)),
        visible: true,
        lapses_on: None,
        name: name.into(),
        name_en: String::new(),
        seller: SellerId(Uuid::from_u128(1)),
        seller_name: "Minh".into(),
        commune_code: "19429".into(),
        category_path: vec!["nong-san".into()],
        brand: String::new(),
        version: 1,
        category_words: String::new(),
        codes: vec![format!("SKU-{n}")],
        price: Vnd(100_000),
        certificates: Vec::new(),
        attributes: String::new(),
        description: String::new(),
        trade_quantity: None,
        in_stock: true,
        stock_on: today(),
        sold_90_days: 0,
        published_at: published + chrono::TimeDelta::seconds(i64::try_from(n).unwrap()),
    }
}

fn asks(q: &str) -> Query {
    Query { q: q.into(), page: 1, ..Query::default() }
}

impl Bench {
    /// Puts documents where the adapter finds them.
    async fn put(&self, documents: &[Document]) {
        for d in documents {
            sqlx::query(
                "insert into search.documents (product_id, visible, lapses_on, name, name_en, slug, seller_id, seller_name,
                     seller_slug, commune_code, category_slug, category_path, category_words, brand, sku, codes, price,
                     several, unit, picture, certificates, attributes, description, trade_quantity, in_stock, stock_on,
                     sold_90_days, published_at, indexed_at)
                 values ($1,$2,$3,$4,$5,$1::text,$6,$7,'s',$8,$9[1],$9,$10,$11,$12[1],$12,$13,false,'gói','',$14,$15,$16,
                     $17,$18,$19,$20,$21,$21)
                 on conflict (product_id) do update set visible = excluded.visible, lapses_on = excluded.lapses_on,
                     name = excluded.name, price = excluded.price, in_stock = excluded.in_stock",
            )
            .bind(d.product.0).bind(d.visible).bind(d.lapses_on).bind(&d.name).bind(&d.name_en).bind(d.seller.0)
            .bind(&d.seller_name).bind(&d.commune_code).bind(&d.category_path).bind(&d.category_words)
            .bind(&d.brand).bind(&d.codes).bind(d.price.0).bind(&d.certificates).bind(&d.attributes)
            .bind(&d.description).bind(d.trade_quantity).bind(d.in_stock).bind(d.stock_on)
            .bind(d.sold_90_days).bind(d.published_at)
            .execute(&self.world.db).await.unwrap();
        }
        self.index.apply(documents.to_vec(), 1).await.unwrap();
    }

    async fn find(&self, query: &Query) -> Matches {
        let setting = Setting { today: today(), ..Setting::default() };
        self.index.find(query, &setting).await.unwrap()
    }

    /// The numbers of the documents found, in their order.
    async fn numbers(&self, query: &Query) -> Vec<u128> {
        let number = |id: &ProductId| id.0.as_u128() - (7 << 76);
        self.find(query).await.ids.iter().map(number).collect()
    }
}

/// Each promise for each adapter.
async fn adapters() -> Vec<Bench> {
    let (first, second) = (World::new().await, World::new().await);
    let plain = Plain::new(second.db.clone());
    vec![
        Bench { world: first, index: EmbeddedStore::new(None).create().await.unwrap() },
        Bench { world: second, index: Arc::new(plain) },
    ]
}

#[tokio::test]
async fn words_are_found_without_marks_and_begun() {
    for bench in adapters().await {
        bench
            .put(&[
                document(1, "Đèn bàn học"),
                document(2, "Đồng hồ bán chạy"),
                document(3, "Cà phê Khe Sanh"),
            ])
            .await;
        for (q, found) in [
            ("ca phe", vec![3]),
            ("SANH KHE phê", vec![3]),
            ("khe sa", vec![3]),
            ("dong ho", vec![2]),
        ] {
            assert_eq!(bench.numbers(&asks(q)).await, found, "{q}");
        }
        let more = bench.find(&asks("ca phe den")).await;
        assert!(
            more.ids.is_empty() || more.reading == Reading::MostWords,
            "all words must be there"
        );
        assert_eq!(bench.find(&asks("ban")).await.total, 2);
    }
}

#[tokio::test]
async fn the_index_ranks_the_marks_typed_first_and_forgives() {
    let bench = adapters().await.remove(0);
    bench
        .put(&[
            document(1, "Đèn bàn học"),
            document(2, "Đồng hồ bán chạy"),
            document(3, "Điện thoại"),
        ])
        .await;
    assert_eq!(bench.numbers(&asks("bàn")).await, [1, 2]);
    assert_eq!(bench.numbers(&asks("bán")).await, [2, 1]);
    assert_eq!(bench.numbers(&asks("dien thaoi")).await, [3]);
    assert_eq!(bench.numbers(&asks("sku-2")).await[0], 2);
}

#[tokio::test]
async fn what_one_listing_writes_together_is_still_two_words() {
    let bench = adapters().await.remove(0);
    let mut goods: Vec<Document> = (1..=12).map(|n| document(n, "Cà phê rang mộc")).collect();
    goods.push(Document { description: "máy pha caphe".into(), ..document(13, "Máy pha") });
    bench.put(&goods).await;
    assert_eq!(bench.find(&asks("caphe")).await.total, 13);
    assert_eq!(bench.find(&asks("may pha")).await.total, 1);
}

#[tokio::test]
async fn hidden_and_lapsed_documents_are_neither_found_nor_counted() {
    for bench in adapters().await {
        let hidden = Document { visible: false, ..document(1, "Chè vằng") };
        let lapsed = Document { lapses_on: Some(today()), ..document(2, "Chè vằng") };
        let soon = Document { lapses_on: today().succ_opt(), ..document(3, "Chè vằng") };
        bench.put(&[hidden, lapsed, soon]).await;
        let found = bench.find(&asks("che vang")).await;
        assert_eq!((found.ids.len(), found.total), (1, 1));
        assert_eq!(found.facets.communes, [("19429".to_owned(), 1)]);
    }
}

#[tokio::test]
async fn applying_again_replaces() {
    for bench in adapters().await {
        bench.put(&[document(1, "Tiêu Cùa")]).await;
        bench.put(&[document(1, "Tiêu sọ")]).await;
        assert_eq!(bench.find(&asks("tieu")).await.total, 1);
        let exactly = Query { exactly: true, ..asks("cua") };
        assert!(bench.numbers(&exactly).await.is_empty());
        bench.put(&[Document { visible: false, ..document(1, "Tiêu sọ") }]).await;
        assert!(bench.numbers(&asks("tieu")).await.is_empty());
    }
}

#[tokio::test]
async fn groups_narrow_each_other_and_not_themselves() {
    for bench in adapters().await {
        let make = |n, commune: &str, price, kinds: &[&str]| Document {
            commune_code: commune.into(),
            price: Vnd(price),
            certificates: kinds.iter().map(|k| (*k).to_owned()).collect(),
            in_stock: n != 4,
            ..document(n, "Mật ong")
        };
        bench
            .put(&[
                make(1, "19429", 40_000, &["ocop3"]),
                make(2, "19429", 200_000, &[]),
                make(3, "19432", 40_000, &["ocop3", "gi"]),
                make(4, "19435", 60_000, &[]),
            ])
            .await;
        let cheap = Query { bands: vec![0], ..asks("mat ong") };
        let found = bench.find(&cheap).await;
        assert_eq!(found.total, 2);
        assert_eq!(found.facets.bands[..3], [2, 1, 1], "its own choice does not narrow a group");
        assert_eq!(found.facets.communes, [("19429".to_owned(), 1), ("19432".to_owned(), 1)]);
        let both =
            Query { bands: vec![0, 1], communes: vec!["19429".into(), "19435".into()], ..asks("") };
        let mut numbers = bench.numbers(&both).await;
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 4]);
        let found = bench.find(&both).await;
        assert_eq!(found.facets.in_stock, 1);
        assert_eq!(found.facets.communes.len(), 3);
        let certified = Query { certificates: vec!["gi".into()], ..asks("") };
        assert_eq!(bench.numbers(&certified).await, [3]);
        let dear = Query { price_min: Some(50_000), price_max: Some(60_000), ..asks("") };
        assert_eq!(bench.numbers(&dear).await, [4]);
    }
}

#[tokio::test]
async fn pages_hold_everything_once_in_every_order() {
    for bench in adapters().await {
        let documents: Vec<Document> = (1..=60)
            .map(|n| Document {
                price: Vnd(1_000 * (1 + (n as i64 * 7) % 13)),
                ..document(n, "Gạo nếp")
            })
            .collect();
        bench.put(&documents).await;
        for (sort, ..) in Sort::ALL {
            let mut seen = Vec::new();
            for page in 1..=4 {
                let query = Query { page, sort, ..asks("gao") };
                let found = bench.find(&query).await;
                assert_eq!(found.total, 60);
                assert!(found.ids.len() <= PAGE);
                seen.extend(found.ids);
            }
            assert_eq!(seen.len(), 60, "{sort:?}");
            assert_eq!(seen.iter().collect::<HashSet<_>>().len(), 60, "{sort:?}");
        }
        let newest = bench.numbers(&Query { sort: Sort::Newest, ..asks("") }).await;
        assert_eq!(newest[..3], [60, 59, 58]);
    }
}

#[tokio::test]
async fn whatever_is_typed_is_answered() {
    for bench in adapters().await {
        bench.put(&[document(1, "Nước mắm")]).await;
        for q in [
            "",
            "…!?",
            "'; drop table x; --",
            "a & | ! ( ) :*",
            "\u{301}\u{301}",
            &"x".repeat(10_000),
            &"a ".repeat(5_000),
        ] {
            bench.find(&asks(q)).await;
        }
        assert_eq!(bench.find(&asks("!!")).await.total, 1, "no words ask for everything");
        let far = Query { page: 100_000, ..asks("") };
        assert!(bench.find(&far).await.ids.is_empty());
        assert_eq!(bench.find(&asks("")).await.facets.bands.len(), BANDS.len());
    }
}
