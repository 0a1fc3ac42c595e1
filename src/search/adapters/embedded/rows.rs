//! What filters, counts and ranking ask of each match, side by side in memory: one segment's columns,
//! read once when the segment is opened.

use super::schema::Facts;
use crate::kernel::SellerId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tantivy::{Searcher, SegmentReader, columnar::StrColumn, index::SegmentId};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    pub(super) facts: Facts,
    pub(super) price: i64,
    /// Seconds since 1970.
    pub(super) published: u32,
    /// A part of the id: makes every order total.
    pub(super) id: u32,
    pub(super) sold: u32,
    /// Ordinals in [`Rows`].
    pub(super) seller: u32,
    pub(super) commune: u16,
    pub(super) leaf: u16,
}

/// One segment.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    pub(super) sellers: Vec<SellerId>,
    pub(super) communes: Vec<String>,
    pub(super) leaves: Vec<String>,
}

/// A column's words, and for each row which of them it has.
fn words(segment: &SegmentReader, field: &str) -> tantivy::Result<(Vec<String>, Vec<u32>)> {
    let rows = segment.max_doc();
    let Some(column): Option<StrColumn> = segment.fast_fields().str(field)? else {
        return Ok((vec![String::new()], vec![0; rows as usize]));
    };
    let mut words = Vec::with_capacity(column.num_terms() + 1);
    for ordinal in 0..column.num_terms() as u64 {
        let mut word = String::new();
        column.ord_to_str(ordinal, &mut word)?;
        words.push(word);
    }
    // For rows that have none.
    words.push(String::new());
    let none = words.len() as u32 - 1;
    let ordinal = |doc| column.term_ords(doc).next().map_or(none, |ordinal| ordinal as u32);
    Ok((words, (0..rows).map(ordinal).collect()))
}

impl Rows {
    fn read(segment: &SegmentReader) -> tantivy::Result<Self> {
        let fast = segment.fast_fields();
        let (facts, price) = (fast.u64("facts")?, fast.i64("price")?);
        let (sold, published, id) =
            (fast.i64("sold")?, fast.i64("published")?, fast.u64("id_low")?);
        let (sellers, seller) = words(segment, "shop")?;
        let (communes, commune) = words(segment, "commune")?;
        let (leaves, leaf) = words(segment, "leaf")?;
        let small = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
        let row = |doc: u32| Row {
            facts: Facts(facts.first(doc).unwrap_or_default()),
            price: price.first(doc).unwrap_or_default(),
            published: u32::try_from(published.first(doc).unwrap_or_default()).unwrap_or_default(),
            id: (id.first(doc).unwrap_or_default() >> 32) as u32,
            sold: u32::try_from(sold.first(doc).unwrap_or_default()).unwrap_or_default(),
            seller: seller[doc as usize],
            commune: small(commune[doc as usize]),
            leaf: small(leaf[doc as usize]),
        };
        let seller_id = |text: &String| SellerId(text.parse().unwrap_or(Uuid::nil()));
        Ok(Self {
            rows: (0..segment.max_doc()).map(row).collect(),
            sellers: sellers.iter().map(seller_id).collect(),
            communes,
            leaves,
        })
    }
}

/// The rows of all segments that are being searched.
#[derive(Default)]
pub(super) struct Kept(Mutex<HashMap<SegmentId, Arc<Rows>>>);

impl Kept {
    pub(super) fn of(&self, segment: &SegmentReader) -> tantivy::Result<Arc<Rows>> {
        let id = segment.segment_id();
        if let Some(rows) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(rows.clone());
        }
        let rows = Arc::new(Rows::read(segment)?);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, rows.clone());
        Ok(rows)
    }

    /// Reads what `searcher` needs and forgets what it does not.
    pub(super) fn follow(&self, searcher: &Searcher) -> tantivy::Result<()> {
        for segment in searcher.segment_readers() {
            self.of(segment)?;
        }
        let used: Vec<SegmentId> =
            searcher.segment_readers().iter().map(SegmentReader::segment_id).collect();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|id, _| used.contains(id));
        Ok(())
    }
}
