//! The pages of delivery: a seller's rates and contracts, a parcel's label, the operator's pauses.

pub(super) mod contracts;
pub(super) mod label;
pub(super) mod pauses;
pub(super) mod rates;
