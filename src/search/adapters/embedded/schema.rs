//! The fields of the index and how a document becomes one of its rows.

use super::{heads::heads, tokenizer::Vietnamese};
use crate::{
    kernel::{Day, fold},
    search::{BANDS, CERTIFICATES, Document, Quantity},
};
use chrono::Datelike;
use sha2::{Digest, Sha256};
use tantivy::{
    Index, TantivyDocument,
    schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

/// Raised when documents are to be indexed in another way though the fields stay.
const EDITION: &str = "2";

#[derive(Clone)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    pub(super) id: Field,
    pub(super) name: Field,
    /// Neighbours in a name: `ca_phe`.
    pub(super) pairs: Field,
    /// Beginnings of a name: `ca_phe_bot`.
    pub(super) head: Field,
    /// Beginnings of its categories' names.
    pub(super) shelf: Field,
    pub(super) category: Field,
    pub(super) attribute: Field,
    pub(super) description: Field,
    pub(super) code: Field,
    /// Slugs from the root to the leaf.
    pub(super) path: Field,
    pub(super) seller: Field,
    /// The whole path in one word, to be counted by.
    leaf: Field,
    shop: Field,
    commune: Field,
    id_high: Field,
    id_low: Field,
    facts: Field,
    price: Field,
    sold: Field,
    published: Field,
    version: Field,
}

/// A day as a number that fits into fifteen bits until 2089.
pub(super) fn day_number(day: Day) -> u64 {
    const BEGIN: i32 = 737_425; // 1 January 2020
    u64::try_from(day.num_days_from_ce() - BEGIN).unwrap_or_default().min(NEVER - 1)
}

pub(super) const NEVER: u64 = (1 << 15) - 1;

/// What filters and ranking ask of a row, packed into 64 bits.
///
/// From the lowest: 1 visible, 1 in stock, 16 certificates, 3 price band, 3 trade quantity (0: none, else
/// its range + 1), 15 day of lapse, 15 day on which stock was told, 6 sales in sixths of ln(1 + sold).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts(pub(super) u64);

impl Facts {
    fn of(document: &Document) -> Self {
        let certificates = CERTIFICATES.iter().enumerate();
        let certificates = certificates
            .filter(|(_, known)| document.certificates.iter().any(|kind| kind == known.0))
            .fold(0, |mask, (i, _)| mask | 1 << i);
        let band = BANDS.iter().rposition(|band| band.from <= document.price.0).unwrap_or_default();
        let quantity = document.trade_quantity.map_or(0, |n| Quantity::of(n) + 1);
        let sales = (document.sold_90_days.max(0) as f64).ln_1p() * 6.0;
        Self(
            1 | u64::from(document.in_stock) << 1
                | certificates << 2
                | (band as u64) << 18
                | (quantity as u64) << 21
                | document.lapses_on.map_or(NEVER, day_number) << 24
                | day_number(document.stock_on) << 39
                | (sales as u64).min(63) << 54,
        )
    }

    pub(super) fn is_visible(self, today: u64) -> bool {
        self.0 & 1 == 1 && (self.0 >> 24 & NEVER) > today
    }

    pub(super) fn in_stock(self) -> bool {
        self.0 >> 1 & 1 == 1
    }

    /// As bits of [`CERTIFICATES`].
    pub(super) fn certificates(self) -> u32 {
        (self.0 >> 2 & 0xffff) as u32
    }

    /// Of [`BANDS`].
    pub(super) fn band(self) -> usize {
        (self.0 >> 18 & 7) as usize
    }

    /// Of [`crate::search::QUANTITIES`], beginning with one; 0: no price in trade.
    pub(super) fn quantity(self) -> usize {
        (self.0 >> 21 & 7) as usize
    }

    pub(super) fn stock_on(self) -> u64 {
        self.0 >> 39 & NEVER
    }

    pub(super) fn sales(self) -> f32 {
        (self.0 >> 54 & 63) as f32 / 6.0
    }
}

impl Fields {
    pub(super) fn new() -> Self {
        let mut b = Schema::builder();
        let text = |tokenizer| {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer(tokenizer)
                    .set_fieldnorms(false)
                    .set_index_option(IndexRecordOption::Basic),
            )
        };
        Self {
            id: b.add_u64_field("id", INDEXED),
            name: b.add_text_field("name", text("words")),
            pairs: b.add_text_field("pairs", text("pairs")),
            head: b.add_text_field("head", text("raw")),
            shelf: b.add_text_field("shelf", text("raw")),
            category: b.add_text_field("category", text("words")),
            attribute: b.add_text_field("attribute", text("words")),
            description: b.add_text_field("description", text("words")),
            code: b.add_text_field("code", text("raw")),
            path: b.add_text_field("path", text("raw")),
            seller: b.add_text_field("seller", text("raw")),
            leaf: b.add_text_field("leaf", FAST),
            shop: b.add_text_field("shop", FAST),
            commune: b.add_text_field("commune", FAST),
            id_high: b.add_u64_field("id_high", FAST),
            id_low: b.add_u64_field("id_low", FAST),
            facts: b.add_u64_field("facts", FAST),
            price: b.add_i64_field("price", FAST),
            sold: b.add_i64_field("sold", FAST),
            published: b.add_i64_field("published", FAST),
            version: b.add_i64_field("version", FAST),
            schema: b.build(),
        }
    }

    /// Names the shape of the index: another shape lies in another folder.
    pub(super) fn digest(&self) -> String {
        let shape = serde_json::to_string(&self.schema).unwrap_or_default();
        let hash = Sha256::digest(format!("{EDITION} {shape}"));
        hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn register(index: &Index) {
        index.tokenizers().register("words", Vietnamese::words());
        index.tokenizers().register("pairs", Vietnamese::pairs());
    }

    /// A document as a row; one that is not visible leaves its version behind, so that an older one that
    /// comes later is known as such.
    pub(super) fn row(&self, document: &Document) -> TantivyDocument {
        let mut row = TantivyDocument::default();
        let (high, low) = document.product.0.as_u64_pair();
        row.add_u64(self.id, low);
        row.add_u64(self.id_high, high);
        row.add_u64(self.id_low, low);
        row.add_i64(self.version, document.version);
        if !document.visible {
            return row;
        }
        let name = format!("{} . {}", document.name, document.name_en);
        row.add_text(self.name, &name);
        row.add_text(self.pairs, &name);
        for head in heads(&document.name).into_iter().chain(heads(&document.name_en)) {
            row.add_text(self.head, head);
        }
        row.add_text(self.category, &document.category_words);
        for shelf in document.category_words.split(['>', ';']).flat_map(heads) {
            row.add_text(self.shelf, shelf);
        }
        row.add_text(
            self.attribute,
            format!("{} . {} . {}", document.brand, document.seller_name, document.attributes),
        );
        row.add_text(self.description, &document.description);
        for code in &document.codes {
            row.add_text(self.code, fold(code.trim()));
        }
        for slug in &document.category_path {
            row.add_text(self.path, slug);
        }
        row.add_text(self.leaf, document.category_path.join("/"));
        row.add_text(self.seller, document.seller.to_string());
        row.add_text(self.shop, document.seller.to_string());
        row.add_text(self.commune, &document.commune_code);
        row.add_u64(self.facts, Facts::of(document).0);
        row.add_i64(self.price, document.price.0);
        row.add_i64(self.sold, document.sold_90_days);
        row.add_i64(self.published, document.published_at.timestamp());
        row
    }
}
