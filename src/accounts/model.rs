//! People and the rules about what they type; pure.

use crate::kernel::{Lang, PersonId, Phone, Text};

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub email: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    pub lang: Lang,
    /// Whether the address is proved.
    pub email_confirmed: bool,
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub lang: Lang,
    /// From [`super::hash_password`]; `None`: the person sets one by a link.
    pub password_hash: Option<String>,
    /// Whether the address is known to be his; otherwise he confirms it before he signs in.
    pub email_confirmed: bool,
}

/// What a person may do beyond buying and selling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Acts for the Department of Industry and Trade.
    Officer,
    /// Runs the floor.
    Operator,
}

impl Role {
    /// As stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Operator => "operator",
        }
    }
}

/// Somebody with a role.
#[derive(Debug, Clone)]
pub struct RoleHolder {
    pub id: PersonId,
    /// As stored: [`Role::as_str`].
    pub role: String,
    pub name: String,
    pub email: Option<String>,
    /// Whether it is set up.
    pub second_factor: bool,
}

/// What people sign in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contact {
    /// Lower case.
    Email(String),
    /// E.164.
    Phone(String),
}

impl Contact {
    /// Reads an e-mail address or a phone number.
    ///
    /// # Errors
    /// A text for the field.
    pub fn parse(typed: &str) -> Result<Self, Text> {
        let typed = typed.trim();
        if typed.contains('@') {
            return email(typed).map(Self::Email);
        }
        Phone::parse(typed).map(|phone| Self::Phone(phone.as_str().to_owned())).map_err(|_| {
            Text::new(
                "Nhập địa chỉ e-mail hoặc số điện thoại, ví dụ 0912 345 678.",
                "Enter an e-mail address or a phone number, e.g. 0912 345 678.",
            )
        })
    }

    /// The address or number itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(text) | Self::Phone(text) => text,
        }
    }
}

/// Reads an e-mail address; it becomes lower case.
///
/// # Errors
/// A text for the field.
pub fn email(typed: &str) -> Result<String, Text> {
    let wrong = || {
        Text::new(
            "Địa chỉ e-mail chưa đúng, ví dụ ten@vidu.vn.",
            "This is not an e-mail address, e.g. name@example.com.",
        )
    };
    let address = typed.trim().to_lowercase();
    let (local, host) = address.rsplit_once('@').ok_or_else(wrong)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let label = |l: &str| {
        !l.is_empty()
            && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    let sound = address.len() <= 254
        && (1..=64).contains(&local.len())
        && local.chars().all(plain)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && host.contains('.')
        && host.split('.').all(label);
    if sound { Ok(address) } else { Err(wrong()) }
}

/// Reads a person's name.
///
/// # Errors
/// A text for the field.
pub(super) fn name(typed: &str) -> Result<String, Text> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(Text::new("Nhập họ và tên.", "Enter your name.")),
        1..=100 => Ok(name),
        _ => Err(Text::new(
            "Họ và tên dài quá 100 ký tự.",
            "The name is longer than 100 characters.",
        )),
    }
}

/// Passwords that everybody tries first; compared in lower case.
const COMMON: &str = include_str!("../../data/common_passwords.txt");

/// Whether a password may be chosen: 8 to 128 characters, not one of the common ones, not the
/// sign-in name itself.
///
/// # Errors
/// A text for the field.
pub fn password(typed: &str, contact: &str) -> Result<(), Text> {
    let lower = typed.to_lowercase();
    let length = typed.chars().count();
    let mut letters = lower.chars();
    let first = letters.next();
    if length < 8 {
        Err(Text::new("Mật khẩu cần ít nhất 8 ký tự.", "The password needs at least 8 characters."))
    } else if length > 128 {
        Err(Text::new("Mật khẩu dài quá 128 ký tự.", "The password is longer than 128 characters."))
    } else if COMMON.lines().any(|common| common == lower)
        || letters.all(|c| Some(c) == first)
        || (!contact.is_empty() && lower == contact.to_lowercase())
    {
        Err(Text::new(
            "Mật khẩu này quá dễ đoán; hãy chọn mật khẩu khác.",
            "This password is too easy to guess; please choose another.",
        ))
    } else {
        Ok(())
    }
}

/// `Chrome · Android`, from what a browser says of itself.
pub(super) fn device_name(user_agent: &str, lang: Lang) -> String {
    let first = |pairs: &[(&str, &'static str)]| {
        pairs.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg", "Edge"),
        ("coc_coc", "Cốc Cốc"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => lang.t("Thiết bị khác", "Another device").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_told_apart_and_brought_to_one_form() {
        assert_eq!(Contact::parse(" Lan@Vidu.VN "), Ok(Contact::Email("lan@vidu.vn".into())));
        assert_eq!(Contact::parse("0912 345 678"), Ok(Contact::Phone("+84912345678".into())));
        let long = format!("{}@vidu.vn", "a".repeat(300));
        for bad in [
            "",
            "lan",
            "lan@",
            "@vidu.vn",
            "lan@vidu",
            "a b@vidu.vn",
            "lan@-x.vn",
            "a..b@x.vn",
            long.as_str(),
        ] {
            assert!(Contact::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn weak_passwords_are_refused() {
        for bad in
            ["", "ngan", "password", "MatKhau123", "aaaaaaaaaaaa", "Lan@vidu.vn", &"x1".repeat(65)]
        {
            assert!(password(bad, "lan@vidu.vn").is_err(), "{bad}");
        }
        for good in ["cà phê sáng ở Khe Sanh", "tr0i-mua-nho", &"x1".repeat(64)] {
            assert!(password(good, "lan@vidu.vn").is_ok(), "{good}");
        }
    }

    #[test]
    fn devices_are_named() {
        let agent =
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36";
        assert_eq!(device_name(agent, Lang::Vi), "Chrome · Android");
        assert_eq!(device_name("curl/8", Lang::En), "Another device");
    }
}
