//! What a list tells of how the reader's words were read.

use super::links::Links;
use crate::{
    search::{Found, Reading},
    web::Page,
};

/// A line above the results, with a link to the other way of reading.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) text: String,
    pub(super) href: String,
    pub(super) label: String,
    /// Results are worse than usual for a while.
    pub(super) rebuilding: bool,
}

impl Told {
    /// `has_index`: an index is meant to answer.
    pub(super) fn of(page: &Page, links: &Links<'_>, found: &Found, has_index: bool) -> Self {
        let q = links.query.q.as_str();
        let rebuilding = found.plain && has_index;
        if found.total == 0 || q.is_empty() {
            return Self { rebuilding, ..Self::default() };
        }
        let lacking = page.t("Không có kết quả có đủ các từ", "Nothing has all of the words");
        let (text, other) = match &found.reading {
            Reading::AsTyped if links.query.exactly => {
                let text = format!("{} “{q}”.", page.t("Chỉ tìm đúng", "Looking for exactly"));
                let label = page.t("Tìm cả cách viết gần giống", "Search similar spellings too");
                (text, Some((false, label.to_owned())))
            }
            Reading::AsTyped => (String::new(), None),
            Reading::Corrected { words, as_typed } => {
                let few = match as_typed {
                    0 => page.t("Không có kết quả cho", "No results for").to_owned(),
                    n => format!(
                        "{} {n} {}",
                        page.t("Chỉ có", "Only"),
                        page.t("kết quả cho", "found for")
                    ),
                };
                let these = page.t("Đây là kết quả cho", "These are results for");
                let text = format!("{few} “{q}”. {these} “{words}”.");
                let label = format!("{} “{q}”", page.t("Tìm đúng", "Search exactly"));
                (text, Some((true, label)))
            }
            Reading::MostWords => {
                let most =
                    page.t("Đây là hàng có gần đủ.", "These goods have most of them.").to_owned();
                (format!("{lacking} “{q}”. {most}"), None)
            }
            Reading::SomeWords => {
                let some = page
                    .t("Đây là hàng có một vài từ trong số đó.", "These goods have some of them.");
                (format!("{lacking} “{q}”. {some}"), None)
            }
        };
        let (href, label) = other.map_or_else(Default::default, |(exactly, label)| {
            (links.with(|query| query.exactly = exactly), label)
        });
        Self { text, href, label, rebuilding }
    }
}
