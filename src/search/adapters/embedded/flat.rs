//! Statistics under which BM25 gives every word the same score, however rare: what a word is worth is said
//! by the criteria alone. Cheaper than constant scores, because unions of plain words stay specialised.

use tantivy::{Term, query::Bm25StatisticsProvider, schema::Field};

/// One document with one word: fields without lengths and frequencies score alike.
pub(super) struct Flat;

impl Flat {
    /// What BM25 makes of that: ln(1 + (1 - 1 + 0.5) / (1 + 0.5)).
    pub(super) fn score() -> f32 {
        (4.0_f32 / 3.0).ln()
    }
}

impl Bm25StatisticsProvider for Flat {
    fn total_num_tokens(&self, _: Field) -> tantivy::Result<u64> {
        Ok(1)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(1)
    }

    fn doc_freq(&self, _: &Term) -> tantivy::Result<u64> {
        Ok(1)
    }
}
