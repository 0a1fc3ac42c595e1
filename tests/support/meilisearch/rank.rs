//! Which documents have the words of a question, and by which rules they come first.

use super::{index::Index, search::Strategy, text};
use serde_json::Value;

/// A word of a question, or some in quotes.
#[derive(Debug, Clone)]
pub(super) struct Term {
    pub(super) words: Vec<String>,
    pub(super) is_phrase: bool,
    /// It may be only the beginning of a word.
    pub(super) is_last: bool,
}

/// The searched words of a document, by field.
pub(super) struct Text(Vec<Vec<(usize, String)>>);

impl Text {
    pub(super) fn has_any(&self, words: &[String]) -> bool {
        self.0.iter().flatten().any(|(_, word)| words.contains(word))
    }

    fn all(&self) -> impl Iterator<Item = (usize, usize, &str)> {
        let fields = self.0.iter().enumerate();
        fields.flat_map(|(field, words)| {
            words.iter().map(move |(at, word)| (field, *at, word.as_str()))
        })
    }

    /// Where `words` stand side by side.
    fn phrase(&self, words: &[&str]) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        for (field, all) in self.0.iter().enumerate() {
            for window in all.windows(words.len().max(1)) {
                let follows = window
                    .iter()
                    .zip(words)
                    .enumerate()
                    .all(|(i, ((at, word), wanted))| word == wanted && *at == window[0].0 + i);
                if follows && !words.is_empty() {
                    places.push((field, window[0].0));
                }
            }
        }
        places
    }
}

/// Where something that was asked for stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    field: usize,
    at: usize,
    slips: usize,
    is_exact: bool,
}

/// How a document has the terms.
pub(super) struct Matched {
    terms: usize,
    slips: usize,
    /// For each term, or terms that were joined.
    places: Vec<Vec<Place>>,
}

/// One question over an index.
pub(super) struct Look<'a> {
    index: &'a Index,
    fields: Option<&'a [String]>,
    terms: &'a [Term],
    /// For each term the two words into which it is taken apart.
    parted: Vec<Option<(String, String)>>,
}

impl<'a> Look<'a> {
    pub(super) fn new(index: &'a Index, fields: Option<&'a [String]>, terms: &'a [Term]) -> Self {
        let mut own = Self { index, fields, terms, parted: Vec::new() };
        let texts: Vec<Text> = if terms.is_empty() {
            Vec::new()
        } else {
            index.documents.iter().map(|(_, document)| own.text(document)).collect()
        };
        own.parted = terms.iter().map(|term| parted(term, &texts)).collect();
        own
    }

    pub(super) fn text(&self, document: &Value) -> Text {
        let words = |value: &Value| {
            let mut words: Vec<(usize, String)> = Vec::new();
            for part in super::filter::values(value) {
                let from = words.last().map_or(0, |(at, _)| at + text::FAR);
                let own = text::words(&super::filter::shown(part));
                words.extend(own.into_iter().map(|(at, word)| (from + at, word)));
            }
            words
        };
        match (self.fields, document.as_object()) {
            (Some(fields), _) => Text(fields.iter().map(|name| words(&document[name])).collect()),
            (None, Some(all)) => Text(all.values().map(words).collect()),
            (None, None) => Text(Vec::new()),
        }
    }

    /// How many slips are forgiven in `word`.
    fn forgiven(&self, word: &str) -> usize {
        let length = word.chars().count();
        match self.index.settings.slips {
            Some((_, two)) if length >= two => 2,
            Some((one, _)) if length >= one => 1,
            _ => 0,
        }
    }

    /// Where the terms `from..to`, joined to one word if they are several, stand in `text`.
    fn places(&self, text: &Text, from: usize, to: usize) -> Vec<Place> {
        let terms = &self.terms[from..to];
        let joins = terms.len() - 1;
        let place = |slips, is_exact| move |(field, at)| Place { field, at, slips, is_exact };
        if let [Term { words, is_phrase: true, .. }] = terms {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            return text.phrase(&words).into_iter().map(place(0, true)).collect();
        }
        if terms.iter().any(|term| term.is_phrase) {
            return Vec::new();
        }
        let single: Vec<&str> = terms.iter().map(|term| term.words[0].as_str()).collect();
        let word = single.concat();
        let forgiven = self.forgiven(&word).saturating_sub(joins);
        let is_last = terms[joins].is_last;
        let mut places: Vec<Place> = text
            .all()
            .filter_map(|(field, at, there)| {
                let slips = distance(&word, there, is_last).filter(|slips| *slips <= forgiven)?;
                Some(Place {
                    field,
                    at,
                    slips: slips + joins,
                    is_exact: joins == 0 && there == word,
                })
            })
            .collect();
        for same in self.index.settings.synonyms.get(&single.join(" ")).into_iter().flatten() {
            let words: Vec<String> = text::words(same).into_iter().map(|(_, word)| word).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            places.extend(text.phrase(&words).into_iter().map(place(joins, false)));
        }
        if let (0, Some((left, right))) = (joins, &self.parted[from]) {
            places.extend(text.phrase(&[left, right]).into_iter().map(place(1, false)));
        }
        places
    }

    /// Whether `text` has the terms, or with [`Strategy::Last`] the first of them.
    pub(super) fn matched(&self, text: &Text, strategy: Strategy) -> Option<Matched> {
        let all = self.terms.len();
        let least = if strategy == Strategy::All { all } else { all.min(1) };
        // The best way to have the first terms, for each number of them.
        let mut ways: Vec<Option<(usize, Vec<Vec<Place>>)>> = vec![Some((0, Vec::new()))];
        for to in 1..=all {
            let mut best: Option<(usize, Vec<Vec<Place>>)> = None;
            for (from, way) in ways.iter().enumerate().skip(to.saturating_sub(3)) {
                let Some((before, places)) = way else { continue };
                let own = self.places(text, from, to);
                let Some(slips) = own.iter().map(|place| place.slips).min() else { continue };
                if best.as_ref().is_none_or(|(least, _)| before + slips < *least) {
                    let fewest = own.into_iter().filter(|place| place.slips == slips).collect();
                    best = Some((before + slips, places.iter().cloned().chain([fewest]).collect()));
                }
            }
            ways.push(best);
        }
        let longest = (least..=all).rev().find(|count| ways[*count].is_some())?;
        let (slips, places) = ways.swap_remove(longest)?;
        Some(Matched { terms: longest, slips, places })
    }

    /// What decides which document comes first: the smaller, the earlier, rule by rule.
    pub(super) fn key(
        &self,
        matched: &Matched,
        text: &Text,
        document: &Value,
        sort: &[String],
    ) -> Vec<f64> {
        let mut key = Vec::new();
        for rule in &self.index.settings.rules {
            match rule.as_str() {
                "sort" => key.extend(sort.iter().map(|rule| by_field(rule, document))),
                "words" => key.push(-(matched.terms as f64)),
                "typo" => key.push(matched.slips as f64),
                "proximity" => key.push(matched.distance() as f64),
                "attribute" => key.extend(matched.fields()),
                "attributeRank" => key.push(matched.fields()[0]),
                "exactness" => key.extend([-self.sameness(text), -matched.exact()]),
                other => key.push(by_field(other, document)),
            }
        }
        key
    }

    /// 2: a field is what was asked for; 1: one begins so.
    fn sameness(&self, text: &Text) -> f64 {
        let asked: Vec<&String> = self.terms.iter().flat_map(|term| &term.words).collect();
        let begins = |words: &&Vec<(usize, String)>| {
            words.len() >= asked.len()
                && words.iter().zip(&asked).all(|((_, word), asked)| word == *asked)
        };
        let found = text
            .0
            .iter()
            .filter(begins)
            .map(|words| if words.len() == asked.len() { 2.0 } else { 1.0 });
        if asked.is_empty() { 0.0 } else { found.fold(0.0, f64::max) }
    }
}

/// Numbers by size; what has none comes last.
fn by_field(rule: &str, document: &Value) -> f64 {
    let (name, order) = rule.rsplit_once(':').unwrap_or((rule, "asc"));
    let sign = if order == "desc" { -1.0 } else { 1.0 };
    document[name].as_f64().map_or(f64::INFINITY, |number| sign * number)
}

/// How far `there` is from the word that was asked for: one in the first letter counts twice.
fn distance(word: &str, there: &str, is_last: bool) -> Option<usize> {
    if word == there || (is_last && there.starts_with(word)) {
        return Some(0);
    }
    let slips =
        if is_last { text::slips_in_beginning(word, there) } else { text::slips(word, there) };
    let is_first = word.chars().next() != there.chars().next();
    match (slips, is_first) {
        (1, true) => Some(2),
        (_, true) => None,
        (slips, false) => Some(slips),
    }
}

/// The two words into which a term is taken apart: those that stand side by side in most documents.
fn parted(term: &Term, texts: &[Text]) -> Option<(String, String)> {
    let [word] = term.words.as_slice() else { return None };
    let cuts = word.char_indices().skip(1).map(|(at, _)| word.split_at(at));
    let counted = cuts.map(|(left, right)| {
        let has = |text: &&Text| !text.phrase(&[left, right]).is_empty();
        (texts.iter().filter(has).count(), left, right)
    });
    let (n, left, right) = counted.max_by_key(|(n, ..)| *n)?;
    (n > 0).then(|| (left.to_owned(), right.to_owned()))
}

impl Matched {
    /// How far apart the terms stand, each from the next.
    fn distance(&self) -> usize {
        let between =
            |one: &Place, other: &Place| match (one.field == other.field, one.at < other.at) {
                (false, _) => text::FAR,
                (true, true) => (other.at - one.at).min(text::FAR),
                (true, false) => (one.at - other.at + 1).min(text::FAR),
            };
        let pairs = self.places.windows(2).map(|two| {
            let all =
                two[0].iter().flat_map(|one| two[1].iter().map(move |other| between(one, other)));
            all.min().unwrap_or(text::FAR)
        });
        pairs.sum()
    }

    /// In which fields the terms stand, then how far inside.
    fn fields(&self) -> [f64; 2] {
        let best =
            self.places.iter().filter_map(|places| places.iter().map(|p| (p.field, p.at)).min());
        best.fold([0.0, 0.0], |[fields, places], (field, at)| {
            [fields + field as f64, places + at as f64]
        })
    }

    fn exact(&self) -> f64 {
        self.places.iter().filter(|places| places.iter().any(|place| place.is_exact)).count() as f64
    }
}
