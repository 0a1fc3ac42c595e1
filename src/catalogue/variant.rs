//! A variant as its seller sees it.

use super::model::Tier;
use crate::kernel::{VariantId, Vnd};

/// One buyable form with its stock.
#[derive(Debug, Clone)]
pub(super) struct Variant {
    pub(super) id: VariantId,
    pub(super) sku: String,
    pub(super) label: String,
    pub(super) price: Vnd,
    pub(super) list_price: Option<Vnd>,
    pub(super) weight_g: i32,
    pub(super) gtin: Option<String>,
    pub(super) on_hand: i64,
    pub(super) reserved: i64,
    pub(super) unlimited: bool,
    pub(super) tiers: Vec<Tier>,
}
