//! Facts that orders tell.

use super::machine::OrderState;
use crate::{
    kernel::{GroupId, OrderId, SellerId},
    platform::outbox::Event,
};
use serde::{Deserialize, Serialize};

/// A buyer has ordered of one seller.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderPlaced {
    pub order: OrderId,
    pub group: GroupId,
    pub seller: SellerId,
}

impl Event for OrderPlaced {
    const NAME: &'static str = "orders.placed";
}

/// An order has moved on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderStateChanged {
    pub order: OrderId,
    pub seller: SellerId,
    /// The word of the new state.
    pub state: String,
    /// The order's version with this state: names the event row.
    pub version: i32,
    /// The word of who moved it; `None` in news of an older program.
    #[serde(default)]
    pub actor: Option<String>,
}

impl OrderStateChanged {
    /// The new state; `None` for a word of a newer program.
    #[must_use]
    pub fn state(&self) -> Option<OrderState> {
        OrderState::of(&self.state)
    }
}

impl Event for OrderStateChanged {
    const NAME: &'static str = "orders.state_changed";
}

/// A sale is complete: it counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderCompleted {
    pub order: OrderId,
    pub seller: SellerId,
}

impl Event for OrderCompleted {
    const NAME: &'static str = "orders.completed";
}

/// Both sides have agreed on fewer goods before packing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderAmended {
    pub order: OrderId,
    pub seller: SellerId,
    /// What it costs less, in đồng.
    pub less: i64,
    /// The order's version with this change.
    pub version: i32,
}

impl Event for OrderAmended {
    const NAME: &'static str = "orders.amended";
}
