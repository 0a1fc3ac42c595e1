//! The fields of the index and how a document becomes one of its rows.

use super::tokenizer::Vietnamese;
use crate::{
    kernel::{Day, fold},
    search::Document,
};
use chrono::Datelike;
use sha2::{Digest, Sha256};
use tantivy::{
    Index, TantivyDocument,
    schema::{
        FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
    },
};

/// Raised when documents are to be indexed in another way though the fields stay.
const EDITION: &str = "1";

#[derive(Clone)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    pub(super) id: Field,
    pub(super) name: Field,
    pub(super) keywords: Field,
    pub(super) body: Field,
    pub(super) sku: Field,
    pub(super) category: Field,
    pub(super) seller: Field,
    commune: Field,
    certificate: Field,
    id_high: Field,
    id_low: Field,
    price: Field,
    sold: Field,
    published: Field,
    lapses: Field,
    flags: Field,
}

pub(super) const FOR_BUSINESS: u64 = 1;
pub(super) const IN_STOCK: u64 = 2;

/// The number under which a day of lapse is kept.
pub(super) fn day_number(day: Option<Day>) -> i64 {
    day.map_or(i64::MAX, |day| i64::from(day.num_days_from_ce()))
}

impl Fields {
    pub(super) fn new() -> Self {
        let mut b = Schema::builder();
        let text = |tokenizer| {
            TextOptions::default().set_indexing_options(
                TextFieldIndexing::default()
                    .set_tokenizer(tokenizer)
                    .set_index_option(IndexRecordOption::WithFreqs),
            )
        };
        Self {
            id: b.add_u64_field("id", INDEXED),
            name: b.add_text_field("name", text("pairs")),
            keywords: b.add_text_field("keywords", text("words")),
            body: b.add_text_field("body", text("words")),
            sku: b.add_text_field("sku", STRING),
            category: b.add_text_field("category", STRING | FAST),
            seller: b.add_text_field("seller", STRING),
            commune: b.add_text_field("commune", STRING | FAST),
            certificate: b.add_text_field("certificate", STRING | FAST),
            id_high: b.add_u64_field("id_high", FAST),
            id_low: b.add_u64_field("id_low", FAST),
            price: b.add_i64_field("price", FAST),
            sold: b.add_i64_field("sold", FAST),
            published: b.add_i64_field("published", FAST),
            lapses: b.add_i64_field("lapses", FAST),
            flags: b.add_u64_field("flags", FAST),
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
        index.tokenizers().register("pairs", Vietnamese::new(true));
        index.tokenizers().register("words", Vietnamese::new(false));
    }

    pub(super) fn row(&self, document: &Document) -> TantivyDocument {
        let mut row = TantivyDocument::default();
        let (high, low) = document.product.0.as_u64_pair();
        row.add_u64(self.id, low);
        row.add_u64(self.id_high, high);
        row.add_u64(self.id_low, low);
        row.add_text(self.name, format!("{} . {}", document.name, document.name_en));
        row.add_text(self.keywords, format!("{} . {}", document.seller_name, document.brand));
        row.add_text(self.body, &document.body);
        for sku in &document.skus {
            row.add_text(self.sku, fold(sku));
        }
        for slug in &document.category_path {
            row.add_text(self.category, slug);
        }
        for kind in &document.certificates {
            row.add_text(self.certificate, kind);
        }
        row.add_text(self.seller, document.seller.to_string());
        row.add_text(self.commune, &document.commune_code);
        row.add_i64(self.price, document.price.0);
        row.add_i64(self.sold, document.sold_90_days);
        row.add_i64(self.published, document.published_at.timestamp_micros());
        row.add_i64(self.lapses, day_number(document.lapses_on));
        let flags = u64::from(document.for_business) * FOR_BUSINESS
            + u64::from(document.in_stock) * IN_STOCK;
        row.add_u64(self.flags, flags);
        row
    }
}
