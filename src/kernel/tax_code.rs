//! Mã số thuế: ten digits with a check digit, three more for a branch.

use super::Text;
use std::fmt;

/// A valid tax code (MST) of 10 digits, or 13 for a branch (`0101197803-005`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TaxCode {
    entity: String,
    branch: Option<String>,
}

const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/// The tenth digit that belongs to nine: 10 − (Σ weight × digit mod 11); `None` when there is none.
fn check_digit(digits: &[u32]) -> Option<u32> {
    let sum: u32 = WEIGHTS.iter().zip(digits).map(|(w, d)| w * d).sum();
    10u32.checked_sub(sum % 11).filter(|d| *d < 10)
}

impl TaxCode {
    /// Reads 10 or 13 digits; blanks, dots and the hyphen before the branch may be left out or written.
    ///
    /// # Errors
    /// A text for the field: wrong length, or a check digit that does not fit.
    pub fn parse(typed: &str) -> Result<Self, Text> {
        let plain: String =
            typed.chars().filter(|c| !c.is_whitespace() && !"-.".contains(*c)).collect();
        let digits: Option<Vec<u32>> =
            plain.chars().map(|c| c.to_digit(10).filter(|_| c.is_ascii())).collect();
        let digits = digits.filter(|d| d.len() == 10 || d.len() == 13).ok_or_else(|| {
            Text::new(
                "Mã số thuế phải có 10 chữ số (hoặc 13 với chi nhánh).",
                "A tax code has 10 digits (13 for a branch).",
            )
        })?;
        if check_digit(&digits[..9]) != Some(digits[9]) {
            return Err(Text::new(
                "Mã số thuế không hợp lệ: chữ số kiểm tra không khớp. Xin xem lại từng số.",
                "This tax code is not valid: its check digit does not fit. Please compare each digit.",
            ));
        }
        let branch = (digits.len() == 13).then(|| plain[10..].to_owned());
        Ok(Self { entity: plain[..10].to_owned(), branch })
    }

    /// The legal entity's ten digits: what participation is counted by.
    #[must_use]
    pub fn entity(&self) -> &str {
        &self.entity
    }

    /// Whether this is a branch's code.
    #[must_use]
    pub fn is_branch(&self) -> bool {
        self.branch.is_some()
    }
}

impl fmt::Display for TaxCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.branch {
            Some(branch) => write!(f, "{}-{branch}", self.entity),
            None => f.write_str(&self.entity),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn branches_belong_to_their_entity() {
        let branch = TaxCode::parse("0101197803-005").unwrap();
        assert!(branch.is_branch());
        assert_eq!(
            (branch.entity(), branch.to_string().as_str()),
            ("0101197803", "0101197803-005")
        );
        assert_eq!(TaxCode::parse("0101197803005"), TaxCode::parse("0101197803-005"));
        for bad in ["", "0101197804", "010119780", "01011978٣3", "abcdefghij"] {
            assert!(TaxCode::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_noticed(nine in prop::array::uniform9(0u32..10), at in 0usize..9, by in 1u32..10) {
            let Some(check) = check_digit(&nine) else { return Ok(()) };
            let write = |d: &[u32]| d.iter().map(u32::to_string).collect::<String>() + &check.to_string();
            prop_assert!(TaxCode::parse(&write(&nine)).is_ok());
            let mut wrong = nine;
            wrong[at] = (wrong[at] + by) % 10;
            prop_assert!(TaxCode::parse(&write(&wrong)).is_err());
        }
    }
}
