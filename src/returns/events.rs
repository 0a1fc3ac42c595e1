//! Facts that returns tell.

use crate::{
    kernel::{OrderId, SellerId},
    platform::outbox::Event,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A return was asked for, or has moved on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReturnMoved {
    pub case: Uuid,
    pub order: OrderId,
    pub seller: SellerId,
    /// The word of the new state.
    pub state: String,
    /// The return's version with this state: names the event row.
    pub version: i32,
}

impl Event for ReturnMoved {
    const NAME: &'static str = "returns.moved";
}

/// A change of an order was proposed, accepted, declined, taken back, or has lapsed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditMoved {
    pub edit: Uuid,
    pub order: OrderId,
    pub seller: SellerId,
    /// The word of the new state.
    pub state: String,
}

impl Event for EditMoved {
    const NAME: &'static str = "returns.edit_moved";
}
