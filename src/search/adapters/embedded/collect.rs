//! One pass over all matches: filters, counts and the best of them.
//!
//! A match that fails the filters of no group is a result; one that fails a single group still counts
//! for the choices of that group, because choosing differently there would show it.

use super::{
    best::{Best, Key},
    rows::{Kept, Row, Rows},
    schema::day_number,
};
use crate::{
    kernel::SellerId,
    search::{BANDS, CERTIFICATES, Facets, Place, QUANTITIES, Query, Setting, Sort, ranking},
};
use std::{collections::HashMap, sync::Arc};
use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
};

/// Shops that are counted by name.
const MOST_SELLERS: usize = 50;

mod group {
    pub(super) const COMMUNE: u8 = 1;
    pub(super) const PRICE: u8 = 2;
    pub(super) const CERTIFICATE: u8 = 4;
    pub(super) const QUANTITY: u8 = 8;
    pub(super) const SELLER: u8 = 16;
    pub(super) const STOCK: u8 = 32;
    pub(super) const DELIVERED: u8 = 64;
}

pub(super) struct Pass<'a> {
    pub(super) query: &'a Query,
    pub(super) setting: &'a Setting,
    pub(super) kept: &'a Kept,
    pub(super) has_words: bool,
}

/// What one segment, and in the end all of them, gave.
pub(super) struct Harvest {
    pub(super) best: Best,
    /// Matches of the words, whatever the filters.
    pub(super) base: usize,
    pub(super) total: usize,
    pub(super) facets: Facets,
}

/// Which ordinals are chosen; nothing chosen: all.
struct Chosen(Option<Vec<bool>>);

impl Chosen {
    fn of<T: PartialEq>(all: &[T], chosen: &[T]) -> Self {
        Self((!chosen.is_empty()).then(|| all.iter().map(|one| chosen.contains(one)).collect()))
    }

    fn fails(&self, ordinal: usize) -> bool {
        self.0.as_ref().is_some_and(|chosen| !chosen.get(ordinal).copied().unwrap_or_default())
    }
}

/// The question, in the form in which it is asked of each row of one segment.
struct Wants {
    /// No filter is set.
    takes_all: bool,
    communes: Chosen,
    sellers: Chosen,
    reached: Option<Vec<bool>>,
    nearness: Vec<f32>,
    certificates: u32,
    bands: u8,
    quantities: u8,
    prices: std::ops::RangeInclusive<i64>,
    in_stock: bool,
    delivered: bool,
    sort: Sort,
    has_words: bool,
    today: u64,
}

#[derive(Default)]
struct Counts {
    communes: Vec<u32>,
    leaves: Vec<u32>,
    sellers: Vec<u32>,
    certificates: [u32; CERTIFICATES.len()],
    bands: [u32; BANDS.len()],
    quantities: [u32; QUANTITIES.len()],
    business: u32,
    in_stock: u32,
    delivered: u32,
}

pub(super) struct Segment {
    ordinal: SegmentOrdinal,
    rows: Arc<Rows>,
    wants: Wants,
    counts: Counts,
    best: Best,
    base: usize,
    total: usize,
}

impl Collector for Pass<'_> {
    type Fruit = Harvest;
    type Child = Segment;

    fn for_segment(
        &self,
        ordinal: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<Segment> {
        let (q, rows) = (self.query, self.kept.of(segment)?);
        let bit = |mask: u8, i: &usize| mask | 1 << i;
        let certificate = |mask: u32, kind: &String| {
            CERTIFICATES.iter().position(|known| known.0 == kind).map_or(mask, |i| mask | 1 << i)
        };
        let place = self.setting.place.as_deref();
        let near = |place: &Place| {
            let near = |code: &String| place.nearness.get(code).copied().unwrap_or_default();
            rows.communes.iter().map(near).collect()
        };
        let reached = |place: &Place| {
            rows.sellers.iter().map(|seller| !place.out_of_reach.contains(seller)).collect()
        };
        Ok(Segment {
            ordinal,
            wants: Wants {
                takes_all: q.filters() == 0,
                communes: Chosen::of(&rows.communes, &q.communes),
                sellers: Chosen::of(&rows.sellers, &q.sellers),
                reached: place.map(reached),
                nearness: place.map(near).unwrap_or_default(),
                certificates: q.certificates.iter().fold(0, certificate),
                bands: q.bands.iter().fold(0, bit),
                quantities: match (q.business, q.quantities.iter().fold(0, bit)) {
                    (true, 0) => u8::MAX,
                    (_, chosen) => chosen,
                },
                prices: q.price_min.unwrap_or(0)..=q.price_max.unwrap_or(i64::MAX),
                in_stock: q.in_stock,
                delivered: q.delivered,
                sort: q.sort,
                has_words: self.has_words,
                today: day_number(self.setting.today),
            },
            counts: Counts {
                communes: vec![0; rows.communes.len()],
                leaves: vec![0; rows.leaves.len()],
                sellers: vec![0; rows.sellers.len()],
                ..Counts::default()
            },
            best: Best::new(q.offset().saturating_add(q.length())),
            base: 0,
            total: 0,
            rows,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.has_words && self.query.sort == Sort::Relevance
    }

    fn merge_fruits(&self, fruits: Vec<Harvest>) -> tantivy::Result<Harvest> {
        let mut all = Harvest {
            best: Best::new(self.query.offset().saturating_add(self.query.length())),
            base: 0,
            total: 0,
            facets: Facets::default(),
        };
        let (mut categories, mut communes) = (HashMap::new(), HashMap::new());
        let (mut certificates, mut sellers) = (HashMap::new(), HashMap::new());
        for fruit in fruits {
            all.best.merge(fruit.best);
            all.base += fruit.base;
            all.total += fruit.total;
            let (sum, facets) = (&mut all.facets, fruit.facets);
            sum.business += facets.business;
            sum.in_stock += facets.in_stock;
            sum.delivered += facets.delivered;
            sum.bands.iter_mut().zip(facets.bands).for_each(|(sum, n)| *sum += n);
            sum.quantities.iter_mut().zip(facets.quantities).for_each(|(sum, n)| *sum += n);
            for (path, n) in facets.categories {
                path.split('/')
                    .for_each(|slug| *categories.entry(slug.to_owned()).or_default() += n);
            }
            add(&mut communes, facets.communes);
            add(&mut certificates, facets.certificates);
            add(&mut sellers, facets.sellers);
        }
        all.facets.categories = sorted(categories);
        all.facets.communes = sorted(communes);
        all.facets.certificates = sorted(certificates);
        all.facets.sellers = sorted::<SellerId>(sellers);
        all.facets.sellers.truncate(MOST_SELLERS);
        Ok(all)
    }
}

fn add<K: std::hash::Hash + Eq>(sum: &mut HashMap<K, u32>, counts: Vec<(K, u32)>) {
    for (key, n) in counts {
        *sum.entry(key).or_default() += n;
    }
}

/// The greatest count first.
fn sorted<K: Ord>(counts: HashMap<K, u32>) -> Vec<(K, u32)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

impl Wants {
    /// The groups whose filters the row fails.
    fn failed(&self, row: &Row) -> u8 {
        let mut failed = 0;
        let mut unless = |holds: bool, group: u8| {
            if !holds {
                failed |= group;
            }
        };
        let facts = row.facts;
        unless(!self.communes.fails(row.commune as usize), group::COMMUNE);
        unless(
            self.prices.contains(&row.price)
                && (self.bands == 0 || self.bands >> facts.band() & 1 == 1),
            group::PRICE,
        );
        unless(
            self.certificates == 0 || facts.certificates() & self.certificates != 0,
            group::CERTIFICATE,
        );
        let quantity = facts.quantity();
        unless(
            self.quantities == 0 || quantity > 0 && self.quantities >> (quantity - 1) & 1 == 1,
            group::QUANTITY,
        );
        unless(!self.sellers.fails(row.seller as usize), group::SELLER);
        unless(!self.in_stock || facts.in_stock(), group::STOCK);
        unless(!self.delivered || self.reached.is_none() || self.is_reached(row), group::DELIVERED);
        failed
    }

    fn is_reached(&self, row: &Row) -> bool {
        let seller = row.seller as usize;
        self.reached
            .as_ref()
            .is_some_and(|reached| reached.get(seller).copied().unwrap_or_default())
    }

    fn key(&self, row: &Row, points: Score, address: (SegmentOrdinal, DocId)) -> Key {
        let first = match self.sort {
            Sort::Relevance => u64::from(self.score(row, points).to_bits()),
            Sort::PriceUp => u64::MAX - row.price.unsigned_abs(),
            Sort::PriceDown => row.price.unsigned_abs(),
            Sort::Newest => 0,
            Sort::BestSelling => u64::from(row.sold),
        };
        Key { first, published: row.published, id: row.id, address }
    }

    /// Points of text, moved by the product's facts; never negative.
    fn score(&self, row: &Row, points: Score) -> f32 {
        let facts = ranking::Facts {
            in_stock: row.facts.in_stock(),
            certified: row.facts.certificates() != 0,
            stock_days: u32::try_from(self.today.saturating_sub(row.facts.stock_on()))
                .unwrap_or(u32::MAX),
            sales: row.facts.sales(),
            near: self.nearness.get(row.commune as usize).copied().unwrap_or_default(),
        };
        if self.has_words { points * facts.factor() } else { facts.factor() }
    }
}

impl Counts {
    fn add(&mut self, row: &Row, failed: u8, wants: &Wants) {
        let all_but = |group: u8| failed & !group == 0;
        let one_more = |counts: &mut [u32], at: usize| {
            if let Some(n) = counts.get_mut(at) {
                *n += 1;
            }
        };
        if failed == 0 {
            one_more(&mut self.leaves, row.leaf as usize);
        }
        if all_but(group::COMMUNE) {
            one_more(&mut self.communes, row.commune as usize);
        }
        if all_but(group::PRICE) {
            one_more(&mut self.bands, row.facts.band());
        }
        if all_but(group::SELLER) {
            one_more(&mut self.sellers, row.seller as usize);
        }
        if all_but(group::CERTIFICATE) {
            let mut mask = row.facts.certificates();
            while mask != 0 {
                one_more(&mut self.certificates, mask.trailing_zeros() as usize);
                mask &= mask - 1;
            }
        }
        if all_but(group::QUANTITY) && row.facts.quantity() > 0 {
            self.business += 1;
            one_more(&mut self.quantities, row.facts.quantity() - 1);
        }
        self.in_stock += u32::from(all_but(group::STOCK) && row.facts.in_stock());
        self.delivered += u32::from(all_but(group::DELIVERED) && wants.is_reached(row));
    }
}

impl SegmentCollector for Segment {
    type Fruit = Harvest;

    fn collect(&mut self, doc: DocId, points: Score) {
        let row = &self.rows.rows[doc as usize];
        if !row.facts.is_visible(self.wants.today) {
            return;
        }
        self.base += 1;
        let failed = if self.wants.takes_all { 0 } else { self.wants.failed(row) };
        // Of two groups or more: it counts for none.
        if failed & failed.wrapping_sub(1) != 0 {
            return;
        }
        self.counts.add(row, failed, &self.wants);
        if failed == 0 {
            self.total += 1;
            let key = self.wants.key(row, points, (self.ordinal, doc));
            self.best.push(key);
        }
    }

    fn harvest(self) -> Harvest {
        fn named<K: Clone>(names: &[K], counts: &[u32]) -> Vec<(K, u32)> {
            let met = names.iter().zip(counts).filter(|(_, n)| **n > 0);
            met.map(|(name, n)| (name.clone(), *n)).collect()
        }
        let counts = &self.counts;
        let certificates = CERTIFICATES.iter().zip(counts.certificates).filter(|(_, n)| *n > 0);
        let mut sellers = named(&self.rows.sellers, &counts.sellers);
        sellers.sort_unstable_by_key(|(_, n)| std::cmp::Reverse(*n));
        Harvest {
            best: self.best,
            base: self.base,
            total: self.total,
            facets: Facets {
                categories: named(&self.rows.leaves, &counts.leaves),
                communes: named(&self.rows.communes, &counts.communes),
                certificates: certificates.map(|(known, n)| (known.0.to_owned(), n)).collect(),
                sellers,
                bands: counts.bands,
                quantities: counts.quantities,
                business: counts.business,
                in_stock: counts.in_stock,
                delivered: counts.delivered,
            },
        }
    }
}
