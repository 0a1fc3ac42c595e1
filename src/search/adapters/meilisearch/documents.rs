//! How a document lies in the index.

use super::words::{Word, joined, keyed, spelt, words};
use crate::{
    kernel::Day,
    search::{BANDS, CERTIFICATES, Document, QUANTITIES, Quantity, ranking},
};
use chrono::Datelike;
use serde::{Deserialize, Serialize};

/// The entry that tells of the index itself; products have other ids.
pub(super) const ABOUT: &str = "about";
/// Lapses on no day.
const NEVER: i32 = 9_999_999;

/// What is kept of the index itself, in the index: it moves with the documents when indexes are swapped.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct About {
    id: String,
    version: i64,
    visible: bool,
    /// The settings under which the documents were indexed.
    pub(super) edition: String,
    pub(super) horizon: Option<i64>,
}

impl About {
    pub(super) fn new(edition: &str, horizon: Option<i64>) -> Self {
        Self { id: ABOUT.into(), version: 0, visible: false, edition: edition.into(), horizon }
    }
}

/// An id and its version, as they are read back.
#[derive(Debug, Deserialize)]
pub(super) struct Version {
    pub(super) id: String,
    pub(super) version: i64,
}

/// An entry of the index. One that is not visible leaves its version behind, so that an older one that
/// comes later is known as such.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    id: String,
    version: i64,
    visible: bool,
    #[serde(flatten)]
    facts: Option<Facts>,
}

/// What is searched, filtered, counted and ranked.
#[derive(Debug, Serialize)]
struct Facts {
    name: String,
    name_marked: String,
    category: String,
    category_marked: String,
    attributes: String,
    attributes_marked: String,
    description: String,
    codes: Vec<String>,
    /// The words of all but the description and the codes, in the form in which a slip is forgiven.
    slips: Vec<String>,
    /// The words of the name without their marks, and with them as [`Word::keyed`] writes them.
    marks: Vec<String>,
    /// Whole codes.
    code: Vec<String>,
    path: Vec<String>,
    seller: String,
    commune: String,
    certificates: Vec<String>,
    band: &'static str,
    quantity: Option<&'static str>,
    price: i64,
    in_stock: bool,
    lapses: i32,
    score: f64,
    told: i32,
    sold: i64,
    published: i64,
}

/// A day as a number.
pub(super) fn day_number(day: Day) -> i32 {
    day.num_days_from_ce()
}

/// A code as it is compared: letters and digits only.
pub(super) fn bare(code: &str) -> String {
    words(code).into_iter().map(|word| word.folded).collect()
}

impl Row {
    pub(super) fn of(document: &Document) -> Self {
        Self {
            id: document.product.0.to_string(),
            version: document.version,
            visible: document.visible,
            facts: document.visible.then(|| Facts::of(document)),
        }
    }
}

impl Facts {
    fn of(d: &Document) -> Self {
        let name = format!("{} . {}", d.name, d.name_en);
        let attributes = format!("{} . {} . {}", d.brand, d.seller_name, d.attributes);
        let (named, shelved, told) = (words(&name), words(&d.category_words), words(&attributes));
        let mut slips: Vec<String> =
            [&shelved, &told, &named].into_iter().flatten().map(Word::padded).collect();
        let mut marks: Vec<String> =
            named.iter().flat_map(|word| [word.folded.clone(), word.keyed()]).collect();
        for list in [&mut slips, &mut marks] {
            list.sort_unstable();
            list.dedup();
        }
        let band = BANDS.iter().rfind(|band| band.from <= d.price.0).unwrap_or(&BANDS[0]);
        let known = |kind: &&String| CERTIFICATES.iter().any(|certificate| certificate.0 == *kind);
        Self {
            name: joined(&named),
            name_marked: keyed(&named),
            category: joined(&shelved),
            category_marked: keyed(&shelved),
            attributes: joined(&told),
            attributes_marked: keyed(&told),
            description: spelt(&d.description),
            codes: d.codes.iter().map(|code| format!("{} {}", spelt(code), bare(code))).collect(),
            slips,
            marks,
            code: d.codes.iter().map(|code| bare(code)).collect(),
            path: d.category_path.clone(),
            seller: d.seller.to_string(),
            commune: d.commune_code.clone(),
            certificates: d.certificates.iter().filter(known).cloned().collect(),
            band: band.key,
            quantity: d.trade_quantity.map(|n| QUANTITIES[Quantity::of(n)].key),
            price: d.price.0,
            in_stock: d.in_stock,
            lapses: d.lapses_on.map_or(NEVER, day_number),
            score: score(d),
            told: day_number(d.stock_on),
            sold: d.sold_90_days,
            published: d.published_at.timestamp(),
        }
    }
}

/// By how much the facts of a product move it, in hundredths. It has to hold on every day and for every
/// reader, so neither the age of the stock's figure is in it (`told` decides among equals) nor the distance.
fn score(d: &Document) -> f64 {
    let facts = ranking::Facts {
        in_stock: d.in_stock,
        certified: d
            .certificates
            .iter()
            .any(|kind| CERTIFICATES.iter().any(|known| known.0 == kind)),
        stock_days: ranking::STALE_DAYS,
        sales: (d.sold_90_days.max(0) as f32).ln_1p(),
        near: 0.0,
    };
    f64::from((facts.factor() * 100.0).round())
}

impl Word {
    /// How [`Facts::marks`] holds the word: with its marks, if any were written.
    pub(super) fn mark(&self) -> String {
        if self.marked == self.folded { self.folded.clone() } else { self.keyed() }
    }
}
