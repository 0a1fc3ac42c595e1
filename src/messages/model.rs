//! What is said, and what is masked: pure.

use crate::kernel::Text;

/// Characters of a message.
pub(super) const MOST_TEXT: usize = 2000;
/// Files of a message.
pub(super) const MOST_FILES: usize = 4;
/// Bytes of a PDF.
pub(super) const MOST_PDF: usize = 5 << 20;
/// Messages that one side may send in one thread within an hour.
pub(super) const AN_HOUR: i64 = 60;
/// Threads about products that one person may open within a day.
pub(super) const A_DAY: i64 = 20;
/// What stands for what is masked.
const MASK: &str = "•••••";

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Side {
    Buyer,
    Seller,
}

impl Side {
    /// As stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Seller => "seller",
        }
    }

    /// The side of a code.
    #[must_use]
    pub fn of(code: &str) -> Self {
        if code == "seller" { Self::Seller } else { Self::Buyer }
    }
}

/// Why somebody reports a thread.
pub(super) const REASONS: [&str; 5] = ["insult", "fraud", "outside", "illegal", "other"];

/// A reason in words.
pub(super) fn reason(code: &str) -> Text {
    match code {
        "insult" => Text::new("Xúc phạm, đe dọa, quấy rối", "Insults, threats, harassment"),
        "fraud" => Text::new("Có dấu hiệu lừa đảo", "Signs of fraud"),
        "outside" => Text::new(
            "Rủ giao dịch ngoài sàn để né trách nhiệm",
            "Asks to deal outside to avoid obligations",
        ),
        "illegal" => Text::new("Nội dung vi phạm pháp luật", "Content against the law"),
        _ => Text::new("Lý do khác", "Something else"),
    }
}

/// The text with telephone numbers and e-mail addresses masked, and whether there were any.
#[must_use]
pub(super) fn mask(text: &str) -> (String, bool) {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let (mut at, mut masked) = (0, false);
    while at < chars.len() {
        match address_at(&chars, at).or_else(|| number_at(&chars, at)) {
            Some(end) => {
                out.push_str(MASK);
                masked = true;
                at = end;
            }
            None => {
                out.push(chars[at]);
                at += 1;
            }
        }
    }
    (out, masked)
}

/// Where an e-mail address that begins here ends.
fn address_at(chars: &[char], at: usize) -> Option<usize> {
    let local = |c: &char| c.is_ascii_alphanumeric() || "._%+-".contains(*c);
    // Only from its first letter.
    if at > 0 && local(&chars[at - 1]) {
        return None;
    }
    let name = chars[at..].iter().take_while(|c| local(c)).count();
    let rest = &chars[at + name..];
    if name == 0 || !matches!(rest.first(), Some('@' | '＠')) {
        return None;
    }
    let host: Vec<char> = rest[1..]
        .iter()
        .copied()
        .take_while(|c| c.is_ascii_alphanumeric() || ".-".contains(*c))
        .collect();
    let named = host.iter().collect::<String>().trim_matches('.').contains('.');
    named.then_some(at + name + 1 + host.len())
}

/// Where a telephone number that begins here ends: nine digits and more from a zero, eleven and more from 84, with at
/// most three signs between two of them (`0912 - 345 - 678`).
fn number_at(chars: &[char], at: usize) -> Option<usize> {
    let digit = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - 0xFF10 + 0x30),
        _ => c.is_ascii_digit().then_some(c),
    };
    if at > 0 && digit(chars[at - 1]).is_some() {
        return None;
    }
    let (mut digits, mut end, mut between) = (String::new(), at, 0);
    for (place, c) in chars.iter().enumerate().skip(at) {
        if let Some(d) = digit(*c) {
            digits.push(d);
            (end, between) = (place + 1, 0);
        } else if digits.is_empty() && !matches!(c, '+' | '(') {
            return None;
        } else if " .-–()+_\u{a0}".contains(*c) && between < 3 {
            between += 1;
        } else {
            break;
        }
    }
    let enough = match digits.as_bytes() {
        [b'0', b'0', b'8', b'4', ..] => digits.len() >= 13,
        // Zeros alone end a price: 1.000.000.000.
        [b'0', ..] => digits.len() >= 9 && digits.bytes().any(|d| d != b'0'),
        [b'8', b'4', ..] => digits.len() >= 11,
        _ => false,
    };
    enough.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn numbers_and_addresses_are_masked() {
        for text in [
            "Gọi 0912 345 678 nhé",
            "Gọi 0912.345.678 nhé",
            "Gọi (0912) 345-678 nhé",
            "Gọi 0912 - 345 - 678 nhé",
            "Gọi +84 912 345 678 nhé",
            "Gọi 84912345678 nhé",
            "Gọi ０９１２３４５６７８ nhé",
            "Gọi chi.ba+1@example.com.vn nhé",
        ] {
            assert_eq!(mask(text), ("Gọi ••••• nhé".to_owned(), true), "{text}");
        }
        assert_eq!(mask("a@b.vn, 0912345678.").0, "•••••, •••••.");
    }

    #[test]
    fn prices_dates_and_weights_are_not() {
        for text in [
            "Giá 15.000.000 đồng, 500 g, ngày 05/12/2026 lúc 08:40",
            "Mã 123456789012",
            "Cả vườn 1.000.000.000 đồng",
            "2 gói x 250g @ 100.000",
            "hỏi @shop",
            "0,5 kg",
            "",
        ] {
            assert_eq!(mask(text), (text.to_owned(), false), "{text}");
        }
    }
}
