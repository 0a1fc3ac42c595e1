//! What the slice tells.

use crate::{kernel::VariantId, platform::outbox::Event};
use serde::{Deserialize, Serialize};

/// Some variants can be bought again, or no longer: their number for sale has left zero or come to it.
/// Changes in between are not told; who needs the number reads it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StockChanged {
    pub variants: Vec<VariantId>,
}

impl Event for StockChanged {
    const NAME: &'static str = "stock.changed";
}
