//! Questions and answers of a search, and the weights by which answers are ranked. Pure.

use crate::kernel::{Day, Lang, ProductId, SellerId, Text, Vnd};
use chrono::{DateTime, Utc};

/// Results on one page.
pub const PAGE: usize = 24;
/// Results that can be paged to; whoever wants more narrows the question.
pub const MOST_RESULTS: usize = 10_000;

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

/// One thing that moves a result up or down, as the page on ranking tells it.
pub struct Criterion {
    pub label: (&'static str, &'static str),
    pub weight: f32,
}

pub(super) const NAME: f32 = 3.0;
pub(super) const ACCENTED: f32 = 3.0;
pub(super) const ADJACENT: f32 = 2.0;
pub(super) const SKU: f32 = 20.0;
pub(super) const SELLER: f32 = 1.5;
pub(super) const BODY: f32 = 0.4;
pub(super) const GUESSED: f32 = 0.3;
pub(super) const OUT_OF_STOCK: f32 = 0.5;
pub(super) const SALES: f32 = 0.05;

/// The weights with which results are ranked. There is no paid placement.
pub const RANKING: [Criterion; 9] = [
    Criterion {
        label: ("Từ cần tìm có trong tên sản phẩm", "A word is in the product's name"),
        weight: NAME,
    },
    Criterion {
        label: ("Từ đúng cả dấu như bạn gõ", "The word carries exactly the marks you typed"),
        weight: ACCENTED,
    },
    Criterion {
        label: ("Hai từ đứng liền nhau như bạn gõ", "Two words stand together as you typed them"),
        weight: ADJACENT,
    },
    Criterion {
        label: ("Đúng mã hàng (SKU)", "The code (SKU) is the one you typed"), weight: SKU
    },
    Criterion {
        label: (
            "Từ có trong tên gian hàng, nhãn hiệu hoặc ngành hàng",
            "A word is in the shop's, brand's or category's name",
        ),
        weight: SELLER,
    },
    Criterion {
        label: ("Từ có trong phần mô tả", "A word is in the description"), weight: BODY
    },
    Criterion {
        label: (
            "Từ gần giống (gõ thiếu hoặc sai một chữ)",
            "A similar word (one letter missing or wrong)",
        ),
        weight: GUESSED,
    },
    Criterion {
        label: ("Đang hết hàng: điểm nhân với", "Out of stock: the score is multiplied by"),
        weight: OUT_OF_STOCK,
    },
    Criterion {
        label: (
            "Bán được nhiều trong 90 ngày: cộng thêm mỗi khi số bán tăng gấp 2,7 lần",
            "Sold often in 90 days: added each time sales grow 2.7-fold",
        ),
        weight: SALES,
    },
];

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Query {
    /// What was typed.
    pub q: String,
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
    pub seller: Option<SellerId>,
    pub in_stock: bool,
    pub sort: Sort,
    /// From 1.
    pub page: usize,
}

impl Query {
    /// How many results come before this page.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.page.saturating_sub(1).min(MOST_RESULTS / PAGE) * PAGE
    }

    /// How many filters are set, beside the words.
    #[must_use]
    pub fn filters(&self) -> usize {
        self.communes.len()
            + self.bands.len()
            + self.certificates.len()
            + usize::from(self.business)
            + usize::from(self.in_stock)
            + usize::from(self.price_min.is_some() || self.price_max.is_some())
    }
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
    pub in_stock: u32,
}

/// What an index answers: ids of one page, all counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matches {
    pub ids: Vec<ProductId>,
    pub total: usize,
    pub facets: Facets,
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
}

/// All that an index needs to know of one product.
#[derive(Debug, Clone)]
pub struct Document {
    pub product: ProductId,
    pub visible: bool,
    pub lapses_on: Option<Day>,
    pub name: String,
    pub name_en: String,
    pub seller: SellerId,
    pub seller_name: String,
    pub commune_code: String,
    pub category_path: Vec<String>,
    pub brand: String,
    pub skus: Vec<String>,
    pub price: Vnd,
    pub certificates: Vec<String>,
    pub for_business: bool,
    pub in_stock: bool,
    pub sold_90_days: i64,
    pub body: String,
    pub published_at: DateTime<Utc>,
}

impl Criterion {
    /// Its words.
    #[must_use]
    pub fn text(&self) -> Text {
        Text::new(self.label.0, self.label.1)
    }
}
