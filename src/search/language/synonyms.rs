//! Words that mean the same thing in another region or another spelling.

use super::{exact, split};
use crate::kernel::fold;
use std::collections::HashMap;

/// The longest expression, in words.
pub(in crate::search) const LONGEST: usize = 6;

/// Expressions that mean the same, as a person writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub terms: Vec<String>,
    /// Only the first term finds the others.
    pub is_one_way: bool,
}

/// Groups of expressions, found by what a question begins with.
#[derive(Debug, Clone, Default)]
pub struct Synonyms {
    /// Each expression in its words.
    groups: Vec<Vec<Vec<String>>>,
    /// From the words of an expression, with their marks, to its groups.
    exactly: HashMap<Vec<String>, Vec<usize>>,
    /// From the words without their marks. Single words are too short to be known without them.
    folded: HashMap<Vec<String>, Vec<usize>>,
}

impl Synonyms {
    /// Groups of less than two expressions say nothing; neither do expressions of more than six words.
    #[must_use]
    pub fn new(groups: &[Group]) -> Self {
        let mut all = Self::default();
        for group in groups {
            let expressions: Vec<Vec<String>> = group
                .terms
                .iter()
                .map(|text| split(text).map(str::to_owned).collect::<Vec<_>>())
                .filter(|words| !words.is_empty() && words.len() <= LONGEST)
                .collect();
            if expressions.len() < 2 {
                continue;
            }
            let id = all.groups.len();
            let found_by = if group.is_one_way { 1 } else { expressions.len() };
            for words in &expressions[..found_by] {
                let marked = words.iter().map(|word| exact(word)).collect();
                all.exactly.entry(marked).or_default().push(id);
                let plain: Vec<String> = words.iter().map(|word| fold(word)).collect();
                if plain.len() > 1 || plain.iter().eq(words) {
                    all.folded.entry(plain).or_default().push(id);
                }
            }
            all.groups.push(expressions);
        }
        all
    }

    /// Each expression that a question may have, without its marks, and what means the same.
    pub(in crate::search) fn known(&self) -> impl Iterator<Item = (String, Vec<&[String]>)> {
        self.exactly.keys().chain(self.folded.keys()).filter_map(|words| {
            let plain: Vec<String> = words.iter().map(|word| fold(word)).collect();
            let both: Vec<(&str, &str)> =
                plain.iter().map(String::as_str).zip(words.iter().map(String::as_str)).collect();
            self.at(&both).map(|(_, others)| (plain.join(" "), others))
        })
    }

    /// All words of all expressions, folded.
    pub fn words(&self) -> impl Iterator<Item = String> {
        self.groups.iter().flatten().flatten().map(|word| fold(word))
    }

    /// The longest expression that begins `words`, each folded and with its marks (see [`exact`]): its
    /// length, and what means the same.
    pub fn at(&self, words: &[(&str, &str)]) -> Option<(usize, Vec<&[String]>)> {
        for length in (1..=words.len().min(LONGEST)).rev() {
            let marked: Vec<String> =
                words[..length].iter().map(|word| word.1.to_owned()).collect();
            let plain: Vec<String> = words[..length].iter().map(|word| word.0.to_owned()).collect();
            let known = self.exactly.get(&marked);
            let known =
                known.or_else(|| (marked == plain).then(|| self.folded.get(&plain)).flatten());
            let Some(ids) = known else { continue };
            let is_other =
                |other: &&Vec<String>| !other.iter().map(|w| fold(w)).eq(plain.iter().cloned());
            let others = ids.iter().flat_map(|id| &self.groups[*id]).filter(is_other);
            return Some((length, others.map(Vec::as_slice).collect()));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_known_with_marks_and_longer_ones_without() {
        let group = |terms: &str, is_one_way| Group {
            terms: terms.split(';').map(str::to_owned).collect(),
            is_one_way,
        };
        let all = Synonyms::new(&[
            group("heo;lợn", false),
            group("mè;vừng", false),
            group("cà phê;cafe", false),
            group("trái cây;xoài;mít", true),
            group("lợn;lợn mán", true),
        ]);
        let others = |text: &str| {
            let both: Vec<_> = split(text).map(|word| (fold(word), exact(word))).collect();
            let words: Vec<_> = both.iter().map(|(f, m)| (f.as_str(), m.as_str())).collect();
            all.at(&words).map(|(n, o)| (n, o.iter().map(|w| w.join(" ")).collect::<Vec<_>>()))
        };
        assert_eq!(others("Mè đen"), Some((1, vec!["vừng".to_owned()])));
        assert_eq!(others("me"), None, "mẹ is not mè");
        assert_eq!(others("lợn"), Some((1, vec!["heo".to_owned(), "lợn mán".to_owned()])));
        assert_eq!(others("ca phe"), Some((2, vec!["cafe".to_owned()])));
        assert_eq!(others("cafe sữa"), Some((1, vec!["cà phê".to_owned()])));
        assert_eq!(others("heo"), Some((1, vec!["lợn".to_owned()])));
        assert_eq!(others("trai cay"), Some((2, vec!["xoài".to_owned(), "mít".to_owned()])));
        assert_eq!(others("xoài"), None, "one way");
    }
}
