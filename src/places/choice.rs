//! What a form does with a commune that was typed: takes it, or asks which is meant.

use super::{Commune, Resolution, Suggestion};
use crate::kernel::Text;

/// What a commune field's two values come to: the choice, and what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    Chosen(Commune),
    /// Ask again, with this beside the field and these to choose from.
    Ask(Text, Vec<Suggestion>),
}

impl Choice {
    pub(super) fn of(resolution: Resolution, typed: &str) -> Self {
        match resolution {
            Resolution::One(commune) => Self::Chosen(commune),
            Resolution::Several(found) => Self::Ask(
                Text::new(
                    "Có nhiều xã, phường như vậy; hãy chọn một.",
                    "There are several such communes; please choose one.",
                ),
                found,
            ),
            Resolution::None if typed.trim().is_empty() => Self::Ask(
                Text::new("Nhập tên xã, phường.", "Enter the commune or ward."),
                Vec::new(),
            ),
            Resolution::None => Self::Ask(
                Text::new(
                    "Không tìm thấy xã, phường như vậy; tên cũ trước tháng 7/2025 cũng dùng được.",
                    "No such commune; names from before July 2025 work as well.",
                ),
                Vec::new(),
            ),
        }
    }
}
