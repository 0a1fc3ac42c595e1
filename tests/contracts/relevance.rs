//! How right the embedded index is over the demo catalogue, in each spelling; see `tests/relevance`.

use santinh::{
    kernel::{ProductId, SellerId, Vnd},
    platform::reference::rows,
    search::{Document, EmbeddedStore, Group, IndexStore, Query, Setting, lexicon},
};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use uuid::Uuid;

#[derive(Deserialize)]
struct Goods {
    firm: String,
    sku: String,
    category: String,
    name: String,
    description: String,
    state: String,
    name_en: String,
}

#[derive(Deserialize)]
struct Category {
    slug: String,
    name_vi: String,
    name_en: String,
}

#[derive(Deserialize)]
struct Words {
    terms: String,
    kind: String,
}

#[derive(Deserialize)]
struct StopWord {
    word: String,
}

#[derive(Deserialize)]
struct Asked {
    query_id: String,
    variant: String,
    query: String,
}

#[derive(Deserialize)]
struct Grade {
    query_id: String,
    product_id: String,
}

fn documents() -> Vec<Document> {
    let categories: Vec<Category> = rows(include_str!("../../data/categories.csv")).unwrap();
    let names: HashMap<String, Category> =
        categories.into_iter().map(|category| (category.slug.clone(), category)).collect();
    let goods: Vec<Goods> = rows(include_str!("../../data/demo/products.csv")).unwrap();
    let published = goods.into_iter().filter(|goods| goods.state == "published").enumerate();
    let document = |(n, goods): (usize, Goods)| {
        let words = names.get(&goods.category).map(|c| format!("{} ; {}", c.name_vi, c.name_en));
        Document {
            product: ProductId(Uuid::from_u128((9 << 76) + n as u128)),
            version: 1,
            visible: true,
            lapses_on: None,
            name: goods.name,
            name_en: goods.name_en,
            seller: SellerId(Uuid::from_u128(1)),
            seller_name: goods.firm,
            commune_code: "19429".into(),
            category_path: vec![goods.category],
            category_words: words.unwrap_or_default(),
            brand: String::new(),
            codes: vec![goods.sku],
            price: Vnd(50_000),
            certificates: Vec::new(),
            attributes: String::new(),
            description: goods.description,
            trade_quantity: None,
            in_stock: true,
            stock_on: chrono::NaiveDate::default(),
            sold_90_days: 0,
            published_at: chrono::DateTime::UNIX_EPOCH,
        }
    };
    published.map(document).collect()
}

#[tokio::test]
async fn what_is_looked_for_is_among_the_first_three_in_every_spelling() {
    let documents = documents();
    let codes: HashMap<ProductId, String> =
        documents.iter().map(|document| (document.product, document.codes[0].clone())).collect();
    let index = EmbeddedStore::new(None).create().await.unwrap();
    index.apply(documents, 1).await.unwrap();
    let groups: Vec<Words> = rows(include_str!("../../data/synonyms.csv")).unwrap();
    let groups: Vec<Group> = groups
        .into_iter()
        .map(|row| Group {
            terms: row.terms.split(';').map(str::to_owned).collect(),
            is_one_way: row.kind == "one-way",
        })
        .collect();
    let stop_words: Vec<StopWord> = rows(include_str!("../../data/stopwords.csv")).unwrap();
    let stop_words: Vec<String> = stop_words.into_iter().map(|row| row.word).collect();
    index.learn(Arc::new(lexicon(&groups, &stop_words))).await.unwrap();

    let grades: Vec<Grade> = rows(include_str!("../relevance/qrels.csv")).unwrap();
    let queries: Vec<Asked> = rows(include_str!("../relevance/queries.csv")).unwrap();
    let mut sums: BTreeMap<String, (f64, f64, Vec<String>)> = BTreeMap::new();
    for asked in &queries {
        let query = Query { q: asked.query.clone(), ..Query::default() };
        let found = index.find(&query, &Setting::default()).await.unwrap();
        let is_right = |id: &ProductId| {
            grades.iter().any(|g| g.query_id == asked.query_id && g.product_id == codes[id])
        };
        let sum = sums.entry(asked.variant.clone()).or_default();
        sum.0 += 1.0;
        if found.ids.iter().take(3).any(is_right) {
            sum.1 += 1.0;
        } else {
            sum.2.push(asked.query.clone());
        }
    }
    for (variant, least) in [
        ("accented", 0.95),
        ("unaccented", 0.93),
        ("telex_raw", 0.93),
        ("typo_accented", 0.85),
        ("typo_unaccented", 0.85),
    ] {
        let (all, right, wrong) = &sums[variant];
        assert!(right / all >= least, "{variant}: {right} of {all}; not found: {wrong:?}");
    }
}
