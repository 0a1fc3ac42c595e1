//! Readable addresses.

use super::words;

/// ASCII words joined by hyphens, at most 80 characters: `Cà phê Khe Sanh` → `ca-phe-khe-sanh`.
///
/// Never empty: a name without letters or digits gives `x`.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut out = String::new();
    for word in words(name) {
        let word: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
        if word.is_empty() || out.len() + word.len() > 80 {
            continue;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(&word);
    }
    if out.is_empty() { "x".into() } else { out }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn addresses_are_ascii() {
        assert_eq!(slug("Cà phê Khe Sanh – Đặc sản (500 g)"), "ca-phe-khe-sanh-dac-san-500-g");
        assert_eq!(slug("☕"), "x");
    }
}
