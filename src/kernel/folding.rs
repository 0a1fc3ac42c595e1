//! Vietnamese without its marks: what people type on a phone.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Lower case, tones and diacritics taken away, `đ` → `d`. NFC and NFD input give the same.
///
/// ```
/// assert_eq!(santinh::kernel::fold("Nước mắm ĐẶC biệt"), "nuoc mam dac biet");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// The folded words of a text, split at everything that is neither letter nor digit.
pub fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}
