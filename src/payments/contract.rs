//! A seller's contract with a provider: what he enters once and nobody reads again.

use super::model::PaymentMethod;
use crate::kernel::{Errors, Lang};
use serde::{Deserialize, Serialize};

/// The keys of a contract. Kept sealed; never shown, never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "provider", rename_all = "lowercase")]
pub enum Contract {
    VnPay {
        tmn_code: String,
        secret: String,
    },
    MoMo {
        partner_code: String,
        access_key: String,
        secret_key: String,
    },
    ZaloPay {
        app_id: i64,
        key1: String,
        key2: String,
    },
    /// The account that is connected to the floor's platform.
    Stripe {
        account: String,
    },
}

impl std::fmt::Debug for Contract {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Contract({}, {})", self.method().code(), self.code())
    }
}

/// What a contract's form carries: one name, up to three keys.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct ContractForm {
    pub code: String,
    pub key1: String,
    pub key2: String,
}

impl Contract {
    /// With whom.
    #[must_use]
    pub const fn method(&self) -> PaymentMethod {
        match self {
            Self::VnPay { .. } => PaymentMethod::VnPay,
            Self::MoMo { .. } => PaymentMethod::MoMo,
            Self::ZaloPay { .. } => PaymentMethod::ZaloPay,
            Self::Stripe { .. } => PaymentMethod::Stripe,
        }
    }

    /// The provider's name of the seller, which is no secret.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::VnPay { tmn_code, .. } => tmn_code.clone(),
            Self::MoMo { partner_code, .. } => partner_code.clone(),
            Self::ZaloPay { app_id, .. } => app_id.to_string(),
            Self::Stripe { account } => account.clone(),
        }
    }

    /// Checks the shape of what was entered; whether the provider knows it shows with the first payment.
    ///
    /// # Errors
    /// What is wrong, beside its field.
    pub fn read(method: PaymentMethod, form: &ContractForm, lang: Lang) -> Result<Self, Errors> {
        let mut errors = Errors::new(lang);
        let (code, key1, key2) = (form.code.trim(), form.key1.trim(), form.key2.trim());
        let code_fits = match method {
            PaymentMethod::VnPay => is(code, 8..=8, |c| c.is_ascii_alphanumeric()),
            PaymentMethod::MoMo => is(code, 4..=30, |c| c.is_ascii_alphanumeric() || c == '_'),
            PaymentMethod::ZaloPay => {
                is(code, 1..=10, |c| c.is_ascii_digit()) && !code.starts_with('0')
            }
            PaymentMethod::Stripe => code
                .strip_prefix("acct_")
                .is_some_and(|rest| is(rest, 8..=40, |c| c.is_ascii_alphanumeric())),
            PaymentMethod::Cod | PaymentMethod::VietQr => false,
        };
        errors.check(
            code_fits,
            "code",
            "Mã này không đúng dạng; xin chép nguyên từ hợp đồng hoặc trang của nhà cung cấp.",
            "This is not the shape of such a code; copy it from the contract or the provider's site.",
        );
        let (one, two) = match method {
            PaymentMethod::VnPay => (true, false),
            PaymentMethod::MoMo | PaymentMethod::ZaloPay => (true, true),
            PaymentMethod::Stripe | PaymentMethod::Cod | PaymentMethod::VietQr => (false, false),
        };
        for (field, key, wanted) in [("key1", key1, one), ("key2", key2, two)] {
            errors.check(
                !wanted || is(key, 12..=128, |c| c.is_ascii_graphic()),
                field,
                "Khóa phải có từ 12 đến 128 ký tự, không có khoảng trắng; xin chép nguyên từ nhà cung cấp.",
                "A key has 12 to 128 characters without spaces; copy it from the provider.",
            );
        }
        errors.check(
            !two || key1 != key2,
            "key2",
            "Hai khóa phải khác nhau.",
            "The two keys must differ.",
        );
        if !errors.is_empty() {
            return Err(errors);
        }
        let (code, key1, key2) = (code.to_owned(), key1.to_owned(), key2.to_owned());
        Ok(match method {
            PaymentMethod::VnPay => Self::VnPay { tmn_code: code, secret: key1 },
            PaymentMethod::MoMo => {
                Self::MoMo { partner_code: code, access_key: key1, secret_key: key2 }
            }
            PaymentMethod::ZaloPay => {
                Self::ZaloPay { app_id: code.parse().unwrap_or_default(), key1, key2 }
            }
            PaymentMethod::Stripe | PaymentMethod::Cod | PaymentMethod::VietQr => {
                Self::Stripe { account: code }
            }
        })
    }
}

fn is(text: &str, length: std::ops::RangeInclusive<usize>, fits: impl Fn(char) -> bool) -> bool {
    length.contains(&text.len()) && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: PaymentMethod, code: &str, key1: &str, key2: &str) -> Result<Contract, Errors> {
        let form = ContractForm { code: code.into(), key1: key1.into(), key2: key2.into() };
        Contract::read(method, &form, Lang::En)
    }

    #[test]
    fn only_the_right_shapes_are_taken() {
        let (a, b) = ("TESTSECRETTESTSECRETTESTSECRET01", "TESTSECRETTESTSECRETTESTSECRET02");
        assert!(read(PaymentMethod::VnPay, "DEMOTMN1", a, "").is_ok());
        assert!(read(PaymentMethod::MoMo, "MOMOTEST01", a, b).is_ok());
        assert!(read(PaymentMethod::ZaloPay, " 2553 ", a, b).is_ok());
        assert!(read(PaymentMethod::Stripe, "acct_1PgafyB7WZ01zgkW", "", "").is_ok());
        for (method, code, key1, key2) in [
            (PaymentMethod::VnPay, "DEMO TMN", a, ""),
            (PaymentMethod::VnPay, "DEMOTMN1", "", ""),
            (PaymentMethod::VnPay, "DEMOTMN1", "short", ""),
            (PaymentMethod::MoMo, "MOMOTEST01", a, a),
            (PaymentMethod::MoMo, "MOMOTEST01", a, "with a space in the key"),
            (PaymentMethod::ZaloPay, "0255", a, b),
            (PaymentMethod::ZaloPay, "99999999999", a, b),
            (PaymentMethod::Stripe, "sk_live_1PgafyB7WZ01zgkW", "", ""),
            (PaymentMethod::Cod, "DEMOTMN1", a, b),
        ] {
            assert!(read(method, code, key1, key2).is_err(), "{method:?} {code}");
        }
        let long = "9".repeat(10_000);
        assert!(read(PaymentMethod::VnPay, &long, &long, &long).is_err());
    }

    #[test]
    fn a_contract_does_not_tell_its_keys() {
        let contract = read(PaymentMethod::VnPay, "DEMOTMN1", "hunter2hunter2", "").unwrap();
        assert_eq!(format!("{contract:?}"), "Contract(vnpay, DEMOTMN1)");
        let kept = serde_json::to_vec(&contract).unwrap();
        assert_eq!(serde_json::from_slice::<Contract>(&kept).unwrap(), contract);
    }
}
