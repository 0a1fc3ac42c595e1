//! The life of a return: one table, read by everything that moves one. Pure.

use crate::kernel::Text;

/// Where a return stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum State {
    /// The seller is to answer.
    Requested,
    /// The goods are to be sent back.
    Approved,
    Rejected,
    InTransit,
    Received,
    /// The seller is to give the money back or to replace the goods.
    Inspected,
    Refunded,
    PartiallyRefunded,
    Replaced,
    /// Both sides disagree; somebody is to mediate.
    Disputed,
    InMediation,
    ResolvedBuyer,
    ResolvedSeller,
    ResolvedSplit,
    Closed,
    /// Taken back by the buyer, or never sent.
    Withdrawn,
}

/// Who moves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Actor {
    Buyer,
    Seller,
    /// An officer of the Department or somebody of the operator.
    Mediator,
    /// The clock.
    System,
}

/// What is done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    Approve,
    Reject,
    /// The goods need not come back.
    Waive,
    Send,
    Receive,
    Inspect,
    Refund,
    RefundPart,
    Replace,
    /// The buyer has what he was promised.
    Confirm,
    Contest,
    Withdraw,
    TakeUp,
    RuleBuyer,
    RuleSeller,
    RuleSplit,
    /// The deadline of the state has passed.
    Elapse,
}

/// What must hold besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    Nothing,
    /// Something is written: a reason, a reference, how it was sent.
    Note,
    /// A reason, and the buyer does not withdraw by law: that cannot be rejected.
    NoteUnlessLegal,
    /// A reason, and an amount between nothing and everything.
    Amount,
    /// The state's deadline has passed.
    Due,
}

/// The clock that begins to run with a state; the times are rules of `data/rules.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deadline {
    Nothing,
    /// `order.return_answer_hours`
    Answer,
    /// `return.send_days`
    Send,
    /// `return.arrive_days`
    Arrive,
    /// `order.refund_days`
    Refund,
    /// `return.confirm_days`
    Confirm,
    /// `return.dispute_days`
    Dispute,
    /// `return.mediation_days`
    Mediate,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Transition {
    pub from: State,
    pub event: Event,
    pub actor: Actor,
    pub guard: Guard,
    pub to: State,
    pub deadline: Deadline,
}

use Actor::{Buyer, Mediator, Seller, System};
use Deadline as D;
use Event as E;
use Guard as G;
use State as S;

const fn row(from: S, event: E, actor: Actor, guard: G, to: S, deadline: D) -> Transition {
    Transition { from, event, actor, guard, to, deadline }
}

/// Everything that can happen to a return; what is not here cannot. Silence of the seller is consent, silence of
/// the buyer is contentment, and a dispute that nobody decides in time is the buyer's.
pub(super) const TABLE: [Transition; 37] = [
    row(S::Requested, E::Approve, Seller, G::Nothing, S::Approved, D::Send),
    row(S::Requested, E::Waive, Seller, G::Nothing, S::Inspected, D::Refund),
    row(S::Requested, E::Reject, Seller, G::NoteUnlessLegal, S::Rejected, D::Dispute),
    row(S::Requested, E::Withdraw, Buyer, G::Nothing, S::Withdrawn, D::Nothing),
    row(S::Requested, E::Elapse, System, G::Due, S::Approved, D::Send),
    row(S::Approved, E::Send, Buyer, G::Note, S::InTransit, D::Arrive),
    row(S::Approved, E::Waive, Seller, G::Nothing, S::Inspected, D::Refund),
    row(S::Approved, E::Receive, Seller, G::Nothing, S::Received, D::Refund),
    row(S::Approved, E::Withdraw, Buyer, G::Nothing, S::Withdrawn, D::Nothing),
    row(S::Approved, E::Elapse, System, G::Due, S::Withdrawn, D::Nothing),
    row(S::InTransit, E::Receive, Seller, G::Nothing, S::Received, D::Refund),
    row(S::InTransit, E::Elapse, System, G::Due, S::Received, D::Refund),
    row(S::Received, E::Inspect, Seller, G::Nothing, S::Inspected, D::Refund),
    row(S::Received, E::Elapse, System, G::Due, S::Inspected, D::Refund),
    row(S::Inspected, E::Refund, Seller, G::Note, S::Refunded, D::Confirm),
    row(S::Inspected, E::RefundPart, Seller, G::Amount, S::PartiallyRefunded, D::Confirm),
    row(S::Inspected, E::Replace, Seller, G::Note, S::Replaced, D::Confirm),
    row(S::Inspected, E::Elapse, System, G::Due, S::Disputed, D::Mediate),
    row(S::Refunded, E::Confirm, Buyer, G::Nothing, S::Closed, D::Nothing),
    row(S::Refunded, E::Contest, Buyer, G::Note, S::Disputed, D::Mediate),
    row(S::Refunded, E::Elapse, System, G::Due, S::Closed, D::Nothing),
    row(S::PartiallyRefunded, E::Confirm, Buyer, G::Nothing, S::Closed, D::Nothing),
    row(S::PartiallyRefunded, E::Contest, Buyer, G::Note, S::Disputed, D::Mediate),
    row(S::PartiallyRefunded, E::Elapse, System, G::Due, S::Closed, D::Nothing),
    row(S::Replaced, E::Confirm, Buyer, G::Nothing, S::Closed, D::Nothing),
    row(S::Replaced, E::Contest, Buyer, G::Note, S::Disputed, D::Mediate),
    row(S::Replaced, E::Elapse, System, G::Due, S::Closed, D::Nothing),
    row(S::Rejected, E::Contest, Buyer, G::Note, S::Disputed, D::Mediate),
    row(S::Rejected, E::Elapse, System, G::Due, S::Withdrawn, D::Nothing),
    row(S::Disputed, E::TakeUp, Mediator, G::Nothing, S::InMediation, D::Mediate),
    row(S::Disputed, E::Elapse, System, G::Due, S::ResolvedBuyer, D::Refund),
    row(S::InMediation, E::RuleBuyer, Mediator, G::Note, S::ResolvedBuyer, D::Refund),
    row(S::InMediation, E::RuleSeller, Mediator, G::Note, S::ResolvedSeller, D::Nothing),
    row(S::InMediation, E::RuleSplit, Mediator, G::Amount, S::ResolvedSplit, D::Refund),
    row(S::InMediation, E::Elapse, System, G::Due, S::ResolvedBuyer, D::Refund),
    row(S::ResolvedBuyer, E::Refund, Seller, G::Note, S::Refunded, D::Confirm),
    row(S::ResolvedSplit, E::Refund, Seller, G::Note, S::PartiallyRefunded, D::Confirm),
];

/// The row for this, if it can happen.
pub(super) fn find(from: State, event: Event, actor: Actor) -> Option<Transition> {
    TABLE.iter().find(|t| t.from == from && t.event == event && t.actor == actor).copied()
}

impl State {
    /// Every state.
    pub const ALL: [Self; 16] = [
        S::Requested,
        S::Approved,
        S::Rejected,
        S::InTransit,
        S::Received,
        S::Inspected,
        S::Refunded,
        S::PartiallyRefunded,
        S::Replaced,
        S::Disputed,
        S::InMediation,
        S::ResolvedBuyer,
        S::ResolvedSeller,
        S::ResolvedSplit,
        S::Closed,
        S::Withdrawn,
    ];

    /// The word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            S::Requested => "requested",
            S::Approved => "approved",
            S::Rejected => "rejected",
            S::InTransit => "in_transit",
            S::Received => "received",
            S::Inspected => "inspected",
            S::Refunded => "refunded",
            S::PartiallyRefunded => "partially_refunded",
            S::Replaced => "replaced",
            S::Disputed => "disputed",
            S::InMediation => "in_mediation",
            S::ResolvedBuyer => "resolved_buyer",
            S::ResolvedSeller => "resolved_seller",
            S::ResolvedSplit => "resolved_split",
            S::Closed => "closed",
            S::Withdrawn => "withdrawn",
        }
    }

    /// As the reader sees it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            S::Requested => Text::new("Chờ người bán trả lời", "Awaiting the seller's answer"),
            S::Approved => Text::new("Đã đồng ý, chờ gửi hàng về", "Agreed, to be sent back"),
            S::Rejected => Text::new("Người bán từ chối", "Refused by the seller"),
            S::InTransit => Text::new("Hàng đang gửi về", "On its way back"),
            S::Received => Text::new("Người bán đã nhận lại hàng", "Back at the seller"),
            S::Inspected => Text::new("Chờ hoàn tiền hoặc đổi hàng", "To be refunded or replaced"),
            S::Refunded => Text::new("Đã hoàn tiền", "Refunded"),
            S::PartiallyRefunded => Text::new("Đã hoàn một phần", "Refunded in part"),
            S::Replaced => Text::new("Đã đổi hàng", "Replaced"),
            S::Disputed => Text::new("Tranh chấp, chờ hòa giải", "Disputed, to be mediated"),
            S::InMediation => Text::new("Đang hòa giải", "In mediation"),
            S::ResolvedBuyer => Text::new("Kết luận: hoàn tiền", "Ruled: refund"),
            S::ResolvedSeller => Text::new("Kết luận: không hoàn tiền", "Ruled: no refund"),
            S::ResolvedSplit => Text::new("Kết luận: hoàn một phần", "Ruled: refund in part"),
            S::Closed => Text::new("Đã xong", "Closed"),
            S::Withdrawn => Text::new("Không tiếp tục", "Not pursued"),
        }
    }

    /// The colour of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            S::Requested | S::Inspected | S::ResolvedBuyer | S::ResolvedSplit => "warn",
            S::Rejected | S::Disputed | S::InMediation => "bad",
            S::Approved | S::InTransit | S::Received => "info",
            S::Refunded | S::PartiallyRefunded | S::Replaced | S::Closed => "good",
            S::ResolvedSeller | S::Withdrawn => "neutral",
        }
    }

    /// Whether nothing can happen any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        !TABLE.iter().any(|t| t.from == self)
    }
}

impl Actor {
    /// Everybody.
    pub const ALL: [Self; 4] = [Buyer, Seller, Mediator, System];

    /// The word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Buyer => "buyer",
            Seller => "seller",
            Mediator => "mediator",
            System => "system",
        }
    }
}

impl Event {
    /// Everything that can be done.
    pub const ALL: [Self; 17] = [
        E::Approve,
        E::Reject,
        E::Waive,
        E::Send,
        E::Receive,
        E::Inspect,
        E::Refund,
        E::RefundPart,
        E::Replace,
        E::Confirm,
        E::Contest,
        E::Withdraw,
        E::TakeUp,
        E::RuleBuyer,
        E::RuleSeller,
        E::RuleSplit,
        E::Elapse,
    ];

    /// The word in the database and of the button.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            E::Approve => "approve",
            E::Reject => "reject",
            E::Waive => "waive",
            E::Send => "send",
            E::Receive => "receive",
            E::Inspect => "inspect",
            E::Refund => "refund",
            E::RefundPart => "refund_part",
            E::Replace => "replace",
            E::Confirm => "confirm",
            E::Contest => "contest",
            E::Withdraw => "withdraw",
            E::TakeUp => "take_up",
            E::RuleBuyer => "rule_buyer",
            E::RuleSeller => "rule_seller",
            E::RuleSplit => "rule_split",
            E::Elapse => "elapse",
        }
    }

    /// The event of a word.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.code() == code)
    }

    /// Its button.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            E::Approve => Text::new("Đồng ý cho trả hàng", "Agree to the return"),
            E::Reject => Text::new("Từ chối", "Refuse"),
            E::Waive => Text::new("Đồng ý, không cần gửi hàng về", "Agree, nothing need come back"),
            E::Send => Text::new("Đã gửi hàng về", "Sent back"),
            E::Receive => Text::new("Đã nhận lại hàng", "Goods are back"),
            E::Inspect => Text::new("Đã kiểm tra hàng", "Goods inspected"),
            E::Refund => Text::new("Đã hoàn đủ tiền", "Refunded in full"),
            E::RefundPart => Text::new("Đã hoàn một phần", "Refunded in part"),
            E::Replace => Text::new("Đã gửi hàng đổi", "Replacement sent"),
            E::Confirm => Text::new("Tôi đã nhận đủ", "I have received it"),
            E::Contest => Text::new("Không đồng ý, nhờ hòa giải", "Disagree, ask for mediation"),
            E::Withdraw => Text::new("Rút yêu cầu", "Take the request back"),
            E::TakeUp => Text::new("Nhận hòa giải", "Take it up"),
            E::RuleBuyer => Text::new("Hoàn đủ tiền", "Full refund"),
            E::RuleSeller => Text::new("Không hoàn tiền", "No refund"),
            E::RuleSplit => Text::new("Hoàn một phần", "Refund in part"),
            E::Elapse => Text::new("Hết thời hạn", "The time was over"),
        }
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
