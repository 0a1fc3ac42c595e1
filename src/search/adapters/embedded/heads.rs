//! How a name begins: what a thing is stands at the head of its name, what it is for or made of later.

use crate::{
    kernel::fold,
    search::language::{exact, split},
};

/// Beginnings of more words are not kept.
pub(super) const HEAD_WORDS: usize = 5;

/// Words that say how much or how it is packed, not what it is.
const PACKING: [&str; 15] = [
    "combo", "set", "bo", "hop", "goi", "thung", "chai", "tui", "loc", "hu", "lon", "bich",
    "mieng", "cai", "chiec",
];

/// Every beginning of `name` up to [`HEAD_WORDS`] words, joined, without and with its marks; also from
/// behind what only says how much there is of it.
pub(super) fn heads(name: &str) -> Vec<String> {
    let bare = match (name.trim_start().strip_prefix('['), name.find(']')) {
        (Some(_), Some(end)) => &name[end + 1..],
        _ => name,
    };
    let words: Vec<&str> = split(bare).collect();
    let packed = |word: &&&str| {
        let folded = fold(word);
        PACKING.contains(&folded.as_str()) || folded.starts_with(|c: char| c.is_ascii_digit())
    };
    let skip = words.iter().take_while(packed).count();
    let mut all = beginnings(&words);
    if skip > 0 {
        all.extend(beginnings(&words[skip..]));
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn beginnings(words: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    let (mut folded, mut marked) = (String::new(), String::new());
    for (i, word) in words.iter().take(HEAD_WORDS).enumerate() {
        if i > 0 {
            folded.push('_');
            marked.push('_');
        }
        folded.push_str(&fold(word));
        marked.push_str(&exact(word));
        all.push(folded.clone());
        if marked != folded {
            all.push(marked.clone());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_is_skipped() {
        let all = heads("[Mới] Combo 10 gói Khăn ướt em bé");
        for head in ["combo", "combo_10_goi", "khan", "khan_uot", "khan_uot_em_be"] {
            assert!(all.iter().any(|h| h == head), "{head}: {all:?}");
        }
        assert!(all.contains(&format!("{}_{}", exact("khăn"), exact("ướt"))));
        assert_eq!(heads("Gạo").len(), 2);
        assert!(heads("").is_empty());
    }
}
