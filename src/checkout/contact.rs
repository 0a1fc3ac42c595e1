//! Who buys and where it goes: what was typed, and what of it can be used.

use super::draft::Draft;
use crate::{
    kernel::{Errors, Lang, Phone, Text},
    orders::Contact,
    places::{Commune, Places, Resolution, Suggestion},
};

/// What was typed and can be used.
#[derive(Debug, Clone)]
pub(super) struct Recipient {
    pub(super) contact: Contact,
    pub(super) commune: Commune,
    pub(super) line: String,
}

impl Recipient {
    /// `Thôn 3, Xã Khe Sanh, Quảng Trị`
    pub(super) fn address(&self) -> String {
        format!("{}, {}", self.line, self.commune.shown())
    }
}

/// The e-mail address, `None` where nothing was typed.
fn email(typed: &str) -> Result<Option<String>, Text> {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        return Ok(None);
    }
    let fits = typed.len() <= 200 && typed.parse::<lettre::Address>().is_ok();
    fits.then_some(Some(typed)).ok_or_else(|| {
        Text::new(
            "Địa chỉ thư chưa đúng, ví dụ ten@example.vn.",
            "This is not an e-mail address, e.g. name@example.vn.",
        )
    })
}

impl Draft {
    /// The buyer and the address, or what is wrong with them field by field.
    pub(super) fn recipient(&self, places: &Places, lang: Lang) -> Result<Recipient, Errors> {
        let mut errors = Errors::new(lang);
        let name = self.name.trim();
        errors.check(
            (2..=100).contains(&name.chars().count()),
            "ho_ten",
            "Ghi họ và tên người nhận, từ 2 đến 100 chữ.",
            "Write the recipient's full name, 2 to 100 characters.",
        );
        let phone = errors.take("dien_thoai", Phone::parse(&self.phone));
        let email = errors.take("email", email(&self.email));
        let commune = self.commune.as_deref().and_then(|code| places.commune(code)).cloned();
        errors.check(
            commune.is_some(),
            "xa",
            "Chọn xã, phường nơi nhận hàng.",
            "Choose the commune of delivery.",
        );
        let line = self.address_line.trim().replace('\n', ", ");
        errors.check(
            (2..=200).contains(&line.chars().count()),
            "dia_chi",
            "Ghi số nhà, đường hoặc thôn, từ 2 đến 200 chữ.",
            "Write house number, street or village, 2 to 200 characters.",
        );
        errors.check(
            self.note.chars().count() <= 500,
            "ghi_chu",
            "Lời nhắn dài tối đa 500 chữ.",
            "The note has at most 500 characters.",
        );
        match (phone, email, commune) {
            (Some(phone), Some(email), Some(commune)) if errors.is_empty() => {
                let phone = phone.as_str().to_owned();
                let contact = Contact { name: name.to_owned(), phone, email };
                Ok(Recipient { contact, commune, line })
            }
            _ => Err(errors),
        }
    }

    /// Understands the commune: the ticked one, unless something else has been typed since.
    ///
    /// Returns the choices to be shown; the errors say what was not understood.
    pub(super) fn resolve(&mut self, places: &Places, lang: Lang) -> (Vec<Suggestion>, Errors) {
        let mut errors = Errors::new(lang);
        let typed: String = self.commune_typed.trim().chars().take(120).collect();
        let ticked = self.commune.take().filter(|code| places.commune(code).is_some());
        if typed.is_empty() {
            self.commune = ticked;
            return (Vec::new(), errors);
        }
        let found = places.suggest(&typed, 12);
        let meant = |code: &String| {
            crate::kernel::fold(&places.shown(code)) == crate::kernel::fold(&typed)
                || found.iter().any(|s| s.code == *code)
        };
        if let Some(code) = ticked.filter(meant) {
            self.commune = Some(code);
            return (found, errors);
        }
        match places.resolve(&typed) {
            Resolution::One(commune) => {
                self.commune = Some(commune.code);
                (found, errors)
            }
            Resolution::Several(choices) => {
                errors.add(
                    "xa",
                    Text::new(
                        "Có mấy nơi như vậy; xin chọn một nơi.",
                        "Several places fit; please choose one.",
                    ),
                );
                (choices, errors)
            }
            Resolution::None => {
                errors.add(
                    "xa",
                    Text::new(
                        "Không tìm thấy xã, phường nào như vậy. Thử gõ ít chữ hơn.",
                        "No such commune or ward. Try fewer letters.",
                    ),
                );
                (found, errors)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_may_be_left_out_but_not_be_wrong() {
        assert_eq!(email("  "), Ok(None));
        assert_eq!(email(" Lan@Example.VN "), Ok(Some("lan@example.vn".into())));
        for typed in ["lan", "lan@", "a b@example.vn", "lan@example.vn, b@example.vn"] {
            assert!(email(typed).is_err(), "{typed}");
        }
    }
}
