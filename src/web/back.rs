//! Where a reader goes on to: only ever a path of this site.

/// The path to go on to after signing in or the like, if it is one of this site.
///
/// It begins with one slash; a browser reads `//host` and `/\host` as other sites and drops
/// control characters before it looks.
#[must_use]
pub fn local_path(typed: &str) -> Option<&str> {
    let own = typed.starts_with('/')
        && !typed.starts_with("//")
        && !typed.chars().any(|c| c == '\\' || c.is_control() || c.is_whitespace())
        && typed.len() <= 1000;
    own.then_some(typed)
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn other_sites_are_not_gone_to() {
        for own in ["/", "/gio-hang", "/tim?q=c%C3%A0", "/a//b"] {
            assert_eq!(local_path(own), Some(own));
        }
        for other in [
            "",
            "x",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil",
            "/a b",
            "\u{0}/x",
            "javascript:alert(1)",
        ] {
            assert_eq!(local_path(other), None, "{other:?}");
        }
        assert_eq!(local_path(&format!("/{}", "a".repeat(2000))), None);
    }
}
