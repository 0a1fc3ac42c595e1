//! One line of a bank account. Pure.

use crate::kernel::{Text, Vnd};
use chrono::{DateTime, Utc};

/// Which way the money went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Direction {
    In,
    Out,
}

/// One line as a service or a statement shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// `sepay`, `casso`, `statement`.
    pub source: &'static str,
    /// Its name there: the same twice is one line.
    pub source_id: String,
    /// Digits of the seller's account; may be empty.
    pub account: String,
    /// The bank's own reference; may be empty.
    pub reference: String,
    /// Positive.
    pub amount: Vnd,
    pub direction: Direction,
    /// What the payer wrote, as the bank passes it on.
    pub content: String,
    pub at: DateTime<Utc>,
}

/// What has become of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum State {
    /// It pays an order.
    Matched,
    /// A person must look: see [`Why`].
    Review,
    /// It carries no memo of an order.
    Unknown,
    /// Money that went out and names an order: refund or reversal?
    Outgoing,
    /// It gave a buyer his money back.
    Refund,
    /// The bank took money back.
    Reversal,
    /// It has nothing to do with orders here.
    Ignored,
}

/// Why a person must look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Why {
    /// Nothing to look at.
    Nothing,
    /// One character of the memo is wrong, and one open order has this amount.
    Broken,
    /// It names several orders.
    Several,
    /// It looks like a transfer that came another way, but the bank's references do not say so.
    Twin,
}

impl Direction {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

impl State {
    /// The word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Review => "review",
            Self::Unknown => "unknown",
            Self::Outgoing => "outgoing",
            Self::Refund => "refund",
            Self::Reversal => "reversal",
            Self::Ignored => "ignored",
        }
    }

    /// Whether the seller is to decide.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::Review | Self::Unknown | Self::Outgoing)
    }

    /// As the reader sees it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Matched => Text::new("Đã khớp", "Matched"),
            Self::Review => Text::new("Cần xem lại", "Needs a look"),
            Self::Unknown => Text::new("Chưa rõ của đơn nào", "Unknown"),
            Self::Outgoing => Text::new("Tiền ra", "Money out"),
            Self::Refund => Text::new("Đã hoàn cho người mua", "Refunded"),
            Self::Reversal => Text::new("Ngân hàng thu lại", "Taken back by the bank"),
            Self::Ignored => Text::new("Không liên quan", "Not of the floor"),
        }
    }

    /// The colour of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Matched => "good",
            Self::Review | Self::Unknown | Self::Outgoing => "warn",
            Self::Refund | Self::Ignored => "neutral",
            Self::Reversal => "bad",
        }
    }
}

impl Why {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Broken => "broken",
            Self::Several => "several",
            Self::Twin => "twin",
        }
    }

    /// As the reader sees it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Nothing => Text::new("", ""),
            Self::Broken => Text::new(
                "Nội dung sai một ký tự; số tiền đúng bằng một đơn đang chờ.",
                "One character of the message is wrong; the amount is that of one open order.",
            ),
            Self::Several => {
                Text::new("Nội dung nhắc tới nhiều đơn.", "The message names several orders.")
            }
            Self::Twin => Text::new(
                "Giống một khoản đã ghi từ nguồn khác: có thể là cùng một lần chuyển.",
                "It looks like one that came from another source: perhaps the same transfer.",
            ),
        }
    }
}
