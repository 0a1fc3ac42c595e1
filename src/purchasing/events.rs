//! The fact that purchase orders tell.

use crate::{
    kernel::{OrgId, SellerId},
    platform::outbox::Event,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A purchase order was issued, or has moved on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PoMoved {
    pub order: Uuid,
    pub org: OrgId,
    pub seller: SellerId,
    /// What happened: `issued`, `confirmed`, `sent`, `received`, …
    pub event: String,
    /// The word of the state after it.
    pub state: String,
    /// Names the event's row.
    pub version: i32,
}

impl Event for PoMoved {
    const NAME: &'static str = "purchasing.moved";
}
