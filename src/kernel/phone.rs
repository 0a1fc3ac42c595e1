//! Telephone numbers of Viet Nam.

use super::Text;

/// A Vietnamese number in E.164: `+84912345678`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// Reads what people type: `0912 345 678`, `+84 912.345.678`, `84912345678`.
    ///
    /// # Errors
    /// A text for the field when it is not a number of 9 or 10 digits after the zero.
    pub fn parse(typed: &str) -> Result<Self, Text> {
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let plus = typed.trim_start().starts_with('+');
        let foreign = typed.chars().any(|c| !c.is_ascii_digit() && !" .-+()".contains(c));
        let national = match digits.strip_prefix("84") {
            Some(rest) if plus || digits.len() >= 11 => rest.strip_prefix('0').unwrap_or(rest),
            _ => digits.strip_prefix('0').unwrap_or(""),
        };
        if foreign || !(9..=10).contains(&national.len()) || national.starts_with('0') {
            return Err(Text::new(
                "Số điện thoại chưa đúng, ví dụ 0912 345 678.",
                "This is not a Vietnamese phone number, e.g. 0912 345 678.",
            ));
        }
        Ok(Self(format!("+84{national}")))
    }

    /// E.164.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people here write it: `0912 345 678`.
    #[must_use]
    pub fn local(e164: &str) -> String {
        let Some(national) = e164.strip_prefix("+84") else { return e164.to_owned() };
        if national.len() != 9 || !national.is_ascii() {
            return format!("0{national}");
        }
        format!("0{} {} {}", &national[..3], &national[3..6], &national[6..])
    }
}

#[cfg(test)]
mod tests {
    use super::Phone;

    #[test]
    fn reads_what_people_type() {
        for typed in ["0912 345 678", "+84 912.345.678", "84912345678", "(0912)345-678"] {
            assert_eq!(
                Phone::parse(typed).map(|p| p.as_str().to_owned()),
                Ok("+84912345678".into()),
                "{typed}"
            );
        }
        for typed in ["", "12345", "không có", "0912 345 67a", "00912345678"] {
            assert!(Phone::parse(typed).is_err(), "{typed}");
        }
        assert_eq!(Phone::local("+84912345678"), "0912 345 678");
    }
}
