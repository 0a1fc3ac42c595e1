//! What the forms of this slice have in common.

use crate::{
    catalogue::CatalogueError,
    kernel::{Errors, Lang, ProductId, Text, Vnd},
    web::PageError,
};

/// A form whose fields are not known beforehand: facts by category, rows of a table.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(transparent)]
pub(in crate::catalogue) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The last value of a field; empty when it was not sent.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(n, _)| n == name).map_or("", |(_, value)| value.trim())
    }

    /// Whether the field was sent at all.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// Every value of a repeated field.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The fields whose name begins so, without that beginning.
    pub(super) fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(n, value)| Some((n.strip_prefix(prefix)?, value.trim())))
    }

    /// A text of at most `most` characters.
    pub(super) fn text(&self, errors: &mut Errors, name: &str, most: usize) -> String {
        let value = self.get(name);
        if value.chars().count() > most {
            errors.add(
                name,
                Text::new(
                    format!("Dài quá {most} ký tự."),
                    format!("This is longer than {most} characters."),
                ),
            );
            return String::new();
        }
        value.to_owned()
    }

    /// A whole number within bounds; `empty` where nothing was typed.
    pub(super) fn number(
        &self,
        errors: &mut Errors,
        name: &str,
        bounds: std::ops::RangeInclusive<i64>,
        empty: Option<i64>,
    ) -> i64 {
        let typed = self.get(name);
        if typed.is_empty()
            && let Some(empty) = empty
        {
            return empty;
        }
        match whole(typed).filter(|n| bounds.contains(n)) {
            Some(number) => number,
            None => {
                errors.add(
                    name,
                    Text::new(
                        format!("Cần một số từ {} đến {}.", bounds.start(), bounds.end()),
                        format!("A number from {} to {} is needed.", bounds.start(), bounds.end()),
                    ),
                );
                *bounds.start()
            }
        }
    }

    /// An amount of đồng; `None` where nothing was typed.
    pub(super) fn amount(&self, errors: &mut Errors, name: &str) -> Option<Vnd> {
        let typed = self.get(name);
        if typed.is_empty() {
            return None;
        }
        let found = whole(typed).filter(|n| (1..=1_000_000_000_000).contains(n)).map(Vnd);
        if found.is_none() {
            errors.add(
                name,
                Text::new(
                    "Số tiền chưa đúng, ví dụ 85.000.",
                    "This is not an amount in đồng, e.g. 85.000.",
                ),
            );
        }
        found
    }
}

/// `85000`, `85.000`, `1 250 000 đ`.
pub(super) fn whole(typed: &str) -> Option<i64> {
    crate::catalogue::import::whole(typed)
}

/// What a person can put right is told in the form; the rest is a page of its own.
pub(super) fn told(error: CatalogueError, lang: Lang) -> Result<Errors, PageError> {
    match error {
        CatalogueError::NotFound | CatalogueError::Db(_) => Err(error.into()),
        CatalogueError::Stock(
            crate::stock::StockError::NotFound | crate::stock::StockError::Db(_),
        ) => Err(error.into()),
        error => {
            let mut errors = Errors::new(lang);
            match &error {
                CatalogueError::NotReady(missing) => {
                    for text in missing {
                        errors.add("form", text.clone());
                    }
                }
                other => errors.add("form", other.text()),
            }
            Ok(errors)
        }
    }
}

/// The product of an address; anything else is not there.
pub(super) fn product_id(text: &str) -> Result<ProductId, PageError> {
    text.parse().map_err(|_| PageError::not_found())
}
