//! From what was typed to a question the index understands.

use super::{
    schema::Fields,
    tokenizer::{exact, split},
};
use crate::{
    kernel::fold,
    search::{
        Query,
        model::{ACCENTED, ADJACENT, BODY, GUESSED, NAME, SELLER, SKU},
    },
};
use tantivy::{
    Term,
    query::{AllQuery, BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, Query as Ask, TermQuery},
    schema::{Field, IndexRecordOption},
};

/// Words beyond these are not looked at.
const MOST_WORDS: usize = 12;
/// Longer words are cut; no word that is sold is longer.
const LONGEST: usize = 40;

type Part = (Occur, Box<dyn Ask>);

fn term(field: Field, text: &str, weight: f32) -> Part {
    let query = TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs);
    (Occur::Should, Box::new(BoostQuery::new(Box::new(query), weight)))
}

fn exactly(field: Field, text: &str) -> Part {
    let query = TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic);
    (Occur::Must, Box::new(BoostQuery::new(Box::new(query), 0.0)))
}

fn guessed(field: Field, text: &str, prefix: bool, weight: f32) -> Part {
    let term = Term::from_field_text(field, text);
    // Syllables are short: one letter more or less in three gives another word.
    let distance = u8::from(text.len() >= 4 && text.bytes().all(|b| b.is_ascii_alphabetic()));
    let query = if prefix {
        FuzzyTermQuery::new_prefix(term, distance, true)
    } else {
        FuzzyTermQuery::new(term, distance, true)
    };
    (Occur::Should, Box::new(BoostQuery::new(Box::new(query), weight)))
}

/// The question, and whether it has words by which answers can be ranked. `None`: nothing can match.
pub(super) fn question(fields: &Fields, query: &Query) -> (Box<dyn Ask>, bool) {
    let mut parts: Vec<Part> = Vec::new();
    let words: Vec<&str> = split(&query.q).take(MOST_WORDS).collect();
    let mut before: Option<String> = None;
    for (i, word) in words.iter().enumerate() {
        let word: String = word.chars().take(LONGEST).collect();
        let (folded, accented) = (fold(&word), exact(&word));
        let mut any = vec![
            term(fields.name, &folded, NAME),
            term(fields.keywords, &folded, SELLER),
            term(fields.body, &folded, BODY),
            term(fields.sku, &folded, SKU),
        ];
        if accented != folded {
            any.push(term(fields.name, &accented, NAME * ACCENTED));
        }
        let last = i + 1 == words.len();
        if last || folded.len() >= 4 {
            any.push(guessed(fields.name, &folded, last, GUESSED));
            any.push(guessed(fields.keywords, &folded, last, GUESSED / 2.0));
        }
        parts.push((Occur::Must, Box::new(BooleanQuery::new(any))));
        if let Some(before) = before.replace(folded.clone()) {
            parts.push(term(fields.name, &format!("{before}_{folded}"), ADJACENT));
        }
    }
    let has_words = !parts.is_empty();
    if !has_words {
        parts.push((Occur::Must, Box::new(AllQuery)));
    }
    // A whole code with its hyphens: the other words need not be there.
    let code = fold(query.q.trim());
    if has_words && words.len() > 1 && !code.contains(' ') && code.len() <= 80 {
        let whole = BooleanQuery::new(parts);
        parts = vec![(
            Occur::Must,
            Box::new(BooleanQuery::new(vec![
                (Occur::Should, Box::new(whole) as Box<dyn Ask>),
                term(fields.sku, &code, SKU),
            ])),
        )];
    }
    if let Some(category) = &query.category {
        parts.push(exactly(fields.category, category));
    }
    if let Some(seller) = query.seller {
        parts.push(exactly(fields.seller, &seller.to_string()));
    }
    (Box::new(BooleanQuery::new(parts)), has_words)
}
