//! What the slice tells.

use crate::{
    kernel::{ProductId, SellerId},
    platform::outbox::Event,
};
use serde::{Deserialize, Serialize};

/// Something of a product that pages or search show has changed: contents, price, picture, papers,
/// state, or whether there is any.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListingChanged {
    pub product: ProductId,
}

impl Event for ListingChanged {
    const NAME: &'static str = "catalogue.listing_changed";
}

/// An import has brought or changed many products of a shop at once; no [`ListingChanged`] is told for
/// each of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListingsImported {
    pub seller: SellerId,
}

impl Event for ListingsImported {
    const NAME: &'static str = "catalogue.listings_imported";
}

/// A reviewer has decided; the owners are written to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListingJudged {
    pub product: ProductId,
    /// The step's code.
    pub step: String,
    pub reason: String,
    /// Of the product before: tells one decision from the next.
    pub version: i64,
}

impl Event for ListingJudged {
    const NAME: &'static str = "catalogue.listing_judged";
}
