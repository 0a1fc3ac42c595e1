//! Facts that messages tell.

use super::model::Side;
use crate::{
    kernel::{PersonId, SellerId},
    platform::outbox::Event,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Somebody has messages that he has not read for some minutes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessagesWaiting {
    /// `buyer` or `seller`: who has not read.
    pub side: String,
    /// The shop, where it is the seller.
    pub seller: Option<SellerId>,
    /// The buyer's account; `None` for a shop or a guest.
    pub buyer: Option<PersonId>,
    pub threads: Vec<Uuid>,
    /// When it was noted: tells one time from the next.
    pub at: DateTime<Utc>,
}

impl MessagesWaiting {
    /// Who has not read.
    #[must_use]
    pub fn side(&self) -> Side {
        Side::of(&self.side)
    }
}

impl Event for MessagesWaiting {
    const NAME: &'static str = "messages.waiting";
}

/// The operator has settled a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportSettled {
    pub report: Uuid,
    pub thread: Uuid,
    /// `buyer` or `seller`: who reported.
    pub side: String,
    /// `nothing`, `warned` or `closed`.
    pub outcome: String,
    pub seller: SellerId,
    /// The buyer's account; `None` for a guest.
    pub buyer: Option<PersonId>,
}

impl ReportSettled {
    /// Who reported.
    #[must_use]
    pub fn reported_by(&self) -> Side {
        Side::of(&self.side)
    }
}

impl Event for ReportSettled {
    const NAME: &'static str = "messages.report_settled";
}
