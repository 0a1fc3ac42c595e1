//! GTIN: the number under a barcode (GS1 General Specifications, §7.9).

use super::Text;

/// A GTIN-8, -12, -13 or -14 whose check digit fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gtin(String);

impl Gtin {
    /// Reads the digits under a barcode; blanks may stand between them.
    ///
    /// # Errors
    /// A text for the field: wrong length, or a check digit that does not fit.
    pub fn parse(typed: &str) -> Result<Self, Text> {
        let plain: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let digits: Option<Vec<u32>> =
            plain.chars().map(|c| c.to_digit(10).filter(|_| c.is_ascii())).collect();
        let digits = digits.filter(|d| matches!(d.len(), 8 | 12..=14)).ok_or_else(|| {
            Text::new(
                "Mã vạch GTIN có 8, 12, 13 hoặc 14 chữ số.",
                "A GTIN has 8, 12, 13 or 14 digits.",
            )
        })?;
        let sum: u32 =
            digits.iter().rev().enumerate().map(|(i, d)| if i % 2 == 1 { d * 3 } else { *d }).sum();
        if !sum.is_multiple_of(10) {
            return Err(Text::new(
                "Mã vạch GTIN không hợp lệ: chữ số kiểm tra không khớp.",
                "This GTIN is not valid: its check digit does not fit.",
            ));
        }
        Ok(Self(plain))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Gtin;

    #[test]
    fn check_digits_are_checked() {
        for good in ["8938505974194", "96385074", "036000291452", "1 0614141 00041 5"] {
            assert!(Gtin::parse(good).is_ok(), "{good}");
        }
        for bad in ["8938505974195", "123", "", "89385059741x4"] {
            assert!(Gtin::parse(bad).is_err(), "{bad}");
        }
    }
}
