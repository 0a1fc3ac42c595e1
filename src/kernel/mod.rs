//! Words of the trade with no machinery: money, ids, who-and-when, codes with check digits, Vietnamese text.
//!
//! Pure: no I/O, no async, no HTTP. Everything here can be tested without a database.

mod code;
mod cx;
mod fields;
mod folding;
mod gtin;
mod id;
mod list;
mod markdown;
mod money;
mod phone;
mod slug;
mod spoken;
mod tax_code;
mod text;
mod time;

pub use code::{BadCode, check_char, code_from, is_code, memo_from, normalise};
pub use cx::{Actor, Cx};
pub use fields::Errors;
pub use folding::{fold, words};
pub use gtin::Gtin;
pub use id::{
    CheckoutId, GroupId, IntentId, OrderId, OrgId, PersonId, ProductId, SellerId, VariantId,
    VoucherId,
};
pub use list::{Cursor, Leaf, Place, name_place, read_moment, read_place};
pub use markdown::safe_html;
pub use money::{BasisPoints, Vnd};
pub use phone::Phone;
pub use slug::slug;
pub use tax_code::TaxCode;
pub use text::{Lang, Text};
pub use time::{Day, date, date_time, day_of, month_start, parse_day, start_of_day, vn};
