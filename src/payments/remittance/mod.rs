//! Cash on delivery on its way from the carrier to the seller.
//!
//! The carrier's list names orders, cash and fees of one batch; the sum less the fees is one incoming transfer.
//! Nothing is guessed: the seller says which transfer it is, and only one of exactly this amount can be it.
//!
//! ```text
//! due ─▶ collected ─▶ in_batch ─▶ paid | short | over
//! ```

mod commands;
mod list;
mod queries;

pub use commands::{Batch, LineState, NewLine, batches, late, settle, take_batch};
pub use list::{Listed, read};
