//! Which words a list shows, and which part of it.

use super::{Tab, href, page_number};
use crate::{
    kernel::{Lang, fold},
    operator_desk::pages::PAGE,
};
use serde::Deserialize;

/// Which words a list shows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::operator_desk) struct Filter {
    /// With this in them.
    tim: String,
    /// `san`: shipped; `rieng`: the operator's own; `bo`: taken away.
    loai: String,
    trang: String,
    /// To be filled into a form.
    pub(super) tu: String,
}

impl Filter {
    /// What is looked for, cut to what a field takes.
    pub(super) fn wanted(&self) -> String {
        self.tim.trim().chars().take(60).collect()
    }

    pub(super) fn kind(&self) -> &'static str {
        ["san", "rieng", "bo"].into_iter().find(|kind| *kind == self.loai).unwrap_or_default()
    }

    pub(super) fn fits<'a>(
        &self,
        (is_shipped, is_removed): (bool, bool),
        mut texts: impl Iterator<Item = &'a str>,
    ) -> bool {
        let is_kind = match self.kind() {
            "san" => is_shipped && !is_removed,
            "rieng" => !is_shipped && !is_removed,
            "bo" => is_removed,
            _ => !is_removed,
        };
        let wanted = fold(&self.wanted());
        is_kind && (wanted.is_empty() || texts.any(|text| fold(text).contains(&wanted)))
    }

    pub(super) fn tabs(&self, base: &str, lang: Lang) -> Vec<Tab> {
        let all = [
            ("", lang.t("Đang dùng", "In force")),
            ("san", lang.t("Có sẵn", "Shipped")),
            ("rieng", lang.t("Tự thêm", "Own")),
            ("bo", lang.t("Đã bỏ", "Taken away")),
        ];
        let tab = |(kind, label): (&'static str, &'static str)| Tab {
            href: href(base, &[("tim", &self.wanted()), ("loai", kind)]),
            label,
            is_current: kind == self.kind(),
        };
        all.map(tab).into()
    }

    /// The part of `all` that the chosen page shows, its number, and that of the last one.
    pub(super) fn part<T>(&self, all: Vec<T>) -> (Vec<T>, i64, i64) {
        let last = all.len().div_ceil(PAGE).max(1) as i64;
        let number = page_number(&self.trang).min(last);
        let skipped = (number as usize - 1) * PAGE;
        (all.into_iter().skip(skipped).take(PAGE).collect(), number, last)
    }

    /// Where the number of a page is put behind.
    pub(super) fn base(&self, path: &str) -> String {
        let (wanted, kind) = (self.wanted(), self.kind());
        href(path, &[("tim", wanted.as_str()), ("loai", kind), ("trang", "x")])
            .trim_end_matches('x')
            .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_take_anything_and_keep_what_was_chosen() {
        let filter = |tim: &str, loai: &str, trang: &str| Filter {
            tim: tim.into(),
            loai: loai.into(),
            trang: trang.into(),
            tu: String::new(),
        };
        let own = filter("BUN OC", "rieng", "-7");
        assert!(own.fits((false, false), ["Bún ốc"].into_iter()));
        assert!(!own.fits((true, false), ["Bún ốc"].into_iter()));
        assert!(!own.fits((false, false), ["bún"].into_iter()));
        assert!(filter("", "bo", "").fits((true, true), ["bún"].into_iter()));
        assert!(!filter("", "x", "").fits((true, true), ["bún"].into_iter()));
        assert_eq!(own.base("/x"), "/x?tim=BUN+OC&loai=rieng&trang=");
        assert_eq!(filter("", "", "").base("/x"), "/x?trang=");
        let (part, number, last) = filter("", "", "99999999999999999999").part(vec![0; 120]);
        assert_eq!((part.len(), number, last), (50, 1, 3));
        let (part, number, _) = filter("", "", "9").part(vec![0; 120]);
        assert_eq!((part.len(), number), (20, 3));
        assert_eq!(filter("", "", "").part(Vec::<i32>::new()).2, 1);
    }
}
