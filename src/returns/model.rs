//! What a return is. Pure.

use super::machine::{Actor, Event, State};
use crate::kernel::{OrderId, SellerId, Text, Vnd, date_time};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// On which ground goods go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    /// Faulty, wrong, missing or not as described.
    Fault,
    /// The buyer ends the contract by law.
    Withdrawal,
}

/// What the buyer wants instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Wish {
    Refund,
    Replacement,
}

/// What a buyer asks for.
#[derive(Debug, Clone)]
pub struct NewReturn {
    pub kind: Kind,
    pub wish: Wish,
    pub reason: String,
    /// Position of the order's line, and how many.
    pub lines: Vec<(i32, i64)>,
    /// Keys of kept pictures.
    pub pictures: Vec<String>,
}

/// A return, as pages and letters show it.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub id: Uuid,
    pub code: String,
    pub order: OrderId,
    pub order_code: String,
    pub seller: SellerId,
    pub kind: Kind,
    pub wish: Wish,
    pub reason: String,
    pub state: State,
    pub version: i32,
    pub due_at: Option<DateTime<Utc>>,
    pub goods_refund: Vnd,
    pub delivery_refund: Vnd,
    /// What is to be given back, as things stand.
    pub granted: Vnd,
    /// What the payment knows to be owed for it.
    pub owed: Vnd,
    /// What the seller says he has given back.
    pub refund: Option<Vnd>,
    pub reference: String,
    pub requested_at: DateTime<Utc>,
}

/// One line of it.
#[derive(Debug, Clone)]
pub(super) struct CaseLine {
    pub name: String,
    pub unit: String,
    pub quantity: i64,
    pub amount: Vnd,
}

/// One entry of its history.
#[derive(Debug, Clone)]
pub(super) struct Happened {
    pub at: DateTime<Utc>,
    pub actor: Actor,
    pub event: String,
    pub to: State,
    pub note: String,
    pub version: i32,
}

/// All of it.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    pub case: Case,
    pub lines: Vec<CaseLine>,
    pub history: Vec<Happened>,
    pub pictures: Vec<Uuid>,
}

impl Whole {
    /// A return of which nothing else has been read yet.
    pub(super) const fn new(case: Case) -> Self {
        Self { case, lines: Vec::new(), history: Vec::new(), pictures: Vec::new() }
    }
}

impl Kind {
    /// The word in the database and of the form.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Fault => "fault",
            Self::Withdrawal => "withdrawal",
        }
    }

    /// As the reader sees it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Fault => Text::new(
                "Hàng lỗi, sai, thiếu hoặc không đúng mô tả",
                "Faulty, wrong, missing or not as described",
            ),
            Self::Withdrawal => {
                Text::new("Chấm dứt hợp đồng theo luật", "Ending the contract by law")
            }
        }
    }
}

impl Wish {
    /// The word in the database and of the form.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Refund => "refund",
            Self::Replacement => "replacement",
        }
    }

    /// As the reader sees it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Refund => Text::new("Hoàn tiền", "Refund"),
            Self::Replacement => Text::new("Đổi hàng", "Replacement"),
        }
    }
}

/// Whether a buyer may still ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Windows {
    pub fault: Option<DateTime<Utc>>,
    pub withdrawal: Option<DateTime<Utc>>,
}

impl Windows {
    /// Until when each kind can be asked for, if it still can.
    pub(super) fn at(
        now: DateTime<Utc>,
        (placed, delivered): (DateTime<Utc>, Option<DateTime<Utc>>),
        (fault_days, legal_days): (i64, i64),
    ) -> Self {
        let open = |until: DateTime<Utc>| Some(until).filter(|until| now <= *until);
        Self {
            fault: delivered.and_then(|at| open(at + TimeDelta::days(fault_days))),
            // The law counts from the contract; what was not delivered yet cannot go back.
            withdrawal: delivered.and_then(|_| open(placed + TimeDelta::days(legal_days))),
        }
    }

    pub(super) fn of(self, kind: Kind) -> Option<DateTime<Utc>> {
        match kind {
            Kind::Fault => self.fault,
            Kind::Withdrawal => self.withdrawal,
        }
    }
}

impl Case {
    /// Everything that was paid for what goes back.
    pub(super) fn full(&self) -> Vnd {
        Vnd(self.goods_refund.0.saturating_add(self.delivery_refund.0))
    }

    pub(super) fn since(&self) -> String {
        date_time(self.requested_at)
    }
}

impl Happened {
    /// What happened, in words.
    pub(super) fn title(&self) -> Text {
        match (Event::of(&self.event), self.actor) {
            (Some(Event::Elapse), _) => {
                let label = self.to.label();
                Text::new(
                    format!("Hết thời hạn: {}", label.get(crate::kernel::Lang::Vi).to_lowercase()),
                    format!("Time was over: {}", label.get(crate::kernel::Lang::En).to_lowercase()),
                )
            }
            (None, _) => Text::new("Người mua yêu cầu trả hàng", "The buyer asks for a return"),
            _ => self.to.label(),
        }
    }

    pub(super) fn mark(&self, last: bool) -> &'static str {
        if last && !self.to.is_final() { "now" } else { "done" }
    }

    pub(super) fn when(&self) -> String {
        date_time(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_count_from_delivery_and_from_the_contract() {
        let placed: DateTime<Utc> = "2026-11-01T02:00:00Z".parse().unwrap();
        let delivered = placed + TimeDelta::days(5);
        let at =
            |days| Windows::at(placed + TimeDelta::days(days), (placed, Some(delivered)), (7, 30));
        assert!(at(12).fault.is_some() && at(12).withdrawal.is_some());
        assert!(at(13).fault.is_none() && at(13).withdrawal.is_some());
        assert!(at(30).withdrawal.is_some() && at(31).withdrawal.is_none());
        let undelivered = Windows::at(placed, (placed, None), (7, 30));
        assert_eq!(undelivered, Windows { fault: None, withdrawal: None });
    }
}
