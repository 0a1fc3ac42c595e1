//! The form of a firm's facts, used when it opens its shop and when it edits its file.

use crate::{
    enterprises::model::{Kind, NewSeller, Seller},
    kernel::{Day, Errors, Lang, Phone, TaxCode, Text, parse_day},
    places::Places,
};
use serde::Deserialize;

/// As sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ProfileForm {
    pub(crate) key: String,
    pub(crate) act: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    pub(crate) tax_code: String,
    pub(crate) legal_name: String,
    pub(crate) shop_name: String,
    pub(crate) commune: String,
    pub(crate) commune_q: String,
    pub(crate) address: String,
    pub(crate) vsic: String,
    pub(crate) employees: String,
    pub(crate) revenue: String,
    pub(crate) capital: String,
    pub(crate) phone: String,
    pub(crate) email: String,
    pub(crate) registration_no: String,
    pub(crate) registered_on: String,
    pub(crate) registered_by: String,
    pub(crate) intro: String,
    pub(crate) intro_en: String,
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

impl From<&Seller> for ProfileForm {
    fn from(s: &Seller) -> Self {
        Self {
            version: s.version.to_string(),
            kind: s.kind.code().into(),
            tax_code: s.tax_code.clone().unwrap_or_default(),
            legal_name: s.legal_name.clone(),
            shop_name: s.shop_name.clone(),
            commune: s.commune_code.clone(),
            address: s.address.clone(),
            vsic: s.vsic.clone().unwrap_or_default(),
            employees: shown(s.employees),
            revenue: shown(s.revenue),
            capital: shown(s.capital),
            phone: Phone::local(&s.phone),
            email: s.email.clone(),
            registration_no: s.registration_no.clone(),
            registered_on: shown(s.registered_on),
            registered_by: s.registered_by.clone(),
            intro: s.intro.clone(),
            intro_en: s.intro_en.clone(),
            ..Self::default()
        }
    }
}

/// What a form is checked against.
pub(super) struct Against<'a> {
    pub(super) lang: Lang,
    pub(super) places: &'a Places,
    pub(super) vsic: &'a [(String, String)],
    pub(super) today: Day,
}

impl ProfileForm {
    /// The facts, or what is wrong with them. A draft may leave out what only the checklist asks for.
    pub(super) fn check(&self, with: &Against<'_>) -> Result<NewSeller, Errors> {
        let mut e = Errors::new(with.lang);
        let kind = Kind::of(&self.kind).unwrap_or_else(|| {
            e.add("kind", Text::new("Xin chọn loại chủ thể.", "Please choose the kind."));
            Kind::Enterprise
        });
        let tax_code = match self.tax_code.trim() {
            "" if kind == Kind::Household => None,
            typed => e.take("tax_code", TaxCode::parse(typed)),
        };
        let legal_name = line(&mut e, "legal_name", &self.legal_name, (3, 200));
        let shop_name = line(&mut e, "shop_name", &self.shop_name, (3, 80));
        let address = line(&mut e, "address", &self.address, (3, 300));
        e.check(
            with.places.commune(&self.commune).is_some(),
            "commune",
            "Xin gõ và chọn xã, phường trong danh sách.",
            "Please type and choose a commune or ward of the list.",
        );
        let vsic = with.vsic.iter().any(|(code, _)| *code == self.vsic).then(|| self.vsic.clone());
        e.check(
            vsic.is_some() || self.vsic.is_empty(),
            "vsic",
            "Ngành nghề không có trong danh mục.",
            "This field is not on the list.",
        );
        let employees = whole(&mut e, "employees", &self.employees, 10_000_000);
        let revenue = whole(&mut e, "revenue", &self.revenue, 1_000_000_000_000_000_000);
        let capital = whole(&mut e, "capital", &self.capital, 1_000_000_000_000_000_000);
        let registered_on = match self.registered_on.trim() {
            "" => None,
            typed => e.take("registered_on", parse_day(typed)),
        };
        e.check(
            registered_on.is_none_or(|day| day <= with.today),
            "registered_on",
            "Ngày cấp không thể ở tương lai.",
            "The date of issue cannot be in the future.",
        );
        let registration_no = line(&mut e, "registration_no", &self.registration_no, (0, 50));
        let registered_by = line(&mut e, "registered_by", &self.registered_by, (0, 200));
        let contact = self.contact(&mut e);
        if !e.is_empty() {
            return Err(e);
        }
        Ok(NewSeller {
            tax_code,
            kind,
            legal_name,
            shop_name,
            commune_code: self.commune.clone(),
            address,
            vsic,
            employees: employees.and_then(|n| i32::try_from(n).ok()),
            revenue,
            capital,
            registration_no,
            registered_on,
            registered_by,
            ..contact
        })
    }

    /// Introduction and contact alone: what may change after approval.
    pub(super) fn check_contact(&self, lang: Lang) -> Result<NewSeller, Errors> {
        let mut e = Errors::new(lang);
        let contact = self.contact(&mut e);
        if e.is_empty() { Ok(contact) } else { Err(e) }
    }

    fn contact(&self, e: &mut Errors) -> NewSeller {
        let phone = e.take("phone", Phone::parse(&self.phone));
        let email = self.email.trim();
        e.check(
            is_email(email),
            "email",
            "Địa chỉ thư điện tử chưa đúng.",
            "This is not an e-mail address.",
        );
        NewSeller {
            phone: phone.map(|p| p.as_str().to_owned()).unwrap_or_default(),
            email: email.to_lowercase(),
            intro: text(e, "intro", &self.intro, 3000),
            intro_en: text(e, "intro_en", &self.intro_en, 3000),
            ..NewSeller::default()
        }
    }
}

/// Whether it can be written to.
pub(super) fn is_email(typed: &str) -> bool {
    typed.len() <= 254 && typed.parse::<lettre::Address>().is_ok()
}

/// One line between two lengths.
pub(super) fn line(
    e: &mut Errors,
    field: &'static str,
    typed: &str,
    (least, most): (usize, usize),
) -> String {
    let joined = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = joined.chars().count();
    if length < least {
        e.add(field, Text::new("Xin điền mục này.", "Please fill this in."));
    } else if length > most {
        e.add(
            field,
            Text::new(format!("Dài quá {most} ký tự."), format!("Longer than {most} characters.")),
        );
    }
    joined
}

fn text(e: &mut Errors, field: &'static str, typed: &str, most: usize) -> String {
    if typed.chars().count() > most {
        e.add(
            field,
            Text::new(format!("Dài quá {most} ký tự."), format!("Longer than {most} characters.")),
        );
    }
    typed.trim().to_owned()
}

/// A whole number that is not negative, with or without separators; empty: not told.
fn whole(e: &mut Errors, field: &'static str, typed: &str, most: i64) -> Option<i64> {
    let plain: String =
        typed.chars().filter(|c| !c.is_whitespace() && !".,₫".contains(*c)).collect();
    if plain.is_empty() {
        return None;
    }
    let number = plain.bytes().all(|b| b.is_ascii_digit()).then(|| plain.parse::<i64>().ok());
    let number = number.flatten().filter(|n| *n <= most);
    if number.is_none() {
        e.add(
            field,
            Text::new(
                "Xin ghi một số nguyên không âm.",
                "Please write a whole number, zero or more.",
            ),
        );
    }
    number
}
