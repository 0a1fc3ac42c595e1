//! Marking the words that were looked for.

use super::language::split;
use crate::kernel::fold;

/// `text` in pieces, each with whether it is one of the folded `words`, or begins with the last of them.
#[must_use]
pub fn marked<'a>(text: &'a str, words: &[String]) -> Vec<(&'a str, bool)> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for word in split(text) {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        let folded = fold(word);
        let is_meant = words.contains(&folded)
            || words.last().is_some_and(|last| last.len() > 1 && folded.starts_with(last.as_str()));
        if is_meant {
            if from < at {
                pieces.push((&text[from..at], false));
            }
            pieces.push((word, true));
            from = at + word.len();
        }
    }
    if from < text.len() {
        pieces.push((&text[from..], false));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn words_are_marked_where_they_stand() {
        let words: Vec<String> = ["ca", "phe"].map(str::to_owned).into();
        let pieces = marked("Cà phê rang, cà chua", &words);
        assert_eq!(
            pieces,
            [
                ("Cà", true),
                (" ", false),
                ("phê", true),
                (" rang, ", false),
                ("cà", true),
                (" chua", false)
            ]
        );
        assert_eq!(marked("Phễu", &["phe".to_owned()]), [("Phễu", true)]);
        assert_eq!(marked("Gạo", &words), [("Gạo", false)]);
        assert!(marked("", &words).is_empty());
    }
}
