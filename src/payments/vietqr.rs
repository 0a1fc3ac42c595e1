//! VietQR: the text of the code that every bank's app reads (EMVCo merchant-presented mode, NAPAS profile).

use super::error::PaymentError;
use crate::{kernel::Vnd, platform::qr};

const CRC: crc::Crc<u16> = crc::Crc::<u16>::new(&crc::CRC_16_IBM_3740);

/// One field: two digits of id, two of length, the value. Lengths count characters.
fn field(id: &str, value: &str) -> Result<String, PaymentError> {
    match value.chars().count() {
        length @ 1..=99 => Ok(format!("{id}{length:02}{value}")),
        _ => Err(PaymentError::Account),
    }
}

/// The text of a QR code that pays `amount` into an account with a purpose.
///
/// # Errors
/// [`PaymentError::Account`] when a part is empty or longer than 99 characters.
pub fn payload(
    bin: &str,
    number: &str,
    amount: Option<Vnd>,
    purpose: Option<&str>,
) -> Result<String, PaymentError> {
    encode(bin, number, amount, purpose, "QRIBFTTA")
}

fn encode(
    bin: &str,
    number: &str,
    amount: Option<Vnd>,
    purpose: Option<&str>,
    service: &str,
) -> Result<String, PaymentError> {
    let bank = field("00", bin)? + &field("01", number)?;
    let merchant = field("00", "A000000727")? + &field("01", &bank)? + &field("02", service)?;
    let mut text = field("00", "01")?;
    text += &field("01", if amount.is_some() { "12" } else { "11" })?;
    text += &field("38", &merchant)?;
    text += &field("53", "704")?;
    if let Some(amount) = amount {
        text += &field("54", &amount.0.to_string())?;
    }
    text += &field("58", "VN")?;
    if let Some(purpose) = purpose {
        text += &field("62", &field("08", purpose)?)?;
    }
    text += "6304";
    let sum = CRC.checksum(text.as_bytes());
    Ok(format!("{text}{sum:04X}"))
}

/// The code as a picture that stays sharp on any screen and on paper.
///
/// # Errors
/// [`PaymentError::Account`] when the text is too long for a code.
pub fn qr_svg(text: &str) -> Result<String, PaymentError> {
    qr::svg(text, "").ok_or(PaymentError::Account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn vectors(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn gives_what_other_encoders_give() {
        let file = vectors(include_str!("../../tests/fixtures/vietqr.json"));
        let list = file["vectors"].as_array().unwrap();
        assert!(list.len() >= 7);
        for vector in list {
            let input = &vector["input"];
            let amount = input["amount"].as_str().map(|a| Vnd(a.parse().unwrap()));
            let text = encode(
                input["bin"].as_str().unwrap(),
                input["account"].as_str().unwrap(),
                amount,
                input["purpose"].as_str(),
                input["service"].as_str().unwrap(),
            );
            assert_eq!(text.unwrap(), vector["payload"].as_str().unwrap(), "{}", vector["id"]);
        }
        let file = vectors(include_str!("../../tests/fixtures/payments.json"));
        for vector in [&file["vietqr"], &file["vietqr_static"]] {
            let input = &vector["input"];
            let text = payload(
                input["bankBin"].as_str().unwrap(),
                input["account"].as_str().unwrap(),
                input["amount"].as_str().map(|a| Vnd(a.parse().unwrap())),
                input["purpose"].as_str(),
            );
            assert_eq!(text.unwrap(), vector["expected_emv_string"].as_str().unwrap());
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(payload("970436", "", None, None).is_err());
        assert!(payload("970436", &"1".repeat(100), None, None).is_err());
        assert!(payload("970436", "1", None, Some(&"x".repeat(96))).is_err());
    }

    /// Splits fields as a bank's app does.
    fn fields(mut text: &str) -> Vec<(String, String)> {
        let mut out = Vec::new();
        while !text.is_empty() {
            let length: usize = text[2..4].parse().unwrap();
            out.push((text[..2].to_owned(), text[4..4 + length].to_owned()));
            text = &text[4 + length..];
        }
        out
    }

    proptest! {
        #[test]
        fn a_reader_finds_the_account_the_amount_and_the_memo(
            number in "[0-9]{6,19}", amount in 1i64..=9_999_999_999_999, memo in "ST[2-9A-Z]{9}",
        ) {
            let text = payload("970436", &number, Some(Vnd(amount)), Some(&memo)).unwrap();
            let found = fields(&text);
            let of = |id: &str| found.iter().find(|(i, _)| i == id).map(|(_, v)| v.clone()).unwrap_or_default();
            prop_assert_eq!(of("54"), amount.to_string());
            prop_assert_eq!(of("62"), format!("0811{memo}"));
            prop_assert!(of("38").contains(&number));
            prop_assert_eq!(of("63"), format!("{:04X}", CRC.checksum(&text.as_bytes()[..text.len() - 4])));
        }
    }
}
