//! Amounts in Vietnamese words, as contracts and invoices write them.

use super::Vnd;

const DIGITS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];

fn digit(n: u64) -> &'static str {
    DIGITS[usize::try_from(n % 10).unwrap_or_default()]
}

/// Three digits; `inner` ones say their zeros: `không trăm linh năm`.
fn triple(n: u64, inner: bool, out: &mut Vec<&'static str>) {
    let (hundreds, tens, ones) = (n / 100, n / 10 % 10, n % 10);
    let says_hundreds = hundreds > 0 || inner;
    if says_hundreds {
        out.extend([digit(hundreds), "trăm"]);
    }
    match tens {
        0 if ones > 0 && says_hundreds => out.push("linh"),
        0 => {}
        1 => out.push("mười"),
        _ => out.extend([digit(tens), "mươi"]),
    }
    match (tens, ones) {
        (_, 0) => {}
        (2.., 1) => out.push("mốt"),
        (1.., 5) => out.push("lăm"),
        _ => out.push(digit(ones)),
    }
}

fn number(n: u64, inner: bool, out: &mut Vec<&'static str>) {
    const BILLION: u64 = 1_000_000_000;
    if n >= BILLION {
        number(n / BILLION, inner, out);
        out.push("tỷ");
        if !n.is_multiple_of(BILLION) {
            number(n % BILLION, true, out);
        }
        return;
    }
    let mut inner = inner;
    for (unit, name) in [(1_000_000, "triệu"), (1_000, "nghìn"), (1, "")] {
        let part = n / unit % 1_000;
        if part > 0 {
            triple(part, inner, out);
            out.extend(Some(name).filter(|name| !name.is_empty()));
        }
        inner |= part > 0;
    }
}

impl Vnd {
    /// `Một trăm linh tám nghìn đồng`.
    ///
    /// ```
    /// use santinh::kernel::Vnd;
    /// assert_eq!(Vnd(108_000).in_words(), "Một trăm linh tám nghìn đồng");
    /// ```
    #[must_use]
    pub fn in_words(self) -> String {
        let mut words = Vec::new();
        if self.0 < 0 {
            words.push("âm");
        }
        match self.0.unsigned_abs() {
            0 => words.push("không"),
            n => number(n, false, &mut words),
        }
        words.push("đồng");
        let text = words.join(" ");
        let mut letters = text.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_read_them() {
        for (amount, words) in [
            (0, "Không đồng"),
            (5, "Năm đồng"),
            (15_000, "Mười lăm nghìn đồng"),
            (21_500, "Hai mươi mốt nghìn năm trăm đồng"),
            (105_005, "Một trăm linh năm nghìn không trăm linh năm đồng"),
            (1_000_000, "Một triệu đồng"),
            (1_250_000, "Một triệu hai trăm năm mươi nghìn đồng"),
            (10_000_010, "Mười triệu không trăm mười đồng"),
            (2_000_000_001, "Hai tỷ không trăm linh một đồng"),
            (
                1_234_567_890,
                "Một tỷ hai trăm ba mươi bốn triệu năm trăm sáu mươi bảy nghìn tám trăm chín mươi đồng",
            ),
        ] {
            assert_eq!(Vnd(amount).in_words(), words);
        }
        assert!(Vnd(i64::MAX).in_words().contains("tỷ"));
        assert!(Vnd(i64::MIN).in_words().starts_with("Âm "));
    }
}
