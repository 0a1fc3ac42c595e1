//! The cookies of this site, none of which a script can read.

use cookie::{Cookie, SameSite, time::Duration};

/// The reader's language.
pub const LANG: &str = "lang";
/// A line to show once.
pub const FLASH: &str = "flash";
/// Pieces in the basket: a hint for the header.
pub const BASKET_COUNT: &str = "gio_n";
/// The commune to which a product page tells what delivery costs.
pub const COMMUNE: &str = "xa";
/// The guest's basket.
pub const BASKET: &str = "gio";

/// The visit at a point of assistance whose basket the clerk fills.
pub const ASSISTED: &str = "ho_tro";
/// To which order a buyer returns from a payment gateway.
pub const RETURN: &str = "ve_don";

/// The session's cookie: with https under the `__Host-` prefix, which no other host can set.
#[must_use]
pub const fn session_name(secure: bool) -> &'static str {
    if secure { "__Host-sid" } else { "sid" }
}

fn base(name: &'static str, value: String, secure: bool) -> cookie::CookieBuilder<'static> {
    Cookie::build((name, value)).path("/").http_only(true).secure(secure).same_site(SameSite::Lax)
}

/// Kept for half a year.
#[must_use]
pub fn lasting(name: &'static str, value: &str, secure: bool) -> Cookie<'static> {
    base(name, value.to_owned(), secure).max_age(Duration::days(180)).build()
}

/// Kept for `days`.
#[must_use]
pub fn for_days(name: &'static str, value: String, days: i64, secure: bool) -> Cookie<'static> {
    base(name, value, secure).max_age(Duration::days(days)).build()
}

/// Kept until the browser is closed.
#[must_use]
pub fn session(name: &'static str, value: &str, secure: bool) -> Cookie<'static> {
    base(name, encode(value), secure).build()
}

/// Taken away.
#[must_use]
pub fn gone(name: &'static str, secure: bool) -> Cookie<'static> {
    base(name, String::new(), secure).max_age(Duration::ZERO).build()
}

/// Any text as a cookie's value.
#[must_use]
pub fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The text of [`encode`].
#[must_use]
pub fn decode(value: &str) -> String {
    let text = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}
