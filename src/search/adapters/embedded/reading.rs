//! What the words of a question may mean, seen from the words of the goods: keys of an input method that
//! was off, words stuck together or split, slips of the finger.
//!
//! A slip is put right as a noisy channel is decoded: for each word those that may be meant, each with how
//! likely it is that it became what was typed; of all ways through them the one is taken whose words stand
//! side by side most often in names of goods.

use super::{schema::Fields, vocabulary::Vocabulary};
use crate::{
    kernel::fold,
    search::language::{as_meant, exact, likelihood, shown},
};
use std::{cell::RefCell, collections::HashMap};
use tantivy::{Searcher, Term, schema::Field};

/// Words that may be meant by one that was typed.
const MOST_CANDIDATES: usize = 10;
/// Completions that stand for a half-typed word.
pub(super) const COMPLETIONS: usize = 16;
/// How likely it is that a word was typed with the input method off, or only begun.
const KEYS: f32 = -0.7;
const BEGUN: f32 = -1.5;
/// How likely it is that a word was meant that no goods are called.
const UNKNOWN: f32 = -20.0;
/// By how much another reading must be likelier, where something has all of the typed words.
const MARGIN: f32 = 3.0;
/// How much of a word's chance does not depend on the word before it.
const ALONE: f32 = 0.05;

/// Names that have a word which hardly anybody writes.
const RARELY: u64 = 20;
/// How many times as often two words must stand side by side as they are written together.
const OFTENER: u64 = 10;

/// A word of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) folded: String,
    /// As [`exact`] gives it.
    pub(super) marked: String,
}

impl Word {
    pub(super) fn of(typed: &str) -> Self {
        Self { folded: fold(typed), marked: exact(typed) }
    }

    pub(super) fn has_marks(&self) -> bool {
        self.folded != self.marked
    }
}

struct Candidate {
    word: Word,
    chance: f32,
}

/// The words of the goods.
pub(super) struct Reader<'a> {
    pub(super) fields: &'a Fields,
    pub(super) searcher: &'a Searcher,
    pub(super) vocabulary: &'a Vocabulary,
    /// How often neighbours stand side by side, as far as it was asked.
    pairs: RefCell<HashMap<String, u64>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        fields: &'a Fields,
        searcher: &'a Searcher,
        vocabulary: &'a Vocabulary,
    ) -> Self {
        Self { fields, searcher, vocabulary, pairs: RefCell::default() }
    }

    fn count(&self, field: Field, text: &str) -> u64 {
        self.searcher.doc_freq(&Term::from_field_text(field, text)).unwrap_or_default()
    }

    pub(super) fn is_known(&self, folded: &str) -> bool {
        let f = self.fields;
        [f.name, f.category, f.attribute, f.description]
            .into_iter()
            .any(|field| self.count(field, folded) > 0)
    }

    fn pair(&self, first: &str, second: &str) -> u64 {
        let pair = format!("{first}_{second}");
        if let Some(n) = self.pairs.borrow().get(&pair) {
            return *n;
        }
        let n = self.count(self.fields.pairs, &pair);
        self.pairs.borrow_mut().insert(pair, n);
        n
    }

    /// The words with keys turned into the syllables that they would have made, and those parted that are
    /// written together, where nothing is called as it was typed.
    pub(super) fn spelt(&self, typed: &[&str]) -> Vec<Word> {
        let mut words = Vec::new();
        for text in typed {
            let word = Word::of(text);
            if self.is_known(&word.folded) {
                words.push(word);
            } else if let Some(made) = as_meant(text).map(|made| Word::of(&made))
                && self.is_known(&made.marked)
            {
                words.push(made);
            } else if let Some((left, right)) = self.parted(&word.folded) {
                words.extend([Word::of(&left), Word::of(&right)]);
            } else {
                words.push(word);
            }
        }
        words
    }

    /// `caphe`: two words that stand side by side in names.
    fn parted(&self, folded: &str) -> Option<(String, String)> {
        if folded.len() < 4 || !folded.bytes().all(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        let parts = (1..folded.len()).map(|at| folded.split_at(at));
        let counted = parts.map(|(left, right)| (self.pair(left, right), left, right));
        let (n, left, right) = counted.max_by_key(|(n, ..)| *n)?;
        let slip = self.vocabulary.near(folded, 1).first().map_or(0, |(_, n)| *n);
        (n > u64::from(slip)).then(|| (left.to_owned(), right.to_owned()))
    }

    /// The two words that a word which hardly anybody writes stands for: `caphe`, though one listing has it so.
    pub(super) fn also_parted(&self, word: &Word) -> Option<[Word; 2]> {
        let f = self.fields;
        let fields = [f.name, f.category, f.attribute, f.description];
        let written = fields.map(|field| self.count(field, &word.folded)).into_iter().max()?;
        if written > RARELY {
            return None;
        }
        let (left, right) = self.parted(&word.folded)?;
        let is_for = self.pair(&left, &right) >= written.saturating_mul(OFTENER);
        is_for.then(|| [Word::of(&left), Word::of(&right)])
    }

    /// Whether two neighbours are written together somewhere: `ca phe` as `caphe`.
    pub(super) fn joined(&self, first: &Word, second: &Word) -> Option<String> {
        let together = format!("{}{}", first.folded, second.folded);
        let f = self.fields;
        let known = [f.name, f.attribute].into_iter().any(|field| self.count(field, &together) > 0);
        known.then_some(together)
    }

    /// Whether a slip is to be looked for: a word that nothing has, or two that never stand side by side.
    pub(super) fn is_odd(&self, words: &[Word]) -> bool {
        let is_number = |word: &Word| word.folded.contains(|c: char| c.is_ascii_digit());
        let is_unseen = |two: &[Word]| {
            !two.iter().any(is_number) && self.pair(&two[0].folded, &two[1].folded) == 0
        };
        words.iter().any(|word| !is_number(word) && !self.is_known(&word.folded))
            || words.windows(2).any(is_unseen)
    }

    /// Likelier words than those that were typed; much likelier, where these `are_found` somewhere.
    pub(super) fn corrected(&self, words: &[Word], are_found: bool) -> Option<Vec<Word>> {
        let choices: Vec<Vec<Candidate>> = words
            .iter()
            .enumerate()
            .map(|(i, word)| self.candidates(word, i + 1 == words.len()))
            .collect();
        // The likeliest way in which this word or that is another one.
        let others = (0..words.len()).filter_map(|changed| {
            let mut choices: Vec<Vec<&Candidate>> =
                choices.iter().map(|choices| choices.iter().collect()).collect();
            choices[changed].retain(|candidate| candidate.word != words[changed]);
            self.likeliest(&choices)
        });
        let (best, chance) = others.max_by(|a, b| a.1.total_cmp(&b.1))?;
        let typed: Vec<Candidate> = words.iter().map(|word| self.as_typed(word)).collect();
        let typed: Vec<Vec<&Candidate>> = typed.iter().map(|word| vec![word]).collect();
        let as_typed = self.likeliest(&typed).map_or(f32::MIN, |(_, chance)| chance);
        let margin = if are_found { MARGIN } else { 0.0 };
        (chance > as_typed + margin).then_some(best)
    }

    fn candidates(&self, word: &Word, is_last: bool) -> Vec<Candidate> {
        let mut all = Vec::new();
        let frequency = self.vocabulary.frequency(&word.folded);
        if frequency > 0 || self.is_known(&word.folded) {
            all.push(self.as_typed(word));
        }
        if let Some(made) =
            as_meant(&word.folded).filter(|_| !word.has_marks()).map(|made| Word::of(&made))
            && self.is_known(&made.marked)
        {
            all.push(Candidate { word: made, chance: KEYS });
        }
        if is_last && word.folded.len() >= 2 && frequency == 0 {
            for (folded, _) in self.vocabulary.completions(&word.folded, 3) {
                all.push(Candidate { word: self.rewritten(word, folded), chance: BEGUN });
            }
        }
        if word.folded.len() >= 2 && word.folded.bytes().all(|b| b.is_ascii_alphabetic()) {
            for (folded, _) in self.vocabulary.near(&word.folded, 40) {
                let chance = likelihood(&word.folded, &folded);
                all.push(Candidate { word: self.rewritten(word, folded), chance });
            }
        }
        if all.is_empty() {
            all.push(self.as_typed(word));
        }
        let likely = |candidate: &Candidate| candidate.chance + self.share(&candidate.word).ln();
        all.sort_by(|a, b| likely(b).total_cmp(&likely(a)));
        all.truncate(MOST_CANDIDATES);
        all
    }

    fn as_typed(&self, word: &Word) -> Candidate {
        let is_word =
            word.folded.contains(|c: char| c.is_ascii_digit()) || self.is_known(&word.folded);
        Candidate { word: word.clone(), chance: if is_word { 0.0 } else { UNKNOWN } }
    }

    /// Another word, with the marks that the typed one carried.
    fn rewritten(&self, typed: &Word, folded: String) -> Word {
        let marked =
            if typed.has_marks() { self.vocabulary.marked(&folded, &typed.marked) } else { None };
        let marked = marked.map_or_else(|| folded.clone(), str::to_owned);
        Word { folded, marked }
    }

    /// The chance of a word that stands alone or first: what things are called counts most.
    fn alone(&self, candidate: &Candidate) -> f32 {
        let heads = self.count(self.fields.head, &candidate.word.marked) as f32;
        let head = heads / (self.vocabulary.documents as f32 + 1.0);
        candidate.chance + (head + ALONE * self.share(&candidate.word)).ln()
    }

    fn share(&self, word: &Word) -> f32 {
        let frequency = self.vocabulary.frequency(&word.folded) as f32;
        (frequency + 0.1) / (self.vocabulary.documents as f32 + 1.0)
    }

    /// The likeliest way through the choices (Viterbi), and the logarithm of its chance.
    fn likeliest(&self, choices: &[Vec<&Candidate>]) -> Option<(Vec<Word>, f32)> {
        let mut paths: Vec<(Vec<&Word>, f32)> =
            choices.first()?.iter().map(|c| (vec![&c.word], self.alone(c))).collect();
        for next in &choices[1..] {
            let mut longer = Vec::new();
            for candidate in next {
                let chances = paths.iter().map(|(path, chance)| {
                    let last = path.last().copied();
                    chance + last.map_or(0.0, |last| self.follows(last, candidate))
                });
                let best = chances.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
                let Some((before, chance)) = best else { continue };
                let mut path = paths[before].0.clone();
                path.push(&candidate.word);
                longer.push((path, chance));
            }
            paths = longer;
        }
        let best = paths.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some((best.0.into_iter().cloned().collect(), best.1))
    }

    fn follows(&self, last: &Word, candidate: &Candidate) -> f32 {
        let together = self.pair(&last.folded, &candidate.word.folded) as f32;
        let before = self.vocabulary.frequency(&last.folded) as f32 + 1.0;
        let chance =
            (1.0 - ALONE) * (together / before).min(1.0) + ALONE * self.share(&candidate.word);
        candidate.chance + chance.ln()
    }
}

/// The words as a person would write them.
pub(super) fn written(words: &[Word]) -> String {
    words.iter().map(|word| shown(&word.marked)).collect::<Vec<_>>().join(" ")
}
