//! How much of it: `500g`, `0,5 kg`, `1l` and `1 lít` in one form.

use crate::kernel::fold;
use std::ops::Range;

/// Units by their folded names, in thousandths of a gram or of a millilitre.
const UNITS: [(&str, u64, &str); 12] = [
    ("mg", 1, "g"),
    ("g", 1_000, "g"),
    ("gr", 1_000, "g"),
    ("gam", 1_000, "g"),
    ("gram", 1_000, "g"),
    ("kg", 1_000_000, "g"),
    ("ky", 1_000_000, "g"),
    ("ml", 1_000, "ml"),
    ("cc", 1_000, "ml"),
    ("l", 1_000_000, "ml"),
    ("lit", 1_000_000, "ml"),
    ("lt", 1_000_000, "ml"),
];

/// Where quantities stand in `text`, each in its one form: `=500g`, `=1500ml`.
pub(in crate::search) fn quantities(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let begins = bytes[at].is_ascii_digit() && (at == 0 || !is_word_before(text, at));
        let read = if begins { number(&text[at..]).and_then(|n| unit(text, at, n)) } else { None };
        match read {
            Some((end, form)) => {
                found.push((at..end, form));
                at = end;
            }
            None if begins => {
                at += text[at..].bytes().take_while(u8::is_ascii_digit).count();
            }
            None => at += 1,
        }
    }
    found
}

fn is_word_before(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '.' || c == ',')
}

/// A number in thousandths, and how many bytes it takes: `0,5`, `1.5`, `1.000`.
fn number(text: &str) -> Option<(u64, usize)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    if whole == 0 || whole > 6 {
        return None;
    }
    let units: u64 = text[..whole].parse().ok()?;
    let rest = &text[whole..];
    if !rest.starts_with(['.', ',']) {
        return Some((units * 1_000, whole));
    }
    let part = digits(&rest[1..]);
    match part {
        0 => Some((units * 1_000, whole)),
        3 if units > 0 => {
            let more: u64 = rest[1..4].parse().ok()?;
            Some(((units * 1_000 + more) * 1_000, whole + 4))
        }
        1..=3 => {
            let thousandths: u64 = format!("{:0<3}", &rest[1..=part]).parse().ok()?;
            Some((units * 1_000 + thousandths, whole + 1 + part))
        }
        _ => None,
    }
}

fn unit(text: &str, at: usize, (thousandths, length): (u64, usize)) -> Option<(usize, String)> {
    let after = at + length;
    let gap = text[after..].bytes().take_while(|b| *b == b' ').count();
    if gap > 1 {
        return None;
    }
    let from = after + gap;
    let name = text[from..].chars().take_while(|c| c.is_alphanumeric());
    let length: usize = name.map(char::len_utf8).sum();
    let folded = fold(&text[from..from + length]);
    let (_, size, kind) = UNITS.iter().find(|(unit, _, _)| *unit == folded)?;
    // Whole grams and millilitres are enough; less than one is kept as thousandths.
    let amount = thousandths.checked_mul(*size)? / 1_000;
    let form = if amount % 1_000 == 0 {
        format!("={}{kind}", amount / 1_000)
    } else {
        format!("={amount}m{kind}")
    };
    Some((from + length, form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_each_way_to_write() {
        let forms = |text: &str| quantities(text).into_iter().map(|q| q.1).collect::<Vec<_>>();
        for (text, form) in [
            ("500g", "=500g"),
            ("500 G", "=500g"),
            ("0,5 kg", "=500g"),
            ("0.5kg", "=500g"),
            ("1.000 g", "=1000g"),
            ("1kg", "=1000g"),
            ("1l", "=1000ml"),
            ("1 lít", "=1000ml"),
            ("1,5L", "=1500ml"),
            ("330ml", "=330ml"),
            ("500mg", "=500mg"),
        ] {
            assert_eq!(forms(text), [form], "{text}");
        }
        assert_eq!(forms("Gạo ST25 5kg, túi 2 kg"), ["=5000g", "=2000g"]);
        for none in
            ["500", "A4", "iphone 15", "x500g", "12345678 kg", "3 lan", "5  kg", "1.2.3", "kg"]
        {
            assert!(forms(none).is_empty(), "{none}");
        }
        assert_eq!(quantities("mè 0,5 kg")[0].0, 4..10);
    }
}
