//! Questions put to the server, all that can be in one request, and what its answers mean.

use super::{
    filters::{Filters, Group, both},
    question::Question,
    settings::{FIELDS, SLIPS},
    wire::{Server, ServerIndex},
};
use crate::{
    kernel::{ProductId, SellerId},
    search::{BANDS, CERTIFICATES, Facets, Matches, QUANTITIES, Query, Reading, Sort},
};
use meilisearch_sdk::search::{
    MatchingStrategies, MultiSearchQuery, SearchQuery, SearchResults, Selectors,
};
use serde::Deserialize;
use std::collections::HashMap;

/// Shops that are counted by name.
const MOST_SELLERS: usize = 50;

/// A result as far as it is read.
#[derive(Debug, Deserialize)]
pub(super) struct Hit {
    pub(super) id: String,
    /// Only asked for where slips are looked for.
    #[serde(default)]
    pub(super) slips: Vec<String>,
}

pub(super) type Answer = SearchResults<Hit>;

/// Which of the results are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    /// None: how many there are, exactly.
    Count,
    /// The first ones, and how many there are, exactly.
    First(usize),
    /// Some of them; how many there are is not told.
    From(usize, usize),
}

/// One question.
#[derive(Debug)]
pub(super) struct Ask {
    q: String,
    filter: String,
    facets: Vec<&'static str>,
    span: Span,
    sort: &'static [&'static str],
    is_forgiving: bool,
}

impl Ask {
    pub(super) fn new(q: String, filter: String, span: Span) -> Self {
        Self { q, filter, facets: Vec::new(), span, sort: &[], is_forgiving: false }
    }

    /// Slips are forgiven; the words that were found are told.
    pub(super) fn forgiving(q: String, filter: String, most: usize) -> Self {
        Self { is_forgiving: true, ..Self::new(q, filter, Span::First(most)) }
    }

    fn counting(self, facets: Vec<&'static str>) -> Self {
        Self { facets, ..self }
    }

    fn request<'a>(&'a self, index: &'a ServerIndex) -> SearchQuery<'a, super::wire::Patient> {
        let (fields, told): (&[&str], &[&str]) =
            if self.is_forgiving { (&SLIPS, &["id", "slips"]) } else { (&FIELDS, &["id"]) };
        let mut one = SearchQuery::new(index);
        one.with_query(&self.q)
            .with_filter(&self.filter)
            .with_attributes_to_search_on(fields)
            .with_attributes_to_retrieve(Selectors::Some(told))
            .with_matching_strategy(MatchingStrategies::ALL);
        match self.span {
            Span::Count => one.with_page(1).with_hits_per_page(0),
            Span::First(most) => one.with_page(1).with_hits_per_page(most),
            Span::From(offset, limit) => one.with_offset(offset).with_limit(limit),
        };
        if !self.facets.is_empty() {
            one.with_facets(Selectors::Some(&self.facets));
        }
        if !self.sort.is_empty() {
            one.with_sort(self.sort);
        }
        one
    }
}

/// Asks all at once; the answers come in the order of the questions.
pub(super) async fn ask(server: &Server, uid: &str, asks: &[Ask]) -> anyhow::Result<Vec<Answer>> {
    if asks.is_empty() {
        return Ok(Vec::new());
    }
    let index = server.index(uid);
    let mut all = MultiSearchQuery::new(server);
    for one in asks {
        all.with_search_query(one.request(&index));
    }
    let answers = all.execute::<Hit>().await?.results;
    anyhow::ensure!(
        answers.len() == asks.len(),
        "{} answers to {} questions",
        answers.len(),
        asks.len()
    );
    Ok(answers)
}

/// How many results there are.
pub(super) fn total(answer: &Answer) -> usize {
    answer.total_hits.unwrap_or_default()
}

fn sorting(sort: Sort) -> &'static [&'static str] {
    match sort {
        Sort::Relevance => &[],
        Sort::PriceUp => &["price:asc", "published:desc"],
        Sort::PriceDown => &["price:desc", "published:desc"],
        Sort::Newest => &["published:desc"],
        Sort::BestSelling => &["sold:desc", "published:desc"],
    }
}

/// One page and its counts.
pub(super) struct Page<'a> {
    pub(super) server: &'a Server,
    pub(super) uid: &'a str,
    pub(super) query: &'a Query,
    pub(super) filters: &'a Filters,
}

impl Page<'_> {
    /// What `question` finds. The first page takes one request, others a second one.
    pub(super) async fn of(
        &self,
        question: &Question,
        reading: Reading,
    ) -> anyhow::Result<Matches> {
        let (offset, length) = (self.query.offset(), self.query.length());
        let mut asks = self.counts(question);
        let counts = asks.len();
        let tiers = self.tiers(question);
        let span = if offset == 0 { Span::First(length) } else { Span::Count };
        asks.extend(tiers.iter().map(|filter| self.tier(question, filter, span)));
        let answers = ask(self.server, self.uid, &asks).await?;
        let (counted, found) = answers.split_at(counts);
        let total = total(&counted[0]);
        let ids = if offset == 0 {
            found.iter().flat_map(ids).take(length).collect()
        } else if offset < total {
            self.later(question, &tiers, found).await?
        } else {
            Vec::new()
        };
        Ok(Matches {
            ids,
            total,
            facets: self.facets(counted),
            reading,
            words: question.looked_for(),
        })
    }

    /// The filters under which results come, one after the other.
    fn tiers(&self, question: &Question) -> Vec<String> {
        let all = self.filters.all();
        let tiers = if self.query.sort == Sort::Relevance { question.tiers() } else { Vec::new() };
        if tiers.is_empty() {
            vec![all]
        } else {
            tiers.iter().map(|tier| both(&all, tier)).collect()
        }
    }

    fn tier(&self, question: &Question, filter: &str, span: Span) -> Ask {
        Ask { sort: sorting(self.query.sort), ..Ask::new(question.text(), filter.to_owned(), span) }
    }

    /// A page that is not the first: it may begin in one tier and end in the next.
    async fn later(
        &self,
        question: &Question,
        tiers: &[String],
        counted: &[Answer],
    ) -> anyhow::Result<Vec<ProductId>> {
        let (mut skip, mut missing) = (self.query.offset(), self.query.length());
        let mut asks = Vec::new();
        for (filter, size) in tiers.iter().zip(counted.iter().map(total)) {
            let here = size.saturating_sub(skip).min(missing);
            if here > 0 {
                asks.push(self.tier(question, filter, Span::From(skip, here)));
                missing -= here;
            }
            skip = skip.saturating_sub(size);
        }
        let answers = ask(self.server, self.uid, &asks).await?;
        Ok(answers.iter().flat_map(ids).collect())
    }

    /// The whole with the counts of all groups in which nothing is chosen, then each group in which
    /// something is, then what is delivered: [`Page::facets`] reads them in this order.
    fn counts(&self, question: &Question) -> Vec<Ask> {
        let count = |filter| Ask::new(question.text(), filter, Span::Count);
        let open = Group::COUNTED.into_iter().filter(|group| !self.filters.has(*group));
        let facets = open.filter_map(Group::field).chain(["path"]).collect();
        let mut asks = vec![count(self.filters.all()).counting(facets)];
        for (group, field) in self.chosen() {
            asks.push(count(self.filters.without(group)).counting(vec![field]));
        }
        asks.extend(self.filters.delivered().map(count));
        asks
    }

    fn chosen(&self) -> impl Iterator<Item = (Group, &'static str)> {
        let chosen = Group::COUNTED.into_iter().filter(|group| self.filters.has(*group));
        chosen.filter_map(|group| Some((group, group.field()?)))
    }

    fn facets(&self, counted: &[Answer]) -> Facets {
        let counts = Counts(
            counted.iter().filter_map(|answer| answer.facet_distribution.as_ref()).collect(),
        );
        let of = |field: &str, value: &str| counts.of(field).get(value).copied().map_or(0, small);
        let mut facets = Facets {
            categories: counts.sorted("path", |slug| Some(slug.to_owned())),
            communes: counts.sorted("commune", |code| Some(code.to_owned())),
            certificates: CERTIFICATES
                .iter()
                .map(|known| (known.0.to_owned(), of("certificates", known.0)))
                .filter(|(_, n)| *n > 0)
                .collect(),
            bands: BANDS.map(|band| of("band", band.key)),
            quantities: QUANTITIES.map(|range| of("quantity", range.key)),
            sellers: counts.sorted("seller", |id| id.parse().ok().map(SellerId)),
            in_stock: of("in_stock", "true"),
            ..Facets::default()
        };
        facets.business = facets.quantities.iter().sum();
        facets.sellers.truncate(MOST_SELLERS);
        facets.certificates.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        if self.filters.delivered().is_some() {
            facets.delivered = counted.last().map(total).map_or(0, small);
        }
        facets
    }
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn ids(answer: &Answer) -> impl Iterator<Item = ProductId> {
    answer.hits.iter().filter_map(|hit| hit.result.id.parse().ok().map(ProductId))
}

/// Counts of values, by fact.
struct Counts<'a>(Vec<&'a HashMap<String, HashMap<String, usize>>>);

impl Counts<'_> {
    fn of(&self, field: &str) -> HashMap<&str, usize> {
        let values = self.0.iter().find_map(|counts| counts.get(field));
        values.into_iter().flatten().map(|(value, n)| (value.as_str(), *n)).collect()
    }

    /// The greatest count first.
    fn sorted<K: Ord>(&self, field: &str, key: impl Fn(&str) -> Option<K>) -> Vec<(K, u32)> {
        let values = self.of(field).into_iter().filter(|(_, n)| *n > 0);
        let mut all: Vec<(K, u32)> =
            values.filter_map(|(value, n)| Some((key(value)?, small(n)))).collect();
        all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all
    }
}
