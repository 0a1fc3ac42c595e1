//! How an order is paid, and what has become of the money. Pure.

use crate::kernel::{IntentId, OrderId, SellerId, Text, Vnd};

/// How the buyer pays the seller. The floor itself never holds money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum PaymentMethod {
    /// In cash to whoever brings the goods.
    Cod,
    /// By bank transfer to the seller's own account, with a QR code and a memo.
    VietQr,
}

impl PaymentMethod {
    /// The word in the database and in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cod => "cod",
            Self::VietQr => "vietqr",
        }
    }

    /// The method of a word.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        [Self::Cod, Self::VietQr].into_iter().find(|method| method.code() == code)
    }

    /// As the reader sees it.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Cod => Text::new("Trả tiền khi nhận hàng", "Cash on delivery"),
            Self::VietQr => Text::new("Chuyển khoản VietQR", "Bank transfer (VietQR)"),
        }
    }
}

/// The seller's account, to which the buyer transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayAccount {
    /// The bank's six digits.
    pub bin: String,
    /// The bank's name as shown.
    pub bank_name: String,
    pub number: String,
    /// Whose account it is.
    pub name: String,
}

/// Which ways of paying a seller offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    pub cod: bool,
    /// Offered only while the seller has a bank account.
    pub transfer: bool,
}

impl Default for Settings {
    /// Both, until the seller says otherwise.
    fn default() -> Self {
        Self { cod: true, transfer: true }
    }
}

/// What is to be paid for one new order.
#[derive(Debug, Clone)]
pub struct NewIntent<'a> {
    pub order: OrderId,
    pub seller: SellerId,
    pub method: PaymentMethod,
    pub amount: Vnd,
    /// Needed for a transfer.
    pub account: Option<&'a PayAccount>,
}

/// What is owed for one order.
#[derive(Debug, Clone)]
pub struct Intent {
    pub id: IntentId,
    pub method: PaymentMethod,
    pub amount: Vnd,
    /// What the buyer writes into the transfer.
    pub memo: String,
    pub account: Option<PayAccount>,
    /// The text of the QR code.
    pub payload: Option<String>,
    pub state: IntentState,
}

/// What has become of the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum IntentState {
    /// A transfer that the seller has not seen yet.
    Unpaid,
    /// To be paid in cash at the door.
    CodDue,
    Paid,
    /// Nothing is owed any more.
    Voided,
    /// The order was cancelled after it had been paid: the seller owes the money back.
    RefundDue,
}

/// What happened to an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum EventKind {
    Opened,
    TransferConfirmed,
    CodCollected,
    Voided,
    RefundOwed,
}

impl EventKind {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::TransferConfirmed => "transfer_confirmed",
            Self::CodCollected => "cod_collected",
            Self::Voided => "voided",
            Self::RefundOwed => "refund_owed",
        }
    }
}

impl IntentState {
    /// Every state.
    pub const ALL: [Self; 5] =
        [Self::Unpaid, Self::CodDue, Self::Paid, Self::Voided, Self::RefundDue];

    /// The first state of an intent.
    #[must_use]
    pub const fn opened(method: PaymentMethod) -> Self {
        match method {
            PaymentMethod::Cod => Self::CodDue,
            PaymentMethod::VietQr => Self::Unpaid,
        }
    }

    /// The state after `event`; `None` when it cannot happen now.
    pub(super) const fn after(self, event: EventKind) -> Option<Self> {
        match (self, event) {
            (Self::Unpaid, EventKind::TransferConfirmed)
            | (Self::CodDue, EventKind::CodCollected) => Some(Self::Paid),
            (Self::Unpaid | Self::CodDue, EventKind::Voided) => Some(Self::Voided),
            (Self::Paid, EventKind::RefundOwed) => Some(Self::RefundDue),
            _ => None,
        }
    }

    /// The word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::CodDue => "cod_due",
            Self::Paid => "paid",
            Self::Voided => "voided",
            Self::RefundDue => "refund_due",
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
            Self::Unpaid => Text::new("Chờ chuyển khoản", "Awaiting transfer"),
            Self::CodDue => Text::new("Trả khi nhận hàng", "To be paid on delivery"),
            Self::Paid => Text::new("Đã thanh toán", "Paid"),
            Self::Voided => Text::new("Không phải trả", "Nothing to pay"),
            Self::RefundDue => {
                Text::new("Người bán phải hoàn tiền", "To be refunded by the seller")
            }
        }
    }

    /// The colour of its badge.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Unpaid => "warn",
            Self::CodDue => "info",
            Self::Paid => "good",
            Self::Voided => "neutral",
            Self::RefundDue => "bad",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event() -> impl Strategy<Value = EventKind> {
        prop::sample::select(vec![
            EventKind::Opened,
            EventKind::TransferConfirmed,
            EventKind::CodCollected,
            EventKind::Voided,
            EventKind::RefundOwed,
        ])
    }

    proptest! {
        /// Money that was never seen is never owed back, and what is over stays over.
        #[test]
        fn a_refund_is_owed_only_for_what_was_paid(cod: bool, events in prop::collection::vec(event(), 0..12)) {
            let method = if cod { PaymentMethod::Cod } else { PaymentMethod::VietQr };
            let (mut state, mut paid) = (IntentState::opened(method), false);
            for event in events {
                let Some(next) = state.after(event) else { continue };
                prop_assert!(!matches!(state, IntentState::Voided | IntentState::RefundDue), "an end was left");
                paid |= next == IntentState::Paid;
                prop_assert_eq!(next == IntentState::RefundDue, event == EventKind::RefundOwed);
                prop_assert!(next != IntentState::RefundDue || paid);
                prop_assert!(next != IntentState::Voided || !paid);
                state = next;
            }
            prop_assert_eq!(IntentState::of(state.code()), Some(state));
        }
    }
}
