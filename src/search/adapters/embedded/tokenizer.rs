//! Vietnamese words for the index.
//!
//! A syllable is emitted without its marks; where the spelling with marks differs, it is emitted at
//! the same position, so that "bàn" can rank above "bán" in one field. Neighbours are emitted
//! together (`ca_phe`), so that words standing side by side count more without a phrase query.

use crate::kernel::fold;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The spelling as typed, in small letters.
pub(super) fn exact(word: &str) -> String {
    word.nfc().flat_map(char::to_lowercase).collect()
}

/// The words of a text as they were written.
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || is_combining_mark(c))).filter(|w| !w.is_empty())
}

#[derive(Clone, Default)]
pub(super) struct Vietnamese {
    /// Also neighbours.
    pub(super) pairs: bool,
    tokens: Vec<Token>,
}

impl Vietnamese {
    pub(super) fn new(pairs: bool) -> Self {
        Self { pairs, tokens: Vec::new() }
    }
}

pub(super) struct Tokens<'a> {
    tokens: &'a mut [Token],
    next: usize,
}

impl Tokenizer for Vietnamese {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        self.tokens.clear();
        let start = text.as_ptr() as usize;
        let mut before: Option<(String, usize)> = None;
        for (position, word) in split(text).enumerate() {
            let from = word.as_ptr() as usize - start;
            let to = from + word.len();
            let folded = fold(word);
            let mut push = |text: String, offset_from, position, position_length| {
                self.tokens.push(Token {
                    offset_from,
                    offset_to: to,
                    position,
                    text,
                    position_length,
                });
            };
            let accented = exact(word);
            if accented != folded {
                push(accented, from, position, 1);
            }
            if let Some((last, last_to)) = &before
                && self.pairs
                && text[*last_to..from].chars().all(char::is_whitespace)
            {
                push(format!("{last}_{folded}"), from, position, 1);
            }
            push(folded.clone(), from, position, 1);
            before = Some((folded, to));
        }
        Tokens { tokens: &mut self.tokens, next: 0 }
    }
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.tokens.len()
    }

    fn token(&self) -> &Token {
        &self.tokens[self.next - 1]
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokens[self.next - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<String> {
        let mut tokenizer = Vietnamese::new(true);
        let mut stream = tokenizer.token_stream(text);
        std::iter::from_fn(|| stream.advance().then(|| stream.token().text.clone())).collect()
    }

    #[test]
    fn both_spellings_and_neighbours() {
        assert_eq!(tokens("Cà phê, Đông"), ["cà", "ca", "phê", "ca_phe", "phe", "đông", "dong"]);
        assert_eq!(tokens("500 g"), ["500", "500_g", "g"]);
        assert_eq!(tokens("…!"), Vec::<String>::new());
    }
}
