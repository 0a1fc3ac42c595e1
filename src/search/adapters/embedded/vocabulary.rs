//! All words that names, categories and facts of goods are made of, for what is half typed or mistyped.

use super::schema::Fields;
use crate::kernel::fold;
use fst::{Automaton, IntoStreamer, Map, Streamer, automaton::Str};
use levenshtein_automata::LevenshteinAutomatonBuilder;
use std::{collections::HashMap, sync::LazyLock};
use tantivy::Searcher;

/// Longer words are not learnt.
const LONGEST: usize = 24;
/// In larger indexes a word has to be there twice: what is there once is mostly a slip itself.
const LARGE: u64 = 5_000;

/// In how many documents words count that no goods have.
const OTHER: u32 = 2;

static ONE: LazyLock<LevenshteinAutomatonBuilder> =
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));
static TWO: LazyLock<LevenshteinAutomatonBuilder> =
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));

#[derive(Default)]
pub(super) struct Vocabulary {
    /// Folded words, and how many documents have them.
    words: Option<Map<Vec<u8>>>,
    /// How folded words are written with their marks, the most frequent first.
    marked: HashMap<String, Vec<(String, u32)>>,
    /// Documents in the index from which it was learnt.
    pub(super) documents: u64,
}

impl Vocabulary {
    /// `others`: words that no goods need to have, because they mean the same as others that they have.
    pub(super) fn learn(
        searcher: &Searcher,
        fields: &Fields,
        others: impl Iterator<Item = String>,
    ) -> tantivy::Result<Self> {
        let mut counts: HashMap<String, u32> = others.map(|word| (word, OTHER)).collect();
        for segment in searcher.segment_readers() {
            for field in [fields.name, fields.category, fields.attribute] {
                let index = segment.inverted_index(field)?;
                let mut terms = index.terms().stream()?;
                while terms.advance() {
                    let Ok(word) = std::str::from_utf8(terms.key()) else { continue };
                    if word.len() <= LONGEST
                        && word.chars().all(|c| !c.is_ascii_digit() && c != '=')
                    {
                        *counts.entry(word.to_owned()).or_default() += terms.value().doc_freq;
                    }
                }
            }
        }
        let documents = searcher.num_docs();
        let least = if documents > LARGE { 2 } else { 1 };
        let is_word = |(word, n): &(&String, &u32)| word.is_ascii() && **n >= least;
        let mut plain: Vec<(&String, &u32)> = counts.iter().filter(is_word).collect();
        plain.sort_unstable();
        let words = Map::from_iter(plain.into_iter().map(|(word, n)| (word, u64::from(*n))));
        let mut marked: HashMap<String, Vec<(String, u32)>> = HashMap::new();
        for (word, n) in counts.iter().filter(|(w, _)| !w.is_ascii()) {
            marked.entry(fold(word)).or_default().push((word.clone(), *n));
        }
        for ways in marked.values_mut() {
            ways.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        }
        Ok(Self { words: words.ok(), marked, documents })
    }

    /// In how many documents a folded word is, as of when this was learnt.
    pub(super) fn frequency(&self, folded: &str) -> u32 {
        let n = self.words.as_ref().and_then(|words| words.get(folded)).unwrap_or_default();
        u32::try_from(n).unwrap_or(u32::MAX)
    }

    /// The most frequent words that begin with `folded` and go on.
    pub(super) fn completions(&self, folded: &str, most: usize) -> Vec<(String, u32)> {
        let begins = Str::new(folded).starts_with();
        let mut all = self.matching(begins);
        all.retain(|(word, _)| word.len() > folded.len());
        best(all, most)
    }

    /// The most frequent words one slip away, in longer words two.
    pub(super) fn near(&self, folded: &str, most: usize) -> Vec<(String, u32)> {
        let builder = if folded.len() >= 8 { &*TWO } else { &*ONE };
        let mut all = self.matching(builder.build_dfa(folded));
        all.retain(|(word, _)| word != folded);
        best(all, most)
    }

    /// How a folded word is written with its marks: as near as possible to `typed`, else most often.
    pub(super) fn marked(&self, folded: &str, typed: &str) -> Option<&str> {
        let ways = self.marked.get(folded)?;
        let apart = |way: &str| {
            let (a, b): (Vec<char>, Vec<char>) = (way.chars().collect(), typed.chars().collect());
            a.iter().filter(|c| !b.contains(c)).count()
                + b.iter().filter(|c| !a.contains(c)).count()
        };
        ways.iter().min_by_key(|(way, _)| apart(way)).map(|(way, _)| way.as_str())
    }

    fn matching<A: Automaton>(&self, automaton: A) -> Vec<(String, u32)> {
        let mut found = Vec::new();
        let Some(words) = &self.words else { return found };
        let mut stream = words.search(automaton).into_stream();
        while let Some((word, n)) = stream.next() {
            let word = String::from_utf8_lossy(word).into_owned();
            found.push((word, u32::try_from(n).unwrap_or(u32::MAX)));
        }
        found
    }
}

fn best(mut all: Vec<(String, u32)>, most: usize) -> Vec<(String, u32)> {
    all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.truncate(most);
    all
}
