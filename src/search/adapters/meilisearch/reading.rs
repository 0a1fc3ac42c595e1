//! What else may have been meant, where nothing has all the words as they were typed.
//!
//! Two requests: the first asks for each word alone, and forgivingly; the second how much each of the
//! readings would find that can be made of that. The nearest to what was typed is taken.

use super::{
    answers::{Answer, Ask, Span, ask, total},
    question::Question,
    wire::Server,
    words::{Word, unpadded},
};
use crate::search::{
    Lexicon, Reading,
    language::{as_meant, likelihood, shown},
};
use std::collections::HashMap;

/// Results whose words are compared with those that were typed.
const COMPARED: usize = 40;

/// Looks for another reading.
pub(super) struct Reader<'a> {
    pub(super) server: &'a Server,
    pub(super) uid: &'a str,
    pub(super) lexicon: &'a Lexicon,
    /// What may be found at all.
    pub(super) scope: &'a str,
}

/// What is known of a term of the question.
struct Known<'a> {
    words: &'a [Word],
    /// How many have it, as it was typed.
    count: usize,
    /// What it may have been meant to be.
    instead: Option<Instead>,
}

struct Instead {
    word: Word,
    /// Made by the same keys with the input method on: this is no slip.
    is_spelling: bool,
}

impl Known<'_> {
    /// The term, or what its keys would have made where nothing is called as it was typed.
    fn as_spelt(&self) -> Vec<Word> {
        match &self.instead {
            Some(instead) if self.count == 0 && instead.is_spelling => vec![instead.word.clone()],
            _ => self.words.to_vec(),
        }
    }

    /// The nearest to the term of which there is something.
    fn best(&self) -> Option<Vec<Word>> {
        match &self.instead {
            _ if self.count > 0 => Some(self.words.to_vec()),
            Some(instead) => Some(vec![instead.word.clone()]),
            None => None,
        }
    }
}

impl Reader<'_> {
    /// The nearest reading that finds something.
    pub(super) async fn read(
        &self,
        question: &Question,
    ) -> anyhow::Result<Option<(Question, Reading)>> {
        let words = question.words();
        let (known, corrected) = self.look(question, &words).await?;
        let readings = self.readings(question, &known, corrected);
        let count = |(question, _): &(Question, _)| {
            Ask::new(question.text(), self.scope.to_owned(), Span::Count)
        };
        let asks: Vec<Ask> = readings.iter().map(count).collect();
        let answers = ask(self.server, self.uid, &asks).await?;
        let mut found = readings.into_iter().zip(answers).filter(|(_, answer)| total(answer) > 0);
        Ok(found.next().map(|(reading, _)| reading))
    }

    /// Asks for each term alone, and for all words forgivingly.
    async fn look<'a>(
        &self,
        question: &'a Question,
        words: &[Word],
    ) -> anyhow::Result<(Vec<Known<'a>>, Option<Vec<Word>>)> {
        let scope = || self.scope.to_owned();
        let mut asks = vec![Ask::forgiving(question.forgiving(), scope(), COMPARED)];
        let meant: Vec<Option<Word>> = question
            .terms
            .iter()
            .map(|term| {
                term.word().and_then(|word| as_meant(&word.marked)).map(|text| Word::of(&text))
            })
            .collect();
        for (term, meant) in question.terms.iter().zip(&meant) {
            let slip = term.word().map(Word::padded).unwrap_or_default();
            let meant =
                meant.as_ref().map_or_else(|| term.alone(), |word| format!("\"{}\"", word.folded));
            asks.push(Ask::new(term.alone(), scope(), Span::Count));
            asks.push(Ask::new(meant, scope(), Span::Count));
            asks.push(Ask::forgiving(slip, scope(), COMPARED));
        }
        let answers = ask(self.server, self.uid, &asks).await?;
        let corrected = corrected(words, &answers[0]);
        let mut known = Vec::new();
        for ((term, meant), told) in
            question.terms.iter().zip(meant).zip(answers[1..].chunks_exact(3))
        {
            let spelling = meant.filter(|_| total(&told[1]) > 0);
            let slip = || {
                let word = term.word()?;
                corrected_alone(word, &told[2])
            };
            let instead = match spelling {
                Some(word) => Some(Instead { word, is_spelling: true }),
                None => slip().map(|word| Instead { word, is_spelling: false }),
            };
            known.push(Known { words: &term.words, count: total(&told[0]), instead });
        }
        Ok((known, corrected))
    }

    /// What may have been meant, the nearest to what was typed first.
    fn readings(
        &self,
        question: &Question,
        known: &[Known],
        corrected: Option<Vec<Word>>,
    ) -> Vec<(Question, Reading)> {
        let of = |words: &[Word]| Question::of(words, Some(self.lexicon));
        let mut all = Vec::new();
        if question.has_synonyms() {
            // The server may not have learnt the operator's words yet.
            all.push((Question::of(&question.words(), None), Reading::AsTyped));
        }
        let spelt: Vec<Word> = known.iter().flat_map(Known::as_spelt).collect();
        if spelt != question.words() {
            all.push((of(&spelt), Reading::AsTyped));
        }
        let kept: Vec<(usize, Vec<Word>)> =
            known.iter().filter_map(|known| Some((known.count, known.best()?))).collect();
        let repaired =
            (kept.len() == known.len()).then(|| kept.iter().flat_map(|k| k.1.clone()).collect());
        for words in
            corrected.into_iter().chain(repaired).filter(|words| *words != question.words())
        {
            let told = words.iter().map(|word| shown(&word.marked)).collect::<Vec<_>>().join(" ");
            all.push((of(&words), Reading::Corrected { words: told, as_typed: 0 }));
        }
        for words in fewer(&kept, known.len()) {
            let most = words.len() * 2 > known.len();
            let reading = if most { Reading::MostWords } else { Reading::SomeWords };
            all.push((of(&words.concat()), reading));
        }
        all
    }
}

/// Choices of fewer terms than were `asked` for, the better first: without those that nothing has, then
/// without any one, the commonest first, then only the rarest.
fn fewer(kept: &[(usize, Vec<Word>)], asked: usize) -> Vec<Vec<Vec<Word>>> {
    let mut by_count: Vec<usize> = (0..kept.len()).collect();
    by_count.sort_by_key(|i| kept[*i].0);
    let without = |left_out: &[usize]| -> Vec<Vec<Word>> {
        let others = (0..kept.len()).filter(|i| !left_out.contains(i));
        others.map(|i| kept[i].1.clone()).collect()
    };
    let mut all = Vec::new();
    if kept.len() < asked {
        all.push(without(&[]));
    }
    all.extend(by_count.iter().rev().map(|i| without(&[*i])));
    all.extend((1..kept.len().saturating_sub(1)).rev().map(|rarest| without(&by_count[rarest..])));
    all.retain(|words| !words.is_empty());
    all
}

/// The words that `typed` was most likely meant to be: those of one of the results.
fn corrected(typed: &[Word], answer: &Answer) -> Option<Vec<Word>> {
    let mut found: HashMap<Vec<&str>, (f32, usize)> = HashMap::new();
    for hit in &answer.hits {
        let there: Vec<&str> = hit.result.slips.iter().map(|text| unpadded(text)).collect();
        let nearest: Option<Vec<(&str, f32)>> = typed
            .iter()
            .enumerate()
            .map(|(i, word)| nearest(&word.folded, &there, i + 1 == typed.len()))
            .collect();
        let Some(nearest) = nearest else { continue };
        let chance = nearest.iter().map(|(_, chance)| chance).sum();
        let words = nearest.into_iter().map(|(word, _)| word).collect();
        found.entry(words).or_insert((chance, 0)).1 += 1;
    }
    let weight = |(chance, n): (f32, usize)| chance + (n as f32).ln();
    let best =
        found.into_iter().max_by(|a, b| weight(a.1).total_cmp(&weight(b.1)).then(b.0.cmp(&a.0)))?;
    let same = |(typed, meant): (&Word, &str)| {
        if typed.folded == meant { typed.clone() } else { Word::plain(meant) }
    };
    Some(typed.iter().zip(best.0).map(same).collect())
}

fn corrected_alone(typed: &Word, answer: &Answer) -> Option<Word> {
    let found = corrected(std::slice::from_ref(typed), answer)?;
    found.into_iter().find(|word| word.folded != typed.folded)
}

/// The word among those `there` that `typed` was most likely meant to be. The last word may be only begun.
fn nearest<'a>(typed: &str, there: &[&'a str], is_last: bool) -> Option<(&'a str, f32)> {
    if let Some(same) = there.iter().find(|word| **word == typed) {
        return Some((same, 0.0));
    }
    let allowed = match typed.chars().count() {
        _ if !typed.bytes().all(|byte| byte.is_ascii_alphabetic()) => 0,
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    // Letters wrong, missing, too many, or two of them exchanged.
    let near = there.iter().filter(|word| strsim::osa_distance(typed, word) <= allowed);
    let slip = near.map(|word| (*word, likelihood(typed, word))).max_by(|a, b| a.1.total_cmp(&b.1));
    let begun =
        || there.iter().find(|word| is_last && word.starts_with(typed)).map(|word| (*word, -1.5));
    slip.or_else(begun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_read_as_fingers_make_them() {
        for (typed, meant) in [("banh", "bannh"), ("bahn", "banh"), ("nuoo", "nuoc")] {
            assert_eq!(nearest(typed, &["xoai", meant], true).map(|n| n.0), Some(meant));
        }
        assert_eq!(nearest("muocc", &["nuoc"], true), None, "two slips in a short word");
        assert_eq!(nearest("thaoi", &["dien", "thoai", "thao"], true).map(|n| n.0), Some("thoai"));
        assert_eq!(nearest("gao", &["bao"], true), None, "too short for a slip");
        assert_eq!(nearest("thu", &["thuong"], true).map(|n| n.0), Some("thuong"));
        assert_eq!(nearest("thu", &["thuong"], false), None);
    }

    #[test]
    fn the_commonest_word_is_given_up_first() {
        let word = |count, text: &str| (count, vec![Word::plain(text)]);
        let kept = [word(5, "a"), word(90, "b"), word(1, "c")];
        let told: Vec<String> = fewer(&kept, 4)
            .iter()
            .map(|words| super::super::words::joined(&words.concat()))
            .collect();
        assert_eq!(told, ["a b c", "a c", "b c", "a b", "c"]);
        assert!(fewer(&kept[..1], 1).is_empty());
    }
}
