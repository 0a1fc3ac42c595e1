//! Words: how texts are taken apart and how far words are from each other.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Words so far apart do not stand near each other.
pub(super) const FAR: usize = 8;

/// A text in small letters without marks.
pub(super) fn plain(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// The words of a text, each with its place; a hard separator makes a gap.
pub(super) fn words(text: &str) -> Vec<(usize, String)> {
    let mut words: Vec<(usize, String)> = Vec::new();
    let (mut place, mut word) = (0, String::new());
    for c in plain(text).chars().chain([' ']) {
        if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            words.push((place, std::mem::take(&mut word)));
            place += 1;
        }
        if ".,;:!?()[]{}|\n".contains(c) && !words.is_empty() {
            place += FAR - 1;
        }
    }
    words
}

/// How many letters are wrong, missing, too many or exchanged with their neighbour.
pub(super) fn slips(one: &str, other: &str) -> usize {
    last_row(one, other).last().copied().unwrap_or_default()
}

/// The same against the best beginning of `other`.
pub(super) fn slips_in_beginning(one: &str, other: &str) -> usize {
    last_row(one, other).into_iter().min().unwrap_or_default()
}

fn last_row(one: &str, other: &str) -> Vec<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i];
        for j in 1..=b.len() {
            let mut least = (row[j - 1] + usize::from(a[i - 1] != b[j - 1]))
                .min(row[j] + 1)
                .min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row
}
