//! The pages on which a firm keeps its organisation, and officers look at it.

pub(super) mod facts;
pub(super) mod invitation;
pub(super) mod members;
pub(super) mod officer;
pub(super) mod open;
pub(super) mod overview;
pub(super) mod sites;

use crate::kernel::{Errors, Text};

/// One line between two lengths.
fn line(errors: &mut Errors, field: &str, typed: &str, (least, most): (usize, usize)) -> String {
    let joined = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = joined.chars().count();
    if length < least {
        errors.add(field, Text::new("Xin điền mục này.", "Please fill this in."));
    } else if length > most {
        errors.add(
            field,
            Text::new(format!("Dài quá {most} ký tự."), format!("Longer than {most} characters.")),
        );
    }
    joined
}

/// An e-mail address in lower case; may be empty.
fn email(errors: &mut Errors, field: &str, typed: &str) -> String {
    let typed = typed.trim().to_lowercase();
    let fits = typed.is_empty() || is_email(&typed);
    errors.check(
        fits,
        field,
        "Địa chỉ thư chưa đúng, ví dụ ten@example.vn.",
        "This is not an e-mail address, e.g. name@example.vn.",
    );
    typed
}

/// Whether it can be written to.
fn is_email(typed: &str) -> bool {
    typed.len() <= 254 && typed.parse::<lettre::Address>().is_ok()
}
