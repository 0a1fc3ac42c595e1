//! A syllable as it was written.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Tone marks: ngang has none, then huyền, sắc, ngã, hỏi, nặng.
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

/// The spelling with its marks, in small letters, one form for each way to write it: precomposed or
/// not, and the tone on either vowel (`hoà`, `hòa`).
pub(in crate::search) fn exact(word: &str) -> String {
    let mut tone = None;
    let letters: String = word
        .nfd()
        .flat_map(char::to_lowercase)
        .filter(|c| {
            let is_tone = TONES.contains(c);
            if is_tone {
                tone = Some(*c);
            }
            !is_tone
        })
        .nfc()
        .collect();
    letters.chars().chain(tone).collect()
}

/// [`exact`] as people write it: the tone back on its vowel.
pub(in crate::search) fn shown(exact: &str) -> String {
    let tone = exact.chars().next_back().filter(|c| TONES.contains(c));
    let Some(tone) = tone else { return exact.to_owned() };
    let letters: Vec<char> = exact.chars().filter(|c| *c != tone).collect();
    let bears = bearer(&letters);
    let written = letters
        .iter()
        .enumerate()
        .flat_map(|(i, c)| std::iter::once(*c).chain((i == bears).then_some(tone)));
    written.nfc().collect()
}

/// Which letter bears the tone.
fn bearer(letters: &[char]) -> usize {
    let is_vowel = |c: &char| "aăâeêioôơuưy".contains(*c);
    let Some(mut first) = letters.iter().position(is_vowel) else {
        return letters.len().saturating_sub(1);
    };
    let mut end = first + letters[first..].iter().take_while(|c| is_vowel(c)).count();
    // `qu` and `gi` are consonants where a vowel follows.
    let silent = matches!(
        (first.checked_sub(1).map(|i| letters[i]), letters[first]),
        (Some('q'), 'u') | (Some('g'), 'i')
    );
    if silent && end - first > 1 {
        first += 1;
    }
    if let Some(i) = (first..end).rev().find(|i| "ăâêôơư".contains(letters[*i])) {
        return i;
    }
    let is_closed = end < letters.len();
    end = end.min(first + 3);
    match end - first {
        1 => first,
        2 if is_closed => first + 1,
        2 => first,
        _ => first + 1,
    }
}

/// The words of a text as they were written.
pub(in crate::search) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || is_combining_mark(c))).filter(|w| !w.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tone_stands_where_people_write_it() {
        for word in [
            "máy", "giặt", "dưỡng", "hòa", "khoái", "quả", "giá", "gì", "tiếng", "thuế", "bún",
            "phở", "rượu", "khoán",
        ] {
            assert_eq!(shown(&exact(word)), word);
        }
        assert_eq!(shown("500g"), "500g");
    }

    #[test]
    fn one_form_for_each_way_to_write() {
        assert_eq!(exact("HOÀ"), exact("hòa"));
        assert_eq!(exact("khóa"), exact("khoá"));
        assert_eq!(exact("Phe\u{302}"), exact("phê"));
        assert_ne!(exact("bán"), exact("bàn"));
        assert_ne!(exact("bàn"), exact("ban"));
        assert_ne!(exact("tư"), exact("tu"));
        assert_eq!(exact("Ðà".replace('Ð', "Đ").as_str()), exact("đà"));
    }
}
