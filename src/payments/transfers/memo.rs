//! Finding an order's memo in what the bank passes on. Pure.
//!
//! Banks put their own words around it, strip marks and punctuation, join or split words. So it is looked for
//! anywhere, after everything but letters and digits is gone; its check character says whether it is whole.

use crate::kernel::{fold, is_code};

const PREFIX: &str = "ST";
/// Prefix, eight characters and the check character.
const LENGTH: usize = 11;

/// Capital letters and digits alone.
fn bare(content: &str) -> String {
    fold(content).chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}

/// Every stretch of the text that is as long as a memo.
fn windows(bare: &str) -> impl Iterator<Item = &str> {
    (0..bare.len().saturating_sub(LENGTH - 1)).map(|at| &bare[at..at + LENGTH])
}

/// The whole memos in a text, each once, as they come.
pub(super) fn whole(content: &str) -> Vec<String> {
    let bare = bare(content);
    let mut found: Vec<String> = Vec::new();
    for window in windows(&bare) {
        let memo = window.strip_prefix(PREFIX).is_some_and(is_code);
        if memo && !found.iter().any(|f| f == window) {
            found.push(window.to_owned());
        }
    }
    found
}

/// Whether the text holds `memo` with exactly one character wrong.
pub(super) fn almost(content: &str, memo: &str) -> bool {
    windows(&bare(content)).any(|window| {
        window.len() == memo.len()
            && window.bytes().zip(memo.bytes()).filter(|(a, b)| a != b).count() == 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::memo_from;
    use proptest::prelude::*;
    use uuid::Uuid;

    #[test]
    fn banks_write_around_it() {
        let memo = memo_from(Uuid::from_u128(99));
        let (a, b) = memo.split_at(5);
        for text in [
            memo.clone(),
            memo.to_lowercase(),
            format!("MBVCB.5566778899.{memo}.CT tu 0011 NGUYEN VAN A toi 0022"),
            format!("IBFT {a} {b} chuyen tien cà phê"),
            format!("{a}.{b}-FT26326"),
            format!("Thanh toán đơn hàng{memo}cảm ơn"),
            format!("{memo} {memo}"),
        ] {
            assert_eq!(whole(&text), std::slice::from_ref(&memo), "{text}");
        }
        assert_eq!(whole(&memo[..10]), Vec::<String>::new());
        assert_eq!(whole("chuyen tien mua ca phe"), Vec::<String>::new());
        assert_eq!(whole(""), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn it_is_found_anywhere(bits: u128, before in "[a-z .]{0,30}", after in "[0-9 .-]{0,30}") {
            let memo = memo_from(Uuid::from_u128(bits));
            let text = format!("{before}{memo}{after}");
            prop_assert!(whole(&text).contains(&memo));
        }

        /// One slip is never taken for a whole memo of this order, and is noticed as almost one.
        #[test]
        fn one_wrong_character_is_only_almost(bits: u128, at in 0usize..11, other in "[0-9A-Z]") {
            let memo = memo_from(Uuid::from_u128(bits));
            let mut broken = memo.clone();
            broken.replace_range(at..=at, &other);
            prop_assume!(broken != memo);
            prop_assert!(!whole(&broken).contains(&memo));
            let text = format!("ND {broken} het");
            prop_assert!(almost(&text, &memo));
            prop_assert!(!almost(&memo, &memo));
        }

        #[test]
        fn any_text_is_survived(text in "\\PC*") {
            whole(&text);
            almost(&text, "ST23456789A");
        }
    }
}
