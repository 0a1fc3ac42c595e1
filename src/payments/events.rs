//! What can happen to the money of an order, and the news of it.

use crate::{
    kernel::{IntentId, OrderId, SellerId, Vnd},
    platform::outbox::Event,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What happened to an intent. Every amount is in đồng and positive but for [`EventKind::Amended`]:
/// the kind says which way the money went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum EventKind {
    /// So much is due.
    Opened,
    /// So much more is due; negative: less.
    Amended,
    /// A line of the bank's statement or feed carries the memo: so much came in.
    TransferMatched,
    /// The seller says that transfers of so much have come in. Covers what is matched as well: the
    /// larger of both counts.
    TransferConfirmed,
    /// The bank took so much back.
    TransferReversed,
    /// A payment of so much was begun at a gateway. One event per attempt.
    Started,
    /// The gateway has so much for the seller.
    Captured,
    /// An attempt came to nothing.
    CaptureFailed,
    /// So much cash was taken at the door, by the seller (provider [`FLOOR`]) or by a carrier (its code).
    CodCollected,
    /// The carrier has handed so much of it to the seller, its fees included.
    CodRemitted,
    /// Of what was due so much is due no more: what has been paid of it is owed back.
    RefundOwed,
    /// The provider was asked to give so much back.
    RefundRequested,
    /// The buyer has so much back.
    Refunded,
    /// A refund that was asked for came to nothing.
    RefundFailed,
    /// The buyer's bank took so much from the seller.
    Chargeback,
    /// … and gave it back to him.
    ChargebackReversed,
    /// Nothing is due any more.
    Voided,
    /// A transfer that was matched by hand was not this order's.
    TransferUnmatched,
    /// Money that was said to have gone back by a transfer did not.
    RefundUnmade,
    /// The bank did not take so much back, as was said.
    TransferRestored,
}

/// The provider of what members, buyers and the floor itself say.
pub const FLOOR: &str = "floor";

/// Begins the name of what a provider has answered to a request for a refund.
pub(super) const REFUND_END: &str = "refund_end:";

/// Begins the name of cash that was taken for one parcel, as orders of several parcels note it.
pub(super) const OF_PARCEL: &str = "cod:";

/// The only currency in which something is due here.
pub const VND: &str = "VND";

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 20] = [
        Self::Opened,
        Self::Amended,
        Self::TransferMatched,
        Self::TransferConfirmed,
        Self::TransferReversed,
        Self::Started,
        Self::Captured,
        Self::CaptureFailed,
        Self::CodCollected,
        Self::CodRemitted,
        Self::RefundOwed,
        Self::RefundRequested,
        Self::Refunded,
        Self::RefundFailed,
        Self::Chargeback,
        Self::ChargebackReversed,
        Self::Voided,
        Self::TransferUnmatched,
        Self::RefundUnmade,
        Self::TransferRestored,
    ];

    /// The word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Amended => "amended",
            Self::TransferMatched => "transfer_matched",
            Self::TransferConfirmed => "transfer_confirmed",
            Self::TransferReversed => "transfer_reversed",
            Self::Started => "started",
            Self::Captured => "captured",
            Self::CaptureFailed => "capture_failed",
            Self::CodCollected => "cod_collected",
            Self::CodRemitted => "cod_remitted",
            Self::RefundOwed => "refund_owed",
            Self::RefundRequested => "refund_requested",
            Self::Refunded => "refunded",
            Self::RefundFailed => "refund_failed",
            Self::Chargeback => "chargeback",
            Self::ChargebackReversed => "chargeback_reversed",
            Self::Voided => "voided",
            Self::TransferUnmatched => "transfer_unmatched",
            Self::RefundUnmade => "refund_unmade",
            Self::TransferRestored => "transfer_restored",
        }
    }
}

/// Something that happened to an intent, to be noted once.
#[derive(Debug, Clone, Copy)]
pub struct NewEvent<'a> {
    pub intent: IntentId,
    pub kind: EventKind,
    /// See [`EventKind`] for its sign.
    pub amount: Vnd,
    /// What is not in đồng is kept and never counts.
    pub currency: &'a str,
    /// Who says so: [`FLOOR`], `bank`, the code of a gateway or of a carrier.
    pub provider: &'a str,
    /// The provider's own name for it: the same twice is noted once.
    pub provider_event_id: &'a str,
    /// When it happened, as the provider says.
    pub at: DateTime<Utc>,
    /// Reason or reference, for people.
    pub note: &'a str,
}

/// Something happened to the money of an order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PaymentChanged {
    pub intent: IntentId,
    pub order: OrderId,
    pub seller: SellerId,
    /// The word of the state after it.
    pub state: String,
    /// The event's row.
    pub event: Uuid,
}

impl Event for PaymentChanged {
    const NAME: &'static str = "payments.changed";
}

impl PaymentChanged {
    /// The state after it; `None` for a word of a newer program.
    #[must_use]
    pub fn state(&self) -> Option<super::IntentState> {
        super::IntentState::of(&self.state)
    }
}
