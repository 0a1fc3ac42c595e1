//! What was typed, as the server is asked for it.

use super::{
    documents::bare,
    filters::{both, equal, not},
    settings::{forms, token},
    words::{Word, words},
};
use crate::{kernel::fold, search::Lexicon};

/// The server looks at no more words of a question.
const MOST_WORDS: usize = 10;
/// Nobody types more.
const LONGEST: usize = 400;
/// Codes are not shorter or longer.
const CODE: std::ops::RangeInclusive<usize> = 3..=80;

/// What has to be there: a word, or an expression of the operator's in any of its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) words: Vec<Word>,
    /// Stands for the expression and those of the same meaning; see [`token`].
    token: Option<String>,
    /// The words of what means the same, without their marks.
    others: Vec<String>,
}

impl Term {
    fn text(&self) -> String {
        self.token.clone().unwrap_or_else(|| super::words::joined(&self.words))
    }

    /// Asks for the term alone and to the letter.
    pub(super) fn alone(&self) -> String {
        if self.token.is_some() { self.text() } else { format!("\"{}\"", self.text()) }
    }

    /// The word, unless it is an expression.
    pub(super) fn word(&self) -> Option<&Word> {
        if self.token.is_some() { None } else { self.words.first() }
    }
}

/// A question's words.
#[derive(Debug, Clone, Default)]
pub(super) struct Question {
    pub(super) terms: Vec<Term>,
    /// All that was typed, if it may be a code.
    code: Option<String>,
}

impl Question {
    /// From what was typed. Stop words are left out where others remain.
    pub(super) fn typed(q: &str, lexicon: &Lexicon) -> Self {
        let q: String = q.chars().take(LONGEST).collect();
        let all = words(&q);
        let has_marks = all.iter().any(|word| word.marked != word.folded);
        // Without marks a stop word may be any other word.
        let is_stop = |term: &Term| {
            has_marks && matches!(&*term.words, [word] if lexicon.stop_words.contains(&word.marked))
        };
        let mut terms = Self::of(&all, Some(lexicon)).terms;
        if !terms.iter().all(is_stop) {
            terms.retain(|term| !is_stop(term));
        }
        terms.truncate(MOST_WORDS);
        let code = bare(&q);
        let may_be = !q.trim().contains(char::is_whitespace)
            && CODE.contains(&code.len())
            && code.bytes().any(|byte| byte.is_ascii_digit());
        Self { terms, code: may_be.then_some(code) }
    }

    /// From words; without a lexicon they mean nothing but themselves.
    pub(super) fn of(words: &[Word], lexicon: Option<&Lexicon>) -> Self {
        let both: Vec<(&str, &str)> =
            words.iter().map(|w| (w.folded.as_str(), w.marked.as_str())).collect();
        let mut terms = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let known = lexicon.and_then(|lexicon| lexicon.synonyms.at(&both[at..]));
            let known = known.filter(|(_, others)| !others.is_empty());
            let (length, token, others) = match known {
                Some((length, others)) => {
                    let own = super::words::joined(&words[at..at + length]);
                    let token = token(&forms(own, &others));
                    let folded = others.into_iter().flatten().map(|word| fold(word)).collect();
                    (length, Some(token), folded)
                }
                None => (1, None, Vec::new()),
            };
            terms.push(Term { words: words[at..at + length].to_vec(), token, others });
            at += length;
        }
        Self { terms, code: None }
    }

    pub(super) fn words(&self) -> Vec<Word> {
        self.terms.iter().flat_map(|term| term.words.iter().cloned()).collect()
    }

    /// Whether it has expressions that mean more than themselves.
    pub(super) fn has_synonyms(&self) -> bool {
        self.terms.iter().any(|term| term.token.is_some())
    }

    /// The question as the server is asked.
    pub(super) fn text(&self) -> String {
        self.terms.iter().map(Term::text).collect::<Vec<_>>().join(" ")
    }

    /// The question as it is asked forgivingly.
    pub(super) fn forgiving(&self) -> String {
        self.words().iter().map(Word::padded).collect::<Vec<_>>().join(" ")
    }

    /// Filters that part the results into those that come first and those that follow: first what has
    /// the code that was typed, then what has every word in its name with the marks that were typed.
    /// Each result passes exactly one of them.
    ///
    /// The server's own rules cannot tell a word with its marks from one without; this can.
    pub(super) fn tiers(&self) -> Vec<String> {
        let words = self.words();
        let named = words
            .iter()
            .map(|word| equal("marks", &word.mark()))
            .reduce(|all, one| both(&all, &one));
        let code = self.code.as_ref().map(|code| equal("code", code));
        let mut tiers = Vec::new();
        let mut rest: Option<String> = None;
        for first in [code, named].into_iter().flatten() {
            let others = not(&first);
            tiers.push(rest.as_ref().map_or_else(|| first.clone(), |rest| both(rest, &first)));
            rest = Some(rest.map_or_else(|| others.clone(), |rest| both(&rest, &others)));
        }
        tiers.extend(rest);
        tiers
    }

    /// The words that are looked for, those of the same meaning too.
    pub(super) fn looked_for(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        let others = self.terms.iter().flat_map(|term| &term.others).map(String::as_str);
        let own = self.terms.iter().flat_map(|term| &term.words).map(|word| word.folded.as_str());
        for word in own.chain(others) {
            if !all.iter().any(|known| known == word) {
                all.push(word.to_owned());
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{Group, lexicon as read};

    fn lexicon() -> Lexicon {
        let group =
            |terms: [&str; 2]| Group { terms: terms.map(str::to_owned).into(), is_one_way: false };
        let groups =
            [group(["heo", "lợn"]), group(["cà phê", "cafe"]), group(["cho bé", "trẻ em"])];
        read(&groups, &["cho".to_owned()])
    }

    #[test]
    fn expressions_become_tokens_and_stop_words_are_left_out() {
        let question = Question::typed("Thịt lợn cho nhà", &lexicon());
        let token = |texts: [&str; 2]| token(&texts.map(str::to_owned));
        assert_eq!(question.text(), format!("thit {} nha", token(["heo", "lon"])));
        assert_eq!(question.looked_for(), ["thit", "lon", "nha", "heo"]);
        assert_eq!(Question::of(&question.words(), None).text(), "thit lon nha");
        assert_eq!(Question::typed("chờ", &lexicon()).text(), "cho");
        assert_eq!(Question::typed("thit cho nha", &lexicon()).text(), "thit cho nha", "no marks");
        let expression = Question::typed("sữa cho bé", &lexicon());
        assert_eq!(expression.text(), format!("sua {}", token(["cho be", "tre3 em"])));
    }

    #[test]
    fn results_are_parted_by_code_and_by_marks() {
        let lexicon = Lexicon::default();
        assert_eq!(
            Question::typed("bàn gỗ", &lexicon).tiers(),
            ["marks = 'ban2' AND marks = 'go64'", "NOT (marks = 'ban2' AND marks = 'go64')"]
        );
        let coded = Question::typed("SKU-2", &lexicon).tiers();
        assert_eq!(coded.len(), 3);
        assert_eq!(coded[0], "code = 'sku2'");
        assert!(coded[2].starts_with("NOT (code = 'sku2') AND NOT ("));
        assert!(Question::typed("…", &lexicon).tiers().is_empty());
    }

    #[test]
    fn nothing_that_is_typed_is_an_operator() {
        let question = Question::typed("-gạo \"bàn\" filter:x; ' OR 1=1", &Lexicon::default());
        assert_eq!(question.text(), "gao ban filter x or 1 1");
        assert!(
            Question::typed(&"a ".repeat(5_000), &Lexicon::default()).terms.len() <= MOST_WORDS
        );
    }
}
