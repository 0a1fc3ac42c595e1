//! The pages of sellers about their customers, and of firms about what they buy.

pub(super) mod customer;
pub(super) mod customers;
pub(super) mod goods;
pub(super) mod groups;
pub(super) mod lists;
pub(super) mod prices;
pub(super) mod quick;
pub(super) mod suppliers;

use super::error::WholesaleError;
use crate::{
    kernel::{Errors, Lang, OrgId, VariantId},
    web::{AsProblem, PageError},
};
use axum::http::StatusCode;
use uuid::Uuid;

/// The entry of the seller's desk.
const SELLER: &str = "seller-wholesale";
const HOME: &str = "/ban-hang/khach-si";

/// Errors, shown or not.
fn status(errors: &Errors) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// What a person can put right is told beside `field`; the rest is a page of its own.
fn told(error: WholesaleError, lang: Lang, field: &str) -> Result<Errors, PageError> {
    match error {
        WholesaleError::Refused(_)
        | WholesaleError::Taken
        | WholesaleError::Full
        | WholesaleError::Stale => {
            let mut errors = Errors::new(lang);
            errors.add(field, error.problem().title);
            Ok(errors)
        }
        other => Err(other.into()),
    }
}

/// The firm of an address; anything else is not there.
fn org_id(text: &str) -> Result<OrgId, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

fn uuid(text: &str) -> Result<Uuid, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}

/// Text of at most `most` characters, or a note of what is wrong with it.
fn words(errors: &mut Errors, field: &str, typed: &str, most: usize, needed: bool) -> String {
    let typed = typed.trim();
    if typed.chars().count() > most {
        let text = crate::kernel::Text::new(
            format!("Dài quá {most} ký tự."),
            format!("This is longer than {most} characters."),
        );
        errors.add(field, text);
    }
    errors.check(!needed || !typed.is_empty(), field, "Cần điền ô này.", "Please fill this in.");
    typed.to_owned()
}

/// Goods and pieces as forms send them, side by side; what is no goods is left out, of each goods the last word counts.
fn sent_lines(variants: &[String], quantities: &[String]) -> Vec<(VariantId, i64)> {
    let mut lines: Vec<(VariantId, i64)> = Vec::new();
    for (variant, quantity) in variants.iter().zip(quantities) {
        let Ok(variant) = variant.trim().parse::<VariantId>() else { continue };
        let typed = super::units::read_amount(quantity).filter(|n| n % 1_000 == 0);
        let Some(quantity) = typed.map(|n| n / 1_000) else { continue };
        lines.retain(|(known, _)| *known != variant);
        if (1..=crate::catalogue::MOST_PIECES).contains(&quantity) {
            lines.push((variant, quantity));
        }
    }
    lines
}
