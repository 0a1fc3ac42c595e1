//! Facts that reviews tell.

use crate::{
    kernel::{OrderId, ProductId, SellerId},
    platform::outbox::Event,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A buyer has judged what he bought.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReviewWritten {
    pub review: Uuid,
    pub order: OrderId,
    pub product: ProductId,
    pub seller: SellerId,
}

impl Event for ReviewWritten {
    const NAME: &'static str = "reviews.written";
}

/// The shop has answered a review for the first time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReviewAnswered {
    pub review: Uuid,
}

impl Event for ReviewAnswered {
    const NAME: &'static str = "reviews.answered";
}

/// An officer or the operator has ruled upon a review.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReviewRuled {
    pub review: Uuid,
    pub ruling: Uuid,
    /// `hide`, `keep` or `restore`.
    pub act: String,
    pub reason: String,
    pub note: String,
    /// The author had asked for this look.
    pub appealed: bool,
}

impl Event for ReviewRuled {
    const NAME: &'static str = "reviews.ruled";
}
