//! Facts of points that others hear.

use crate::{
    kernel::{ProductId, SellerId},
    platform::outbox::Event,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A household has agreed that a clerk lists for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MandateGiven {
    pub mandate: Uuid,
    pub seller: SellerId,
    /// The point's name.
    pub point: String,
}

impl Event for MandateGiven {
    const NAME: &'static str = "assisted.mandate_given";
}

/// A clerk has made a product for a household.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Listed {
    pub product: ProductId,
    pub seller: SellerId,
    pub name: String,
    /// The point's name.
    pub point: String,
    /// `false`: it is a draft, something is missing.
    pub submitted: bool,
}

impl Event for Listed {
    const NAME: &'static str = "assisted.listed";
}
