//! Reading what carriers write: numbers as text, times in their own forms.

use crate::kernel::Vnd;
use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A text, whether it was written as text or as a number.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// A whole number, whether it was written as a number or as text; fractions are cut off.
pub(super) fn number(value: &Value) -> Option<i64> {
    if let Some(number) = value.as_i64() {
        return Some(number);
    }
    let written = text(value);
    let whole = written.split('.').next().unwrap_or_default();
    whole.parse().ok()
}

/// An amount of đồng that can be one.
pub(super) fn amount(value: &Value) -> Option<Vnd> {
    number(value).filter(|n| (0..=1_000_000_000_000).contains(n)).map(Vnd)
}

/// Grams that can be grams.
pub(super) fn grams(value: &Value) -> Option<i32> {
    number(value).and_then(|n| i32::try_from(n).ok()).filter(|n| (1..=10_000_000).contains(n))
}

/// Kilograms with a fraction, as grams.
pub(super) fn kilograms(value: &Value) -> Option<i32> {
    let written = text(value);
    let (whole, rest) = written.split_once('.').unwrap_or((&written, ""));
    let rest: String = rest.chars().chain("000".chars()).take(3).collect();
    let grams = whole.parse::<i32>().ok()?.checked_mul(1000)?.checked_add(rest.parse().ok()?)?;
    (1..=10_000_000).contains(&grams).then_some(grams)
}

/// A time with its zone, or one that is meant for Viet Nam.
pub(super) fn time(written: &str) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(written) {
        return Some(at.to_utc());
    }
    let forms = ["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S"];
    let at = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(written, form).ok())?;
    FixedOffset::east_opt(7 * 3600)?.from_local_datetime(&at).single().map(|at| at.to_utc())
}

/// The beginning of a text that takes no more than so many bytes.
pub(super) fn within(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Names a message by what it says.
pub(super) fn digest(body: &[u8]) -> String {
    Sha256::digest(body).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_and_times_are_read_in_every_form() {
        assert_eq!(number(&json!("1800.0")), Some(1800));
        assert_eq!(amount(&json!(-1)), None);
        for (written, grams) in [(json!(1.25), 1250), (json!("0.3"), 300), (json!(2), 2000)] {
            assert_eq!(kilograms(&written), Some(grams), "{written}");
        }
        assert_eq!(kilograms(&json!("x")), None);
        let expected = time("2026-11-22T02:00:00Z");
        assert!(expected.is_some());
        for written in ["22/11/2026 09:00:00", "2026-11-22 09:00:00", "2026-11-22T09:00:00+07:00"] {
            assert_eq!(time(written), expected, "{written}");
        }
        assert_eq!(within("đđ", 3), "đ");
    }
}
