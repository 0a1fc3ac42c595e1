//! Listings as documents, straight from tables.

use santinh::{
    kernel::{ProductId, SellerId, Vnd, fold},
    platform::spreadsheet::Table,
    search::{Document, Group, Lexicon, SearchIndex},
};
use std::{collections::HashMap, path::Path};
use uuid::Uuid;

const BATCH: usize = 10_000;

/// The fields that matter here, and what tables call them.
const FIELDS: [(&str, &[&str]); 7] = [
    ("id", &["product_id", "ocop_id", "sku", "id"]),
    ("name", &["name", "ten", "title"]),
    ("price", &["price_vnd", "price", "gia"]),
    ("category", &["category_path", "category", "nganh_hang"]),
    ("brand", &["brand", "thuong_hieu"]),
    ("seller", &["seller", "producer", "firm"]),
    ("description", &["description", "mo_ta"]),
];

fn id(text: &str) -> Uuid {
    Uuid::from_u128(text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    }))
}

/// The listings of these tables (comma between), or the demo's; rows of one id complete each other.
pub fn read(tables: Option<&str>) -> anyhow::Result<Vec<Document>> {
    let mut rows: HashMap<String, HashMap<&str, String>> = HashMap::new();
    let mut order = Vec::new();
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/data/demo/products.csv");
    for path in tables.unwrap_or(demo).split(',') {
        let table = Table::open(Path::new(path.trim()))?;
        let header: Vec<String> = table.header.iter().map(|cell| fold(cell.trim())).collect();
        let column =
            |names: &[&str]| names.iter().find_map(|name| header.iter().position(|h| h == name));
        let columns = FIELDS.map(|(field, names)| (field, column(names)));
        for line in table {
            let line = line?;
            let cell = |at: Option<usize>| at.and_then(|at| line.get(at)).map_or("", |c| c.trim());
            let key = cell(columns[0].1).to_owned();
            if key.is_empty() {
                continue;
            }
            if !rows.contains_key(&key) {
                order.push(key.clone());
            }
            let row = rows.entry(key).or_default();
            for (field, at) in columns {
                if !cell(at).is_empty() {
                    row.insert(field, cell(at).to_owned());
                }
            }
        }
    }
    Ok(order.iter().filter_map(|key| document(key, &rows[key])).collect())
}

fn document(key: &str, row: &HashMap<&str, String>) -> Option<Document> {
    let text = |field| row.get(field).cloned().unwrap_or_default();
    let name = text("name");
    if name.is_empty() {
        return None;
    }
    let place = text("category");
    let slug = |step: &str| fold(step.trim()).replace([' ', '/'], "-");
    let own = id(key);
    let number = own.as_u128();
    let digits: String = text("price").chars().filter(char::is_ascii_digit).take(12).collect();
    let today = chrono::NaiveDate::default();
    Some(Document {
        product: ProductId(own),
        version: 1,
        visible: true,
        lapses_on: None,
        name,
        name_en: String::new(),
        seller: SellerId(id(&text("seller"))),
        seller_name: text("seller"),
        commune_code: format!("{:05}", number % 78),
        category_path: place.split('>').map(slug).collect(),
        category_words: place.rsplit('>').next().unwrap_or_default().trim().to_owned(),
        brand: text("brand"),
        codes: vec![key.to_owned()],
        price: Vnd(digits.parse().unwrap_or(100_000)),
        certificates: Vec::new(),
        attributes: String::new(),
        description: text("description"),
        trade_quantity: number.is_multiple_of(3).then_some((number % 90) as i64 + 1),
        in_stock: !number.is_multiple_of(17),
        stock_on: today,
        sold_90_days: (number % 50) as i64,
        published_at: chrono::DateTime::from_timestamp((number % 1_000_000_000) as i64, 0)?,
    })
}

/// So many listings: those given, again and again under other ids and of other shops.
pub fn repeated(given: &[Document], count: usize) -> impl Iterator<Item = Document> {
    (0..count).map(move |n| {
        let mut document = given[n % given.len()].clone();
        if n >= given.len() {
            let sku = format!("BENCH-{n}");
            document.product = ProductId(id(&sku));
            document.codes = vec![sku];
            document.seller = SellerId(id(&format!("shop {}", n % 3_000)));
            document.commune_code = format!("{:05}", n % 78);
        }
        document
    })
}

pub async fn apply(
    index: &dyn SearchIndex,
    documents: impl Iterator<Item = Document>,
) -> anyhow::Result<()> {
    let mut batch = Vec::with_capacity(BATCH);
    for document in documents {
        batch.push(document);
        if batch.len() == BATCH {
            index.apply(std::mem::take(&mut batch), 1).await?;
        }
    }
    Ok(index.apply(batch, 1).await?)
}

/// The shipped words.
pub fn lexicon() -> anyhow::Result<Lexicon> {
    #[derive(serde::Deserialize)]
    struct Row {
        terms: String,
        kind: String,
    }
    #[derive(serde::Deserialize)]
    struct Word {
        word: String,
    }
    let groups: Vec<Row> =
        santinh::platform::reference::rows(include_str!("../../data/synonyms.csv"))?;
    let words: Vec<Word> =
        santinh::platform::reference::rows(include_str!("../../data/stopwords.csv"))?;
    let groups: Vec<Group> = groups
        .into_iter()
        .map(|row| Group {
            terms: row.terms.split(';').map(str::to_owned).collect(),
            is_one_way: row.kind == "one-way",
        })
        .collect();
    let words: Vec<String> = words.into_iter().map(|row| row.word).collect();
    Ok(santinh::search::lexicon(&groups, &words))
}
