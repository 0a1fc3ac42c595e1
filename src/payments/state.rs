//! What has become of the money of an order: a pure fold over its events, the same in whatever order and
//! however often they come.
//!
//! Events only add to sums, and the state is read off the sums: that is why order does not matter.

use super::{
    events::{EventKind, FLOOR, OF_PARCEL, REFUND_END, VND},
    model::PaymentMethod,
};
use crate::kernel::{Text, Vnd};
use std::collections::HashSet;

/// What has become of the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum IntentState {
    /// Nothing has come yet.
    Unpaid,
    /// An attempt at a gateway is under way.
    Pending,
    /// To be paid in cash at the door.
    CodDue,
    /// The carrier has the cash, the seller not yet.
    CodWithCarrier,
    PartiallyPaid,
    Paid,
    /// More has come than is due.
    Overpaid,
    /// The seller has to give money back.
    RefundDue,
    /// Part was given back, as was owed; the rest is paid.
    PartiallyRefunded,
    Refunded,
    /// Nothing is owed any more.
    Voided,
    /// The buyer's bank has taken money back.
    Disputed,
}

/// One event as the fold sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub kind: EventKind,
    pub amount: Vnd,
    pub currency: String,
    pub provider: String,
    /// With the provider the event's name: one that comes again adds nothing.
    pub provider_event_id: String,
}

/// Where the money of an order is, in đồng.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position {
    /// What was ever due.
    pub billed: i128,
    /// What of it is due now, paid or not.
    pub due: i128,
    /// Seen on the seller's account, cash that carriers handed on among it.
    pub bank: i128,
    /// Taken at the door by the seller.
    pub cash: i128,
    /// Captured by a gateway.
    pub gateway: i128,
    /// In a carrier's hands.
    pub carrier: i128,
    /// Given back.
    pub refunded: i128,
    /// Taken back by buyers' banks.
    pub charged_back: i128,
}

/// Sums of the events of one intent, in đồng.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    due: i128,
    /// Whether nothing is due any more.
    voided: bool,
    matched: i128,
    confirmed: i128,
    reversed: i128,
    captured: i128,
    collected_by_seller: i128,
    /// By the seller's own people for single parcels, beside what carriers have for the others.
    collected_of_parcels: i128,
    collected_by_carrier: i128,
    remitted: i128,
    taken_off: i128,
    refunded: i128,
    /// Asked of a provider, without an answer yet.
    refunds_asked: i128,
    charged_back: i128,
    /// Attempts begun and ended.
    begun: i128,
    ended: i128,
}

impl Sums {
    /// Adds up; each event once.
    pub fn of<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> Self {
        let mut seen = HashSet::new();
        let mut sums = Self::default();
        for fact in facts {
            if seen.insert((&fact.provider, &fact.provider_event_id)) {
                sums.add(fact);
            }
        }
        sums
    }

    fn add(&mut self, fact: &Fact) {
        if fact.currency != VND {
            return;
        }
        let amount = i128::from(fact.amount.0);
        match fact.kind {
            EventKind::Opened | EventKind::Amended => self.due += amount,
            EventKind::TransferMatched => self.matched += amount,
            EventKind::TransferConfirmed => self.confirmed += amount,
            EventKind::TransferReversed => self.reversed += amount,
            EventKind::Started => self.begun += 1,
            EventKind::Captured => {
                self.captured += amount;
                self.ended += 1;
            }
            EventKind::CaptureFailed => self.ended += 1,
            EventKind::CodCollected if fact.provider != FLOOR => {
                self.collected_by_carrier += amount;
            }
            EventKind::CodCollected if fact.provider_event_id.starts_with(OF_PARCEL) => {
                self.collected_of_parcels += amount;
            }
            EventKind::CodCollected => self.collected_by_seller += amount,
            EventKind::CodRemitted => self.remitted += amount,
            EventKind::RefundOwed => self.taken_off += amount,
            EventKind::RefundRequested => self.refunds_asked += amount,
            EventKind::Refunded => {
                self.refunded += amount;
                // What went back another way answers no request.
                if fact.provider_event_id.starts_with(REFUND_END) {
                    self.refunds_asked -= amount;
                }
            }
            EventKind::RefundFailed => self.refunds_asked -= amount,
            EventKind::Chargeback => self.charged_back += amount,
            EventKind::ChargebackReversed => self.charged_back -= amount,
            EventKind::Voided => self.voided = true,
            EventKind::TransferUnmatched => self.matched -= amount,
            EventKind::RefundUnmade => self.refunded -= amount,
            EventKind::TransferRestored => self.reversed -= amount,
        }
    }

    /// What is due now.
    #[must_use]
    pub fn due(&self) -> Vnd {
        vnd(self.still_due())
    }

    fn still_due(&self) -> i128 {
        if self.voided { 0 } else { (self.due - self.taken_off).max(0) }
    }

    /// What has come by transfer: a confirmed one that the bank shows as well is one and the same.
    fn transferred(&self) -> i128 {
        self.confirmed.max(self.matched) - self.reversed
    }

    /// What the seller is to confirm so that transfers cover what is missing.
    #[must_use]
    pub fn to_confirm(&self) -> Vnd {
        let missing = (self.still_due() - self.held()).max(0);
        vnd(if missing == 0 {
            0
        } else {
            missing + self.confirmed.max(self.matched) - self.confirmed
        })
    }

    fn by_carrier(&self) -> bool {
        self.collected_by_carrier != 0 || self.remitted != 0
    }

    /// Cash that the carrier has and the seller has not.
    fn carried(&self) -> i128 {
        if self.by_carrier() { (self.collected_by_carrier - self.remitted).max(0) } else { 0 }
    }

    /// Cash that the seller took: his word on the whole order says no more once a carrier has told of it.
    fn own_cash(&self) -> i128 {
        let whole = if self.by_carrier() { 0 } else { self.collected_by_seller };
        whole + self.collected_of_parcels
    }

    fn cash(&self) -> i128 {
        let carriers = if self.by_carrier() { self.remitted + self.carried() } else { 0 };
        self.own_cash() + carriers
    }

    fn came(&self) -> i128 {
        self.transferred() + self.captured + self.cash()
    }

    /// What the buyer has paid and not got back.
    fn held(&self) -> i128 {
        self.came() - self.refunded - self.charged_back
    }

    /// What the buyer has paid and not got back.
    #[must_use]
    pub fn paid(&self) -> Vnd {
        vnd(self.held())
    }

    /// What he has paid beyond what is due; negative: what he still has to pay.
    #[must_use]
    pub fn balance(&self) -> Vnd {
        vnd(self.held() - self.still_due())
    }

    /// Where the money of the order is: what the books are kept by.
    #[must_use]
    pub fn position(&self) -> Position {
        Position {
            billed: self.due,
            due: self.still_due(),
            bank: self.transferred() + self.remitted,
            cash: self.own_cash(),
            gateway: self.captured,
            carrier: self.carried(),
            refunded: self.refunded,
            charged_back: self.charged_back,
        }
    }

    /// What is owed back and has not been asked of a provider yet.
    #[must_use]
    pub fn refundable(&self) -> Vnd {
        vnd((self.held() - self.still_due() - self.refunds_asked.max(0)).max(0))
    }

    /// What has become of the money.
    #[must_use]
    pub fn state(&self, method: PaymentMethod) -> IntentState {
        let (due, held) = (self.still_due(), self.held());
        if self.charged_back > 0 {
            return IntentState::Disputed;
        }
        if held > due {
            let promised = self.voided || self.taken_off > 0;
            return if promised { IntentState::RefundDue } else { IntentState::Overpaid };
        }
        if due == 0 {
            let given_back = self.refunded > 0;
            return if given_back { IntentState::Refunded } else { IntentState::Voided };
        }
        match (held == due, held > 0) {
            (true, _) if self.carried() > 0 => IntentState::CodWithCarrier,
            (true, _) if self.refunded > 0 && self.taken_off > 0 => IntentState::PartiallyRefunded,
            (true, _) => IntentState::Paid,
            (false, true) => IntentState::PartiallyPaid,
            (false, false) if self.begun > self.ended => IntentState::Pending,
            (false, false) if method == PaymentMethod::Cod => IntentState::CodDue,
            (false, false) => IntentState::Unpaid,
        }
    }
}

/// Sums of amounts that each fit can leave the range only by fraud; then the edge is shown.
fn vnd(sum: i128) -> Vnd {
    Vnd(i64::try_from(sum).unwrap_or(if sum > 0 { i64::MAX } else { i64::MIN + 1 }))
}

impl IntentState {
    /// Every state.
    pub const ALL: [Self; 12] = [
        Self::Unpaid,
        Self::Pending,
        Self::CodDue,
        Self::CodWithCarrier,
        Self::PartiallyPaid,
        Self::Paid,
        Self::Overpaid,
        Self::RefundDue,
        Self::PartiallyRefunded,
        Self::Refunded,
        Self::Voided,
        Self::Disputed,
    ];

    /// The first state of an intent.
    #[must_use]
    pub const fn opened(method: PaymentMethod) -> Self {
        match method {
            PaymentMethod::Cod => Self::CodDue,
            _ => Self::Unpaid,
        }
    }

    /// Whether the seller may go to work: everything that was due has come.
    #[must_use]
    pub const fn is_covered(self) -> bool {
        matches!(self, Self::Paid | Self::Overpaid | Self::PartiallyRefunded)
    }

    /// The word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Pending => "pending",
            Self::CodDue => "cod_due",
            Self::CodWithCarrier => "cod_with_carrier",
            Self::PartiallyPaid => "partially_paid",
            Self::Paid => "paid",
            Self::Overpaid => "overpaid",
            Self::RefundDue => "refund_due",
            Self::PartiallyRefunded => "partially_refunded",
            Self::Refunded => "refunded",
            Self::Voided => "voided",
            Self::Disputed => "disputed",
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
            Self::Unpaid => Text::new("Chờ thanh toán", "Awaiting payment"),
            Self::Pending => Text::new("Đang thanh toán", "Payment under way"),
            Self::CodDue => Text::new("Trả khi nhận hàng", "To be paid on delivery"),
            Self::CodWithCarrier => {
                Text::new("Đã thu, đơn vị vận chuyển đang giữ", "Collected, with the carrier")
            }
            Self::PartiallyPaid => Text::new("Mới trả một phần", "Partly paid"),
            Self::Paid => Text::new("Đã thanh toán", "Paid"),
            Self::Overpaid => Text::new("Trả thừa", "Overpaid"),
            Self::RefundDue => {
                Text::new("Người bán phải hoàn tiền", "To be refunded by the seller")
            }
            Self::PartiallyRefunded => Text::new("Đã hoàn một phần", "Partly refunded"),
            Self::Refunded => Text::new("Đã hoàn tiền", "Refunded"),
            Self::Voided => Text::new("Không phải trả", "Nothing to pay"),
            Self::Disputed => Text::new("Đang tranh chấp", "Disputed"),
        }
    }

    /// The colour of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Unpaid | Self::PartiallyPaid | Self::Overpaid => "warn",
            Self::CodDue | Self::Pending | Self::CodWithCarrier => "info",
            Self::Paid | Self::PartiallyRefunded => "good",
            Self::Voided | Self::Refunded => "neutral",
            Self::RefundDue | Self::Disputed => "bad",
        }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
