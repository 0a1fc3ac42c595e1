//! Questions and answers of a search. Pure.

use crate::kernel::{Day, Lang, ProductId, SellerId, Vnd};
use chrono::{DateTime, Utc};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Results on one page, where the question does not say.
pub const PAGE: usize = 24;
/// Most results in one answer.
pub const LONGEST_PAGE: usize = 100;

/// A range of prices, lower end included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// As in the address.
    pub key: &'static str,
    pub from: i64,
    pub below: i64,
}

/// The ranges offered as filters.
pub const BANDS: [Band; 6] = [
    Band { key: "duoi-50", from: 0, below: 50_000 },
    Band { key: "50-100", from: 50_000, below: 100_000 },
    Band { key: "100-300", from: 100_000, below: 300_000 },
    Band { key: "300-1000", from: 300_000, below: 1_000_000 },
    Band { key: "1000-10000", from: 1_000_000, below: 10_000_000 },
    Band { key: "tren-10000", from: 10_000_000, below: i64::MAX },
];

impl Band {
    /// `100.000 ₫ – 300.000 ₫`.
    #[must_use]
    pub fn shown(&self, lang: Lang) -> String {
        match (self.from, self.below) {
            (0, below) => format!("{} {}", lang.t("Dưới", "Below"), Vnd(below)),
            (from, i64::MAX) => format!("{} {}", lang.t("Từ", "From"), Vnd(from)),
            (from, below) => format!("{} – {}", Vnd(from), Vnd(below)),
        }
    }
}

/// A range of least quantities in trade, lower end included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// As in the address.
    pub key: &'static str,
    pub from: i64,
    pub below: i64,
}

/// The ranges offered to firms: how many of a thing have to be taken for its first price in trade.
pub const QUANTITIES: [Quantity; 4] = [
    Quantity { key: "duoi-10", from: 0, below: 10 },
    Quantity { key: "10-50", from: 10, below: 50 },
    Quantity { key: "50-200", from: 50, below: 200 },
    Quantity { key: "tren-200", from: 200, below: i64::MAX },
];

impl Quantity {
    /// Which of [`QUANTITIES`] holds `quantity`.
    #[must_use]
    pub fn of(quantity: i64) -> usize {
        QUANTITIES.iter().rposition(|range| range.from <= quantity).unwrap_or_default()
    }

    /// `từ 10 đến 49`.
    #[must_use]
    pub fn shown(&self, lang: Lang) -> String {
        match (self.from, self.below) {
            (0, below) => format!("{} {below}", lang.t("Dưới", "Below")),
            (from, i64::MAX) => format!("{} {from}", lang.t("Từ", "From")),
            (from, below) => format!("{from} – {}", below - 1),
        }
    }
}

/// Certificates worth a badge and a filter: kind, words.
pub const CERTIFICATES: [(&str, &str, &str); 11] = [
    ("ocop5", "OCOP 5 sao", "OCOP 5 stars"),
    ("ocop4", "OCOP 4 sao", "OCOP 4 stars"),
    ("ocop3", "OCOP 3 sao", "OCOP 3 stars"),
    ("gi", "Chỉ dẫn địa lý", "Geographical indication"),
    ("collective-mark", "Nhãn hiệu tập thể", "Collective mark"),
    ("organic", "Hữu cơ", "Organic"),
    ("vietgap", "VietGAP", "VietGAP"),
    ("globalgap", "GlobalGAP", "GlobalGAP"),
    ("craft-village", "Làng nghề", "Craft village"),
    ("rural-industrial-product", "Công nghiệp nông thôn tiêu biểu", "Typical rural product"),
    ("halal", "Halal", "Halal"),
];

/// The words of a certificate's badge, if it has one.
#[must_use]
pub fn certificate(kind: &str, lang: Lang) -> Option<&'static str> {
    CERTIFICATES.iter().find(|c| c.0 == kind).map(|c| lang.t(c.1, c.2))
}

/// In which order results come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sort {
    #[default]
    Relevance,
    PriceUp,
    PriceDown,
    Newest,
    BestSelling,
}

impl Sort {
    /// All of them: as in the address, and in words.
    pub const ALL: [(Self, &'static str, &'static str, &'static str); 5] = [
        (Self::Relevance, "", "Phù hợp nhất", "Best match"),
        (Self::Newest, "moi", "Mới nhất", "Newest"),
        (Self::BestSelling, "ban-chay", "Bán chạy", "Best selling"),
        (Self::PriceUp, "gia", "Giá tăng dần", "Price: low to high"),
        (Self::PriceDown, "gia-giam", "Giá giảm dần", "Price: high to low"),
    ];

    /// The sort of an address; relevance where it is not known.
    #[must_use]
    pub fn of(key: &str) -> Self {
        Self::ALL.iter().find(|s| s.1 == key).map_or_else(Self::default, |s| s.0)
    }

    /// As in the address.
    #[must_use]
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|s| s.0 == self).map_or("", |s| s.1)
    }
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Query {
    /// What was typed.
    pub q: String,
    /// Nothing but what was typed: no slip is put right, no word left out.
    pub exactly: bool,
    /// A category's slug; what is below it counts too.
    pub category: Option<String>,
    /// Any of these communes.
    pub communes: Vec<String>,
    /// Any of these [`BANDS`].
    pub bands: Vec<usize>,
    pub price_min: Option<i64>,
    pub price_max: Option<i64>,
    /// Any of these kinds.
    pub certificates: Vec<String>,
    /// With prices for firms.
    pub business: bool,
    /// Any of these [`QUANTITIES`].
    pub quantities: Vec<usize>,
    /// In one shop: a scope, not a filter.
    pub seller: Option<SellerId>,
    /// Any of these shops.
    pub sellers: Vec<SellerId>,
    pub in_stock: bool,
    /// The reader's commune: what is near comes a little earlier.
    pub near: Option<String>,
    /// Only what is brought to the reader's commune.
    pub delivered: bool,
    pub sort: Sort,
    /// From 1.
    pub page: usize,
    /// Results on a page; 0: [`PAGE`].
    pub length: usize,
}

impl Query {
    /// Results on a page.
    #[must_use]
    pub fn length(&self) -> usize {
        if self.length == 0 { PAGE } else { self.length.min(LONGEST_PAGE) }
    }

    /// How many results come before this page.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.page.saturating_sub(1).saturating_mul(self.length())
    }

    /// How many filters are set, beside the words.
    #[must_use]
    pub fn filters(&self) -> usize {
        self.communes.len()
            + self.bands.len()
            + self.certificates.len()
            + self.quantities.len()
            + self.sellers.len()
            + usize::from(self.business)
            + usize::from(self.in_stock)
            + usize::from(self.delivered)
            + usize::from(self.price_min.is_some() || self.price_max.is_some())
    }
}

/// What a question is asked against, beside the documents.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    pub today: Day,
    /// What is known of [`Query::near`]; `None` while nobody told where he is.
    pub place: Option<Arc<Place>>,
}

/// Where the reader is, as far as a search is concerned.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// Shops that do not bring goods there.
    pub out_of_reach: HashSet<SellerId>,
    /// How near communes are: 1 is that commune itself; 0, or not there: far.
    pub nearness: HashMap<String, f32>,
}

/// How far the answer is from what was typed, so that the reader is told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Reading {
    /// Found as typed.
    #[default]
    AsTyped,
    /// A slip was put right: these words were looked for instead of those that only `as_typed` results have.
    Corrected { words: String, as_typed: usize },
    /// Nothing has all of the words: these have most of them.
    MostWords,
    /// Nothing has most of them: these have some.
    SomeWords,
}

/// How many results each choice of a filter would leave. A group's own choices do not narrow its counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facets {
    pub categories: Vec<(String, u32)>,
    pub communes: Vec<(String, u32)>,
    pub certificates: Vec<(String, u32)>,
    /// As [`BANDS`].
    pub bands: [u32; BANDS.len()],
    pub business: u32,
    /// As [`QUANTITIES`].
    pub quantities: [u32; QUANTITIES.len()],
    pub sellers: Vec<(SellerId, u32)>,
    pub in_stock: u32,
    /// Brought to the reader's commune; 0 while it is not known.
    pub delivered: u32,
}

/// What an index answers: ids of one page, all counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matches {
    pub ids: Vec<ProductId>,
    pub total: usize,
    pub facets: Facets,
    pub reading: Reading,
    /// The folded words that were looked for, to be marked in what is shown.
    pub words: Vec<String>,
}

/// One result as a card shows it, checked against the live state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub product: ProductId,
    pub name: String,
    pub name_en: String,
    pub slug: String,
    pub seller: SellerId,
    pub seller_name: String,
    pub seller_slug: String,
    pub commune_code: String,
    pub price: Vnd,
    pub list_price: Option<Vnd>,
    /// Other variants cost more.
    pub several: bool,
    pub unit: String,
    pub picture: String,
    pub certificates: Vec<String>,
    pub for_business: bool,
    pub in_stock: bool,
    /// The first variant's code.
    pub sku: String,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    pub hits: Vec<Hit>,
    pub total: usize,
    pub facets: Facets,
    pub reading: Reading,
    /// As in [`Matches`].
    pub words: Vec<String>,
    /// The index is away: PostgreSQL has answered, less forgiving of typing.
    pub plain: bool,
}

/// All that an index needs to know of one product.
#[derive(Debug, Clone)]
pub struct Document {
    pub product: ProductId,
    /// Grows with every change; an older document never replaces a newer one.
    pub version: i64,
    pub visible: bool,
    pub lapses_on: Option<Day>,
    pub name: String,
    pub name_en: String,
    pub seller: SellerId,
    pub seller_name: String,
    pub commune_code: String,
    /// Slugs, the root first.
    pub category_path: Vec<String>,
    /// The category's names, and its place where it was imported from.
    pub category_words: String,
    pub brand: String,
    /// SKUs and barcodes.
    pub codes: Vec<String>,
    pub price: Vnd,
    /// Kinds in force.
    pub certificates: Vec<String>,
    /// What is told by facts, and the names of the certificates.
    pub attributes: String,
    pub description: String,
    /// The least quantity with a price in trade.
    pub trade_quantity: Option<i64>,
    pub in_stock: bool,
    /// When its stock was told last.
    pub stock_on: Day,
    pub sold_90_days: i64,
    pub published_at: DateTime<Utc>,
}
