//! Vietnamese words for the index.
//!
//! A syllable is emitted without its marks; where the spelling with marks differs, it is emitted too, so
//! that "bàn" can rank above "bán". Quantities are emitted in one form. Another field holds neighbours
//! (`ca_phe`), so that words standing side by side count more without a phrase query.

use crate::{
    kernel::fold,
    search::language::{exact, quantities, split},
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

#[derive(Clone, Default)]
pub(super) struct Vietnamese {
    are_pairs: bool,
    tokens: Vec<Token>,
}

impl Vietnamese {
    pub(super) fn words() -> Self {
        Self::default()
    }

    pub(super) fn pairs() -> Self {
        Self { are_pairs: true, ..Self::default() }
    }

    fn push(&mut self, text: String) {
        let position = self.tokens.len();
        self.tokens.push(Token { position, text, ..Token::default() });
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
        for word in split(text) {
            let folded = fold(word);
            if self.are_pairs {
                let from = word.as_ptr() as usize - start;
                if let Some((last, end)) = &before
                    && text[*end..from].chars().all(char::is_whitespace)
                {
                    self.push(format!("{last}_{folded}"));
                }
                before = Some((folded, from + word.len()));
                continue;
            }
            let marked = exact(word);
            if marked != folded {
                self.push(marked);
            }
            self.push(folded);
        }
        if !self.are_pairs {
            for (_, form) in quantities(text) {
                self.push(form);
            }
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

    fn tokens(mut tokenizer: Vietnamese, text: &str) -> Vec<String> {
        let mut stream = tokenizer.token_stream(text);
        std::iter::from_fn(|| stream.advance().then(|| stream.token().text.clone())).collect()
    }

    #[test]
    fn both_spellings_quantities_and_neighbours() {
        let words = |text| tokens(Vietnamese::words(), text);
        assert_eq!(
            words("Cà phê, ba"),
            [exact("cà"), "ca".into(), exact("phê"), "phe".into(), "ba".into()]
        );
        assert_eq!(words("500 g"), ["500", "g", "=500g"]);
        assert_eq!(words("…!"), Vec::<String>::new());
        assert_eq!(tokens(Vietnamese::pairs(), "Cà phê, Đông Hà"), ["ca_phe", "dong_ha"]);
    }
}
