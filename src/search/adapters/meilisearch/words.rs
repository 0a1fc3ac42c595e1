//! Words in the forms in which the server is to see them: it gets nothing but small letters without
//! marks and digits, so what is found does not depend on how it takes Vietnamese text apart.

use crate::{
    kernel::fold,
    search::language::{exact, quantities, split},
};
use unicode_normalization::UnicodeNormalization;

/// Longer words are cut; no word that is sold is longer.
const LONGEST: usize = 40;
/// Put before words in which a slip is forgiven. The server forgives by a word's length alone, in every
/// field and every question; only words that are made longer by this reach that length ([`ONE_SLIP`]), so
/// the same index can be asked to the letter and forgivingly.
const PAD: &str = "zzzzzzzzzzzzzzzz";
/// The least length of a word in which the server forgives one slip: four letters and the pad.
pub(super) const ONE_SLIP: u8 = 4 + PAD.len() as u8;
/// The same for two slips.
pub(super) const TWO_SLIPS: u8 = 8 + PAD.len() as u8;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) folded: String,
    /// As [`exact`] gives it.
    pub(super) marked: String,
}

impl Word {
    pub(super) fn of(written: &str) -> Self {
        let written: String = written.chars().take(LONGEST).collect();
        Self { folded: fold(&written), marked: exact(&written) }
    }

    /// A word that is known without its marks only.
    pub(super) fn plain(folded: &str) -> Self {
        Self { folded: folded.to_owned(), marked: folded.to_owned() }
    }

    /// The spelling with its marks in ASCII, the marks as digits: `bàn` is `ban2`, `được` is `d9u7o7c5`.
    pub(super) fn keyed(&self) -> String {
        let mut keyed = String::new();
        for c in self.marked.nfd() {
            match c {
                '\u{301}' => keyed.push('1'),
                '\u{300}' => keyed.push('2'),
                '\u{309}' => keyed.push('3'),
                '\u{303}' => keyed.push('4'),
                '\u{323}' => keyed.push('5'),
                '\u{302}' => keyed.push('6'),
                '\u{31b}' => keyed.push('7'),
                '\u{306}' => keyed.push('8'),
                'đ' => keyed.push_str("d9"),
                other => keyed.push(other),
            }
        }
        keyed
    }

    /// The form in which a slip is forgiven; words with digits have none but themselves.
    pub(super) fn padded(&self) -> String {
        let is_word = self.folded.bytes().all(|byte| byte.is_ascii_alphabetic());
        if is_word { format!("{PAD}{}", self.folded) } else { self.folded.clone() }
    }
}

/// What [`Word::padded`] was made from.
pub(super) fn unpadded(text: &str) -> &str {
    text.strip_prefix(PAD).unwrap_or(text)
}

/// The words of a text; a quantity is one word, in one form for each way to write it (`0,5 kg`: `500g`).
pub(super) fn words(text: &str) -> Vec<Word> {
    let text: String = text.nfc().collect();
    let mut words = Vec::new();
    let mut at = 0;
    for (range, form) in quantities(&text) {
        words.extend(split(&text[at..range.start]).map(Word::of));
        words.push(Word::plain(form.trim_start_matches('=')));
        at = range.end;
    }
    words.extend(split(&text[at..]).map(Word::of));
    words.retain(|word| !word.folded.is_empty());
    words
}

/// The words of a text without their marks.
pub(super) fn spelt(text: &str) -> String {
    joined(&words(text))
}

/// The words without their marks, one after the other.
pub(super) fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ")
}

/// The same with their marks, as [`Word::keyed`] writes them.
pub(super) fn keyed(words: &[Word]) -> String {
    words.iter().map(Word::keyed).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_plain_words_and_quantities() {
        assert_eq!(spelt("Cà phê ĐẮK-LẮK, gói 0,5 kg!"), "ca phe dak lak goi 500g");
        assert_eq!(spelt("Ca\u{300} phe\u{302} 1 li\u{301}t"), "ca phe 1000ml");
        assert_eq!(spelt("\u{301}\u{301} …"), "");
    }

    #[test]
    fn marks_become_digits() {
        for (word, keyed) in
            [("bàn", "ban2"), ("được", "d9u7o7c5"), ("Phê", "phe6"), ("ca", "ca"), ("mắm", "ma8m1")]
        {
            assert_eq!(Word::of(word).keyed(), keyed, "{word}");
        }
        assert_eq!(Word::of("hoà").keyed(), Word::of("hòa").keyed());
    }

    #[test]
    fn only_words_of_letters_are_padded() {
        let word = Word::of("Thoại");
        assert_eq!(word.padded().len(), usize::from(ONE_SLIP) + 1);
        assert_eq!(unpadded(&word.padded()), "thoai");
        assert_eq!(Word::of("500g").padded(), "500g");
    }
}
