//! Facts that parcels tell.

use super::{machine::ParcelState, model::ParcelId};
use crate::{
    kernel::{OrderId, SellerId},
    platform::outbox::Event,
};
use serde::{Deserialize, Serialize};

/// A parcel has moved on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ParcelMoved {
    pub parcel: ParcelId,
    pub order: OrderId,
    pub seller: SellerId,
    /// The word of the new state.
    pub state: String,
}

impl ParcelMoved {
    /// The new state; `None` for a word of a newer program.
    #[must_use]
    pub fn state(&self) -> Option<ParcelState> {
        ParcelState::ALL.into_iter().find(|state| state.code() == self.state)
    }
}

impl Event for ParcelMoved {
    const NAME: &'static str = "delivery.parcel_moved";
}
