//! What is wrong with a form, field by field.

use super::{Lang, Text};

/// The errors of one form in the order of its fields. Empty: the form is good.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Errors {
    lang: Lang,
    list: Vec<(String, Text)>,
}

impl Errors {
    /// No errors yet; [`Errors::get`] will answer in `lang`.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self { lang, list: Vec::new() }
    }

    /// Notes that `field` is wrong. The first error of a field is the one shown.
    pub fn add(&mut self, field: impl Into<String>, text: Text) {
        self.list.push((field.into(), text));
    }

    /// Notes an error unless `ok`.
    pub fn check(&mut self, ok: bool, field: &str, vi: &'static str, en: &'static str) {
        if !ok {
            self.add(field, Text::new(vi, en));
        }
    }

    /// Notes an error unless the text, without the blanks around it, has from `least` to `most` characters.
    pub fn length(&mut self, field: &str, text: &str, (least, most): (usize, usize)) {
        let n = text.trim().chars().count();
        if n < least || n > most {
            let text = Text::new(
                format!("Xin ghi từ {least} đến {most} chữ cái."),
                format!("Please write {least} to {most} characters."),
            );
            self.add(field, text);
        }
    }

    /// Takes over what another check found, but for fields that are noted already.
    pub fn absorb(&mut self, other: Self) {
        let new = other.list.into_iter().filter(|(field, _)| self.get(field).is_none());
        let new: Vec<_> = new.collect();
        self.list.extend(new);
    }

    /// The value, or `None` and a note of what is wrong with it.
    pub fn take<T>(&mut self, field: &str, result: Result<T, Text>) -> Option<T> {
        result.map_err(|text| self.add(field, text)).ok()
    }

    /// What to write beside `field`.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&str> {
        self.list.iter().find(|(f, _)| f == field).map(|(_, text)| text.get(self.lang))
    }

    /// All of them, for the summary at the head of the form.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list.iter().map(|(field, text)| (field.as_str(), text.get(self.lang)))
    }

    /// Whether the form is good.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
