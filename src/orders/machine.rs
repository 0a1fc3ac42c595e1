//! The life of an order: one table, read by everything that moves one. Pure.

use crate::{kernel::Text, payments::PaymentMethod};

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OrderState {
    /// The buyer is to transfer the money, the seller to see it.
    AwaitingPayment,
    /// The seller is to confirm.
    Placed,
    Confirmed,
    Packed,
    /// On its way to the buyer.
    HandedOver,
    Delivered,
    Completed,
    Cancelled,
}

/// Who moves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ActorKind {
    Buyer,
    Seller,
    Operator,
    /// The clock.
    System,
}

/// What is done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderEvent {
    /// The transfer has arrived.
    Pay,
    Confirm,
    Pack,
    HandOver,
    Deliver,
    /// The buyer says that he has everything.
    Receive,
    /// The deadline of the state has passed.
    Elapse,
    Cancel,
    /// Nothing of it could be delivered: all of it is back with the seller, or lost.
    ComeBack,
}

/// What must hold besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    Nothing,
    /// A reason is given.
    Reason,
    /// The state's deadline has passed.
    Due,
}

/// The clock that begins to run with a state; the times are rules of `data/rules.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deadline {
    Nothing,
    /// `order.unpaid_transfer_hours`
    Unpaid,
    /// `order.unconfirmed_hours`, with a reminder after `order.unconfirmed_remind_hours`
    Unconfirmed,
    /// `order.auto_complete_days`
    AutoComplete,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Transition {
    pub from: OrderState,
    pub event: OrderEvent,
    pub actor: ActorKind,
    pub guard: Guard,
    pub to: OrderState,
    pub deadline: Deadline,
}

use ActorKind::{Buyer, Operator, Seller, System};
use OrderEvent as E;
use OrderState as S;

const fn row(
    from: OrderState,
    event: OrderEvent,
    actor: ActorKind,
    guard: Guard,
    to: OrderState,
    deadline: Deadline,
) -> Transition {
    Transition { from, event, actor, guard, to, deadline }
}

/// Everything that can happen to an order; what is not here cannot.
pub(super) const TABLE: [Transition; 25] = [
    row(S::AwaitingPayment, E::Pay, Seller, Guard::Nothing, S::Placed, Deadline::Unconfirmed),
    // The money has been seen to arrive in full.
    row(S::AwaitingPayment, E::Pay, System, Guard::Nothing, S::Placed, Deadline::Unconfirmed),
    row(S::AwaitingPayment, E::Cancel, Buyer, Guard::Nothing, S::Cancelled, Deadline::Nothing),
    row(S::AwaitingPayment, E::Cancel, Seller, Guard::Reason, S::Cancelled, Deadline::Nothing),
    row(S::AwaitingPayment, E::Cancel, Operator, Guard::Reason, S::Cancelled, Deadline::Nothing),
    row(S::AwaitingPayment, E::Elapse, System, Guard::Due, S::Cancelled, Deadline::Nothing),
    row(S::Placed, E::Confirm, Seller, Guard::Nothing, S::Confirmed, Deadline::Nothing),
    row(S::Placed, E::Cancel, Buyer, Guard::Nothing, S::Cancelled, Deadline::Nothing),
    row(S::Placed, E::Cancel, Seller, Guard::Reason, S::Cancelled, Deadline::Nothing),
    row(S::Placed, E::Cancel, Operator, Guard::Reason, S::Cancelled, Deadline::Nothing),
    row(S::Placed, E::Elapse, System, Guard::Due, S::Cancelled, Deadline::Nothing),
    row(S::Confirmed, E::Pack, Seller, Guard::Nothing, S::Packed, Deadline::Nothing),
    // Its parcels say so: see `parcels`.
    row(S::Confirmed, E::Pack, System, Guard::Nothing, S::Packed, Deadline::Nothing),
    row(S::Confirmed, E::Cancel, Seller, Guard::Reason, S::Cancelled, Deadline::Nothing),
    row(S::Confirmed, E::Cancel, Operator, Guard::Reason, S::Cancelled, Deadline::Nothing),
    row(S::Packed, E::HandOver, Seller, Guard::Nothing, S::HandedOver, Deadline::Nothing),
    row(S::Packed, E::HandOver, System, Guard::Nothing, S::HandedOver, Deadline::Nothing),
    row(S::Packed, E::Cancel, Seller, Guard::Reason, S::Cancelled, Deadline::Nothing),
    row(S::Packed, E::Cancel, Operator, Guard::Reason, S::Cancelled, Deadline::Nothing),
    row(S::HandedOver, E::Deliver, Seller, Guard::Nothing, S::Delivered, Deadline::AutoComplete),
    row(S::HandedOver, E::Deliver, System, Guard::Nothing, S::Delivered, Deadline::AutoComplete),
    row(S::HandedOver, E::ComeBack, System, Guard::Nothing, S::Cancelled, Deadline::Nothing),
    // The buyer who has the goods need not wait for the seller to note it.
    row(S::HandedOver, E::Deliver, Buyer, Guard::Nothing, S::Delivered, Deadline::AutoComplete),
    row(S::Delivered, E::Receive, Buyer, Guard::Nothing, S::Completed, Deadline::Nothing),
    row(S::Delivered, E::Elapse, System, Guard::Due, S::Completed, Deadline::Nothing),
];

/// The row for this, if it can happen.
pub(super) fn find(from: OrderState, event: OrderEvent, actor: ActorKind) -> Option<Transition> {
    TABLE.iter().find(|t| t.from == from && t.event == event && t.actor == actor).copied()
}

/// How a new order begins.
pub(super) const fn start(method: PaymentMethod) -> (OrderState, Deadline) {
    match method {
        PaymentMethod::Cod => (S::Placed, Deadline::Unconfirmed),
        _ => (S::AwaitingPayment, Deadline::Unpaid),
    }
}

impl OrderState {
    /// Every state, in the order of an order's life.
    pub const ALL: [Self; 8] = [
        Self::AwaitingPayment,
        Self::Placed,
        Self::Confirmed,
        Self::Packed,
        Self::HandedOver,
        Self::Delivered,
        Self::Completed,
        Self::Cancelled,
    ];

    /// The word in the database and in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "awaiting_payment",
            Self::Placed => "placed",
            Self::Confirmed => "confirmed",
            Self::Packed => "packed",
            Self::HandedOver => "handed_over",
            Self::Delivered => "delivered",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// As the reader sees it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::AwaitingPayment => Text::new("Chờ thanh toán", "Awaiting payment"),
            Self::Placed => Text::new("Chờ xác nhận", "Awaiting confirmation"),
            Self::Confirmed => Text::new("Đã xác nhận", "Confirmed"),
            Self::Packed => Text::new("Đã đóng gói", "Packed"),
            Self::HandedOver => Text::new("Đang giao", "On its way"),
            Self::Delivered => Text::new("Đã giao", "Delivered"),
            Self::Completed => Text::new("Hoàn thành", "Completed"),
            Self::Cancelled => Text::new("Đã hủy", "Cancelled"),
        }
    }

    /// The colour of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::AwaitingPayment | Self::Placed => "warn",
            Self::Confirmed | Self::Packed | Self::HandedOver => "info",
            Self::Delivered | Self::Completed => "good",
            Self::Cancelled => "neutral",
        }
    }

    /// Whether `actor` can do this now.
    #[must_use]
    pub fn allows(self, event: OrderEvent, actor: ActorKind) -> bool {
        find(self, event, actor).is_some()
    }
}

impl ActorKind {
    /// Everybody.
    pub const ALL: [Self; 4] = [Self::Buyer, Self::Seller, Self::Operator, Self::System];

    /// The word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Seller => "seller",
            Self::Operator => "operator",
            Self::System => "system",
        }
    }

    /// As the reader sees it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Buyer => Text::new("Người mua", "Buyer"),
            Self::Seller => Text::new("Người bán", "Seller"),
            Self::Operator => Text::new("Đơn vị vận hành", "Operator"),
            Self::System => Text::new("Hệ thống", "System"),
        }
    }
}

impl OrderEvent {
    /// Everything that can be done.
    pub const ALL: [Self; 9] = [
        Self::Pay,
        Self::Confirm,
        Self::Pack,
        Self::HandOver,
        Self::Deliver,
        Self::Receive,
        Self::Elapse,
        Self::Cancel,
        Self::ComeBack,
    ];

    /// The word in the database and of the button.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::Confirm => "confirm",
            Self::Pack => "pack",
            Self::HandOver => "hand_over",
            Self::Deliver => "deliver",
            Self::Receive => "receive",
            Self::Elapse => "elapse",
            Self::Cancel => "cancel",
            Self::ComeBack => "come_back",
        }
    }

    /// The event of a word.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.code() == code)
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
