//! Words and categories that may not be sold, or that a person must look at: pure.
//!
//! Whole syllables are compared, with their accents (“cần sa” is not “cần sả”); where in the syllable the
//! tone mark stands does not matter (hòa, hoà).

use crate::kernel::{Day, Text};
use std::collections::HashMap;

/// What a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It may not be sold here.
    Block,
    /// A person looks at it.
    Review,
}

/// One rule of `catalogue.banned`.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Words with their accents, or a category's slug.
    pub pattern: String,
    pub is_category: bool,
    pub action: Action,
    pub reason: Text,
    pub legal_ref: String,
    pub valid_from: Day,
    /// Exclusive.
    pub valid_to: Option<Day>,
}

/// All rules, by their first syllable.
#[derive(Debug, Default)]
pub struct Rules {
    words: HashMap<String, Vec<(Vec<String>, Rule)>>,
    categories: HashMap<String, Vec<Rule>>,
}

impl Rules {
    /// Puts the rules in order.
    #[must_use]
    pub fn new(rules: Vec<Rule>) -> Self {
        let mut made = Self::default();
        for rule in rules {
            if rule.is_category {
                made.categories.entry(rule.pattern.clone()).or_default().push(rule);
                continue;
            }
            let words = syllables(&rule.pattern);
            if let Some(first) = words.first() {
                made.words.entry(first.clone()).or_default().push((words, rule));
            }
        }
        made
    }

    /// The rules that speak on `day` about these texts in a category (given as its path from the root).
    #[must_use]
    pub fn judge(&self, day: Day, texts: &[&str], category_path: &[String]) -> Vec<&Rule> {
        let valid =
            |rule: &&Rule| rule.valid_from <= day && rule.valid_to.is_none_or(|to| day < to);
        let mut found: Vec<&Rule> = Vec::new();
        for text in texts {
            let words = syllables(text);
            for at in 0..words.len() {
                let rules = self.words.get(&words[at]).into_iter().flatten();
                let hits = rules.filter(|(pattern, _)| words[at..].starts_with(pattern));
                found.extend(hits.map(|(_, rule)| rule).filter(valid));
            }
        }
        let of_category = category_path.iter().filter_map(|slug| self.categories.get(slug));
        found.extend(of_category.flatten().filter(valid));
        let mut seen = std::collections::HashSet::new();
        found.retain(|rule| seen.insert(rule.pattern.as_str()));
        found
    }
}

/// Lower case syllables, each with its tone mark moved to the end.
fn syllables(text: &str) -> Vec<String> {
    use unicode_normalization::UnicodeNormalization;
    const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];
    let text: String = text.to_lowercase().nfc().collect();
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| {
            if word.is_ascii() {
                return word.to_owned();
            }
            let (tones, letters): (Vec<char>, Vec<char>) =
                word.nfd().partition(|c| TONES.contains(c));
            letters.into_iter().nfc().chain(tones).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        let day = |s| crate::kernel::parse_day(s).unwrap();
        let rule = |pattern: &str, is_category, action| Rule {
            pattern: pattern.into(),
            is_category,
            action,
            reason: Text::new("cấm", "banned"),
            legal_ref: String::new(),
            valid_from: day("2026-07-01"),
            valid_to: None,
        };
        Rules::new(vec![
            rule("cần sa", false, Action::Block),
            rule("pháo hoa", false, Action::Block),
            rule("yen-sao", true, Action::Review),
        ])
    }

    #[test]
    fn whole_syllables_with_accents_are_banned() {
        let rules = rules();
        let day = crate::kernel::parse_day("2026-11-22").unwrap();
        let hits = |text: &str| rules.judge(day, &[text], &[]).len();
        for bad in ["Hạt CẦN SA khô", "cần-sa", "bán pháo hoa Tết", "pháo hoa, cần sa, cần sa"]
        {
            assert!(hits(bad) > 0, "{bad}");
        }
        for good in ["cần sả", "rau cần sạch", "can sa", "phao hoa", "cần sang"] {
            assert_eq!(hits(good), 0, "{good}");
        }
        assert_eq!(hits("cần sa, cần sa"), 1);
        let early = crate::kernel::parse_day("2026-06-30").unwrap();
        assert!(rules.judge(early, &["cần sa"], &[]).is_empty());
    }

    #[test]
    fn categories_are_banned_with_all_below() {
        let day = crate::kernel::parse_day("2026-11-22").unwrap();
        let path = ["thuy-hai-san".to_owned(), "yen-sao".into()];
        assert_eq!(rules().judge(day, &["Tổ yến"], &path)[0].action, Action::Review);
    }

    #[test]
    fn the_place_of_the_tone_mark_does_not_matter() {
        assert_eq!(syllables("Hòa thủy"), syllables("hoà thuỷ"));
        assert_ne!(syllables("hòa"), syllables("hóa"));
        assert_ne!(syllables("cần"), syllables("càn"));
    }
}
