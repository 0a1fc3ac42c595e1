//! What was typed while the input method was off: `caf phee` (Telex), `ca2 phe6` (VNI).

use unicode_normalization::UnicodeNormalization;

const HUYEN: char = '\u{300}';
const SAC: char = '\u{301}';
const NGA: char = '\u{303}';
const HOI: char = '\u{309}';
const NANG: char = '\u{323}';
const CIRCUMFLEX: char = '\u{302}';
const BREVE: char = '\u{306}';
const HORN: char = '\u{31b}';

/// What the keys of `word` would have made, by Telex or by VNI; `None` where they make nothing else.
///
/// Only whole syllables are made: letters that belong to no Vietnamese syllable stay as they are.
pub(in crate::search) fn as_meant(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    if !word.is_ascii() || word.len() < 2 || !word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let made = if word.bytes().any(|b| b.is_ascii_digit()) { vni(&word) } else { telex(&word) }?;
    let made: String = made.nfc().collect();
    (made != word).then_some(made)
}

/// A syllable while it is being typed.
#[derive(Default)]
struct Typing {
    /// Letters, each with the mark that belongs to it.
    letters: Vec<(char, Option<char>)>,
    tone: Option<char>,
}

impl Typing {
    /// Puts `mark` on the last letter of `on`; the horn of `uo` is on both.
    fn mark(&mut self, on: &str, mark: char) -> bool {
        let Some(at) = self.letters.iter().rposition(|(c, m)| on.contains(*c) && m.is_none())
        else {
            return false;
        };
        self.letters[at].1 = Some(mark);
        if mark == HORN
            && self.letters[at].0 == 'o'
            && at > 0
            && self.letters[at - 1] == ('u', None)
        {
            self.letters[at - 1].1 = Some(HORN);
        }
        true
    }

    fn stroke(&mut self) -> bool {
        let fresh = self.letters.first().is_some_and(|(c, _)| *c == 'd');
        if fresh {
            self.letters[0].0 = 'đ';
        }
        fresh
    }

    fn tone(&mut self, tone: char) -> bool {
        let sounds = self.letters.iter().any(|(c, _)| "aeiouy".contains(*c));
        let fresh = sounds && self.tone.is_none();
        if fresh {
            self.tone = Some(tone);
        }
        fresh
    }

    /// Vowels stand together, and what surrounds them can begin and end a syllable.
    fn written(self) -> Option<String> {
        let plain: String = self.letters.iter().map(|(c, _)| *c).collect();
        let mut first = plain.find(|c: char| "aeiouy".contains(c))?;
        let last = plain.rfind(|c: char| "aeiouy".contains(c))?;
        // `gi` is a consonant where a vowel follows.
        if plain.starts_with("gi") && last > first {
            first += 1;
        }
        let (begin, middle, end) = (&plain[..first], &plain[first..=last], &plain[last + 1..]);
        if !STARTS.contains(&begin) || !ENDS.contains(&end) || !VOWELS.contains(&middle) {
            return None;
        }
        let mut text = String::new();
        for (letter, mark) in self.letters {
            text.push(letter);
            text.extend(mark);
        }
        // Where the tone stands does not matter: `exact` puts it last.
        text.extend(self.tone);
        Some(text)
    }
}

const STARTS: [&str; 28] = [
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh",
    "nh", "p", "ph", "q", "r", "s", "t", "th", "tr", "v", "x",
];
/// The sounds in the middle, without their marks.
const VOWELS: [&str; 39] = [
    "a", "ai", "ao", "au", "ay", "e", "eo", "eu", "i", "ia", "ie", "ieu", "iu", "o", "oa", "oai",
    "oao", "oay", "oe", "oeo", "oi", "u", "ua", "uai", "uay", "ue", "ui", "uo", "uoi", "uou", "uu",
    "uy", "uya", "uye", "uyu", "y", "ye", "yeu", "oo",
];
const ENDS: [&str; 9] = ["", "c", "ch", "m", "n", "ng", "nh", "p", "t"];

fn telex(word: &str) -> Option<String> {
    let mut typing = Typing::default();
    for key in word.chars() {
        let done = match key {
            'a' | 'e' | 'o' => {
                let twice = typing.letters.iter().any(|(c, m)| *c == key && m.is_none());
                twice && typing.mark(&key.to_string(), CIRCUMFLEX)
            }
            'd' => typing.stroke(),
            'w' => {
                typing.mark("ou", HORN) || typing.mark("a", BREVE) || {
                    typing.letters.push(('u', Some(HORN)));
                    true
                }
            }
            's' => typing.tone(SAC),
            'f' => typing.tone(HUYEN),
            'r' => typing.tone(HOI),
            'x' => typing.tone(NGA),
            'j' => typing.tone(NANG),
            _ => false,
        };
        if !done {
            typing.letters.push((key, None));
        }
    }
    typing.written()
}

fn vni(word: &str) -> Option<String> {
    let mut typing = Typing::default();
    for key in word.chars() {
        let done = match key {
            '1' => typing.tone(SAC),
            '2' => typing.tone(HUYEN),
            '3' => typing.tone(HOI),
            '4' => typing.tone(NGA),
            '5' => typing.tone(NANG),
            '6' => typing.mark("aeo", CIRCUMFLEX),
            '7' => typing.mark("ou", HORN),
            '8' => typing.mark("a", BREVE),
            '9' => typing.stroke(),
            _ => {
                typing.letters.push((key, None));
                true
            }
        };
        if !done {
            return None;
        }
    }
    typing.written()
}

#[cfg(test)]
mod tests {
    use super::{super::exact, as_meant};

    #[test]
    fn keys_become_syllables() {
        for (keys, meant) in [
            ("caf", "cà"),
            ("phee", "phê"),
            ("nuowcs", "nước"),
            ("nwowcs", "nước"),
            ("dduowngf", "đường"),
            ("duwowngf", "dường"),
            ("ddaauj", "đậu"),
            ("banhs", "bánh"),
            ("tets", "tét"),
            ("gaoj", "gạo"),
            ("ruwowuj", "rượu"),
            ("maps", "máp"),
            ("saaus", "sấu"),
            ("d9u7o7ng2", "đường"),
            ("ca2", "cà"),
            ("phe6", "phê"),
            ("nu7o7c1", "nước"),
            ("giuwowngf", "giường"),
            ("gias", "giá"),
        ] {
            let made = as_meant(keys).map(|text| exact(&text));
            assert_eq!(made.as_deref(), Some(exact(meant).as_str()), "{keys}");
        }
        for plain in ["gao", "cafe", "laptop", "500g", "iphone15", "h2o", "g", "shopping", "cà"] {
            assert_eq!(as_meant(plain), None, "{plain}");
        }
    }
}
