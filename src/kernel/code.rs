//! Short codes that people read out over the telephone, with a check character.
//!
//! The alphabet leaves out what is mistaken for something else (0 O 1 I L U); the last
//! character is a weighted sum, so one wrong or two swapped characters are noticed.

use uuid::Uuid;

const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
/// A prime above the alphabet's size would need a 31st character; sums that give 30 wrap to the first.
const MODULUS: usize = 31;

/// Not a code, or one with a slip in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid code")]
pub struct BadCode;

/// The check character of `body`.
#[must_use]
pub fn check_char(body: &str) -> char {
    let sum = body.bytes().enumerate().fold(0, |sum, (i, byte)| {
        let value = ALPHABET.iter().position(|c| *c == byte).unwrap_or(0) + 1;
        (sum + value * (i + 2)) % MODULUS
    });
    char::from(ALPHABET[sum % ALPHABET.len()])
}

fn body_from(id: Uuid, length: usize) -> String {
    // The random tail of a UUIDv7, spread by a multiplication so that neighbours differ everywhere.
    let mut n = u64::from_le_bytes(id.as_bytes()[8..].try_into().unwrap_or_default())
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ u64::from_le_bytes(id.as_bytes()[..8].try_into().unwrap_or_default());
    (0..length)
        .map(|_| {
            let letter = ALPHABET[(n % 30) as usize];
            n /= 30;
            char::from(letter)
        })
        .collect()
}

/// An order's code: nine characters and the check character, `K7MQ2W9XPD`.
#[must_use]
pub fn code_from(id: Uuid) -> String {
    let body = body_from(id, 9);
    let check = check_char(&body);
    format!("{body}{check}")
}

/// A transfer's memo: `ST`, eight characters and the check character. Letters and digits only,
/// because banks strip or join everything else.
#[must_use]
pub fn memo_from(id: Uuid) -> String {
    let body = body_from(id, 8);
    let check = check_char(&body);
    format!("ST{body}{check}")
}

/// Upper case, without the blanks and hyphens that people write between groups.
#[must_use]
pub fn normalise(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether `code` is whole: its last character checks the others.
#[must_use]
pub fn is_code(code: &str) -> bool {
    code.is_ascii() && code.len() > 2 && {
        let (body, check) = code.split_at(code.len() - 1);
        check.starts_with(check_char(body)) && body.bytes().all(|b| ALPHABET.contains(&b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_fresh_code_is_whole_and_one_wrong_letter_is_noticed(bits: u128, at in 0usize..9, other in 0usize..30) {
            let code = code_from(Uuid::from_u128(bits));
            prop_assert_eq!(code.len(), 10);
            prop_assert!(is_code(&code));
            let mut wrong = code.clone().into_bytes();
            let old = ALPHABET.iter().position(|c| *c == wrong[at]).unwrap_or(0);
            // Two sums share a character (30 wraps to 0): leave that one pair out.
            prop_assume!(old != other);
            wrong[at] = ALPHABET[other];
            let wrong = String::from_utf8(wrong).unwrap_or_default();
            let noticed = !is_code(&wrong);
            let wraps = check_char(&wrong[..9]) == '2' && check_char(&code[..9]) == '2';
            prop_assert!(noticed || wraps);
        }
    }
}
