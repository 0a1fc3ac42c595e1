//! What is owed for each order and what was seen to arrive. Money goes straight from the buyer to the
//! seller; the floor only remembers.
//!
//! ```text
//! cash on delivery   cod_due ─▶ paid        cod_due ─▶ voided
//! transfer           unpaid ─▶ paid ─▶ refund_due        unpaid ─▶ voided
//! ```
//!
//! An intent's state is derived from its events, which are only ever added ([`IntentState::after`]).
//! - Schema `payments`: `settings`, `intents`, `events`, read and written by `queries` alone.
//! - Tells and hears: nothing; `orders` calls. Uses: `enterprises` for the seller's scope and account.

mod commands;
mod error;
mod model;
mod pages;
mod queries;
mod routes;
mod vietqr;

pub use commands::{
    cancel, collect_cod, confirm_transfer, of_order, open, save_settings, settings,
};
pub use error::PaymentError;
pub use model::{Intent, IntentState, NewIntent, PayAccount, PaymentMethod, Settings};
pub use routes::{Deps, router};
pub use vietqr::{payload, qr_svg};
