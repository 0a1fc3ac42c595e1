//! From somebody else's category to ours.

use crate::{catalogue::Categories, kernel::words};
use std::{cell::RefCell, collections::HashMap};

/// Where goods go that fit nowhere.
const FALLBACK: &str = "hang-tong-hop";

/// Finds leaves by the words of their names.
pub(super) struct Classifier {
    /// Folded phrases with the leaf they stand for, by their first word.
    phrases: HashMap<String, Vec<(Vec<String>, String)>>,
    known: RefCell<HashMap<String, Option<String>>>,
}

impl Classifier {
    pub(super) fn new(categories: &Categories) -> Self {
        let mut phrases: HashMap<String, Vec<(Vec<String>, String)>> = HashMap::new();
        for leaf in categories.leaves().into_iter().filter(|leaf| !leaf.is_service) {
            let name = leaf.name.to_string();
            for part in name.split([',', '(', ')']) {
                let phrase = words(part);
                if let Some(first) = phrase.first() {
                    let entry = (phrase.clone(), leaf.slug.clone());
                    phrases.entry(first.clone()).or_default().push(entry);
                }
            }
        }
        Self { phrases, known: RefCell::default() }
    }

    /// The leaf for a path like `Bách hóa > Gạo > Gạo nếp`, else for the product's name.
    pub(super) fn leaf(&self, path: &str, name: &str) -> String {
        let cached = self.known.borrow().get(path).cloned();
        let by_path = cached.unwrap_or_else(|| {
            let found = self.by_path(path);
            let mut known = self.known.borrow_mut();
            if known.len() < 10_000 {
                known.insert(path.to_owned(), found.clone());
            }
            found
        });
        // A single word in a name is too little: “cam” may be an orange or a colour.
        by_path
            .or_else(|| self.longest(&words(name), 2).map(|(_, leaf)| leaf))
            .unwrap_or_else(|| FALLBACK.to_owned())
    }

    /// The last segment that names a leaf; a single word counts when it is a whole part of the segment.
    fn by_path(&self, path: &str) -> Option<String> {
        path.rsplit(['>', '/', '|']).find_map(|segment| {
            let long = self.longest(&words(segment), 2);
            let parts = segment.split([',', '&', '-']).map(words);
            let whole = parts.filter_map(|part| {
                let rules = self.phrases.get(part.first()?)?;
                let same = rules.iter().find(|(phrase, _)| *phrase == part)?;
                Some((part.len(), same.1.clone()))
            });
            long.into_iter().chain(whole).max_by_key(|(length, _)| *length).map(|(_, leaf)| leaf)
        })
    }

    /// The longest phrase of at least `least` words that stands in `words`.
    fn longest(&self, words: &[String], least: usize) -> Option<(usize, String)> {
        let starts = (0..words.len()).filter_map(|at| Some((at, self.phrases.get(&words[at])?)));
        starts
            .flat_map(|(at, rules)| {
                rules.iter().filter(move |(phrase, _)| words[at..].starts_with(phrase))
            })
            .filter(|(phrase, _)| phrase.len() >= least)
            .max_by_key(|(phrase, _)| phrase.len())
            .map(|(phrase, leaf)| (phrase.len(), leaf.clone()))
    }
}
