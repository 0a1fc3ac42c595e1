//! One pass over all matches: filters, counts and the best of them.
//!
//! A match that fails the filters of no group is a result; one that fails a single group still counts
//! for the choices of that group, because choosing differently there would show it.

use super::schema::{FOR_BUSINESS, IN_STOCK, day_number};
use crate::{
    kernel::{Day, ProductId},
    search::{
        BANDS, Facets, Query, Sort,
        model::{OUT_OF_STOCK, SALES},
    },
};
use std::collections::HashMap;
use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::{Column, StrColumn},
};
use uuid::Uuid;

const COMMUNE: u8 = 1;
const PRICE: u8 = 2;
const CERTIFICATE: u8 = 4;
const BUSINESS: u8 = 8;
const STOCK: u8 = 16;

/// How a result compares: the higher, the earlier. The id makes the order total.
type Rank = (u64, i64, Uuid);

pub(super) struct Pass<'a> {
    pub(super) query: &'a Query,
    pub(super) today: Day,
    pub(super) has_words: bool,
    /// How many of the best are kept.
    pub(super) keep: usize,
}

/// What one segment, and in the end all of them, gave.
#[derive(Default)]
pub(super) struct Harvest {
    pub(super) best: Vec<Rank>,
    pub(super) total: usize,
    pub(super) facets: Facets,
}

/// A column of words: how often each was met, and which are chosen.
struct Words {
    column: Option<StrColumn>,
    counts: Vec<u32>,
    chosen: Vec<u64>,
}

impl Words {
    fn open(segment: &SegmentReader, field: &str, chosen: &[String]) -> tantivy::Result<Self> {
        let column = segment.fast_fields().str(field)?;
        let (mut counts, mut ordinals) = (Vec::new(), Vec::new());
        if let Some(column) = &column {
            counts = vec![0; column.num_terms()];
            for word in chosen {
                ordinals.extend(column.dictionary().term_ord(word)?);
            }
        }
        Ok(Self { column, counts, chosen: ordinals })
    }

    fn holds(&self, doc: DocId) -> bool {
        let Some(column) = &self.column else { return false };
        column.term_ords(doc).any(|ordinal| self.chosen.contains(&ordinal))
    }

    fn count(&mut self, doc: DocId) {
        let Some(column) = &self.column else { return };
        for ordinal in column.term_ords(doc) {
            if let Some(n) = self.counts.get_mut(ordinal as usize) {
                *n += 1;
            }
        }
    }

    fn harvest(self) -> Vec<(String, u32)> {
        let Some(column) = &self.column else { return Vec::new() };
        let met = self.counts.iter().enumerate().filter(|(_, n)| **n > 0);
        met.filter_map(|(ordinal, n)| {
            let mut word = String::new();
            column.ord_to_str(ordinal as u64, &mut word).ok()?.then_some((word, *n))
        })
        .collect()
    }
}

pub(super) struct Segment {
    wants: Wants,
    commune: Words,
    category: Words,
    certificate: Words,
    price: Column<i64>,
    sold: Column<i64>,
    published: Column<i64>,
    lapses: Column<i64>,
    flags: Column<u64>,
    id_high: Column<u64>,
    id_low: Column<u64>,
    harvest: Harvest,
}

/// The question, in the form in which it is asked of each match.
struct Wants {
    communes: bool,
    certificates: bool,
    bands: Vec<usize>,
    prices: std::ops::RangeInclusive<i64>,
    business: bool,
    in_stock: bool,
    sort: Sort,
    has_words: bool,
    today: i64,
    keep: usize,
}

impl Collector for Pass<'_> {
    type Fruit = Harvest;
    type Child = Segment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<Segment> {
        let (q, fast) = (self.query, segment.fast_fields());
        Ok(Segment {
            wants: Wants {
                communes: !q.communes.is_empty(),
                certificates: !q.certificates.is_empty(),
                bands: q.bands.clone(),
                prices: q.price_min.unwrap_or(0)..=q.price_max.unwrap_or(i64::MAX),
                business: q.business,
                in_stock: q.in_stock,
                sort: q.sort,
                has_words: self.has_words,
                today: day_number(Some(self.today)),
                keep: self.keep,
            },
            commune: Words::open(segment, "commune", &q.communes)?,
            category: Words::open(segment, "category", &[])?,
            certificate: Words::open(segment, "certificate", &q.certificates)?,
            price: fast.i64("price")?,
            sold: fast.i64("sold")?,
            published: fast.i64("published")?,
            lapses: fast.i64("lapses")?,
            flags: fast.u64("flags")?,
            id_high: fast.u64("id_high")?,
            id_low: fast.u64("id_low")?,
            harvest: Harvest::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.has_words && self.query.sort == Sort::Relevance
    }

    fn merge_fruits(&self, fruits: Vec<Harvest>) -> tantivy::Result<Harvest> {
        let mut all = Harvest::default();
        let (mut categories, mut communes, mut certificates) =
            (HashMap::new(), HashMap::new(), HashMap::new());
        for fruit in fruits {
            all.best.extend(fruit.best);
            all.total += fruit.total;
            all.facets.business += fruit.facets.business;
            all.facets.in_stock += fruit.facets.in_stock;
            for (sum, n) in all.facets.bands.iter_mut().zip(fruit.facets.bands) {
                *sum += n;
            }
            add(&mut categories, fruit.facets.categories);
            add(&mut communes, fruit.facets.communes);
            add(&mut certificates, fruit.facets.certificates);
        }
        all.facets.categories = sorted(categories);
        all.facets.communes = sorted(communes);
        all.facets.certificates = sorted(certificates);
        all.best.sort_unstable_by(|a, b| b.cmp(a));
        all.best.truncate(self.keep);
        Ok(all)
    }
}

fn add(sums: &mut HashMap<String, u32>, counts: Vec<(String, u32)>) {
    for (word, n) in counts {
        *sums.entry(word).or_default() += n;
    }
}

/// Most frequent first.
fn sorted(counts: HashMap<String, u32>) -> Vec<(String, u32)> {
    let mut list: Vec<_> = counts.into_iter().collect();
    list.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    list
}

impl Segment {
    /// Which groups' filters this match fails.
    fn failed(&self, doc: DocId, price: i64, flags: u64) -> u8 {
        let wants = &self.wants;
        let mut failed = 0;
        if wants.communes && !self.commune.holds(doc) {
            failed |= COMMUNE;
        }
        if wants.certificates && !self.certificate.holds(doc) {
            failed |= CERTIFICATE;
        }
        let in_band = |i: &usize| (BANDS[*i].from..BANDS[*i].below).contains(&price);
        if !wants.prices.contains(&price)
            || (!wants.bands.is_empty() && !wants.bands.iter().any(in_band))
        {
            failed |= PRICE;
        }
        if wants.business && flags & FOR_BUSINESS == 0 {
            failed |= BUSINESS;
        }
        if wants.in_stock && flags & IN_STOCK == 0 {
            failed |= STOCK;
        }
        failed
    }

    fn count(&mut self, doc: DocId, failed: u8, price: i64, flags: u64) {
        let only = |group: u8| failed & !group == 0;
        if only(COMMUNE) {
            self.commune.count(doc);
        }
        if only(CERTIFICATE) {
            self.certificate.count(doc);
        }
        if only(PRICE)
            && let Some(band) = BANDS.iter().position(|b| (b.from..b.below).contains(&price))
        {
            self.harvest.facets.bands[band] += 1;
        }
        if only(BUSINESS) {
            self.harvest.facets.business += u32::from(flags & FOR_BUSINESS != 0);
        }
        if only(STOCK) {
            self.harvest.facets.in_stock += u32::from(flags & IN_STOCK != 0);
        }
        if failed == 0 {
            self.category.count(doc);
            self.harvest.total += 1;
        }
    }

    fn rank(&self, doc: DocId, score: Score, price: i64, flags: u64) -> u64 {
        let sold = self.sold.first(doc).unwrap_or(0).max(0).unsigned_abs();
        match self.wants.sort {
            Sort::PriceUp => u64::MAX - price.unsigned_abs(),
            Sort::PriceDown => price.unsigned_abs(),
            Sort::Newest => 0,
            Sort::BestSelling => sold,
            Sort::Relevance => {
                let base = if self.wants.has_words { score } else { 1.0 };
                let sales = if sold == 0 { 0.0 } else { SALES * (sold as f32 + 1.0).ln() };
                let stock = if flags & IN_STOCK == 0 { OUT_OF_STOCK } else { 1.0 };
                // The bits of floats that are not negative compare as the floats do.
                u64::from(((base * (1.0 + sales)) * stock).max(0.0).to_bits())
            }
        }
    }

    fn keep(&mut self, rank: Rank) {
        let (best, keep) = (&mut self.harvest.best, self.wants.keep);
        best.push(rank);
        if best.len() >= 2 * keep + 64 {
            best.select_nth_unstable_by(keep, |a, b| b.cmp(a));
            best.truncate(keep);
        }
    }
}

impl SegmentCollector for Segment {
    type Fruit = Harvest;

    fn collect(&mut self, doc: DocId, score: Score) {
        if self.lapses.first(doc).unwrap_or(i64::MAX) <= self.wants.today {
            return;
        }
        let price = self.price.first(doc).unwrap_or(0);
        let flags = self.flags.first(doc).unwrap_or(0);
        let failed = self.failed(doc, price, flags);
        if failed.count_ones() > 1 {
            return;
        }
        self.count(doc, failed, price, flags);
        if failed == 0 && self.wants.keep > 0 {
            let rank = self.rank(doc, score, price, flags);
            let id = Uuid::from_u64_pair(
                self.id_high.first(doc).unwrap_or(0),
                self.id_low.first(doc).unwrap_or(0),
            );
            self.keep((rank, self.published.first(doc).unwrap_or(0), id));
        }
    }

    fn harvest(mut self) -> Harvest {
        self.harvest.facets.categories = self.category.harvest();
        self.harvest.facets.communes = self.commune.harvest();
        self.harvest.facets.certificates = self.certificate.harvest();
        self.harvest
    }
}

impl Harvest {
    /// The ids of one page.
    pub(super) fn page(&self, offset: usize, length: usize) -> Vec<ProductId> {
        self.best.iter().skip(offset).take(length).map(|rank| ProductId(rank.2)).collect()
    }
}
