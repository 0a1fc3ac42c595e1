//! What is owed for each order and what was seen to arrive. Money goes straight from the buyer to the
//! seller; the floor only remembers.
//!
//! What happens to the money of an order (an *intent*) is only ever added, by [`record`], once per provider's own
//! name of it. The state is a pure fold over these events ([`Sums`]): the same in whatever order and however often
//! they come. It is stored besides, derived anew under the intent's lock, so that lists can be narrowed by it.
//!
//! ```text
//! unpaid | pending | cod_due ─▶ partially_paid ─▶ paid | overpaid ─▶ refund_due ─▶ partially_refunded | refunded
//! cod_due ─▶ cod_with_carrier ─▶ paid        anything unpaid ─▶ voided        anything ─▶ disputed
//! ```
//!
//! [`transfers`] finds which orders the bank's own list pays; [`remittance`] follows cash that carriers collect.
//!
//! At a gateway ([`ports::Gateway`]: VNPay, MoMo, ZaloPay, Stripe) the buyer pays by the seller's own contract: an
//! *attempt* is written, the provider asked for its page, and what it tells ([`Listen`]) or answers when asked
//! ([`Sweep`]) becomes events. The contract's keys are sealed ([`Gateways`]).
//!
//! For Stripe the seller's account is made and connected here ([`connect`]), and prices may be shown in foreign currencies
//! beside the đồng that are charged ([`estimates`]).
//!
//! - Schema `payments`: `settings`, `intents`, `events`, `feeds`, `transfers`, `cod_batches` and what belongs to
//!   them, `merchants`, `attempts`, `refunds`, `stripe_accounts`, `foreign_rates`, read and written by `queries…` alone.
//! - Tells: [`PaymentChanged`], of every event that is new. Hears: nothing; `orders` calls.
//! - Uses: `enterprises` for the seller's scope and account.

mod adapters;
mod attempts;
mod check;
mod commands;
mod connect;
mod contract;
mod error;
mod estimates;
mod events;
mod gateways;
mod heard;
mod model;
mod outcome;
mod pages;
mod pages_contract;
mod pages_notice;
pub mod ports;
mod queries;
mod queries_events;
mod queries_gateways;
mod queries_refunds;
mod record;
mod refunds;
pub mod remittance;
mod routes;
mod state;
mod sweep;
pub mod transfers;
mod vietqr;

pub use attempts::{Payer, Way, go_and_pay};
pub use check::{Told, Wrong, check, told};
pub use commands::{
    amend, cancel, collect_cod, confirm_transfer, of_order, of_orders, open, owe_refund,
    save_settings, settings,
};
pub use contract::{Contract, ContractForm};
pub use error::PaymentError;
pub use estimates::{ForeignRate, estimates};
pub use events::{EventKind, FLOOR, NewEvent, PaymentChanged, VND};
pub use gateways::{Gateways, OpenError};
pub use heard::Listen;
pub use model::{Intent, NewIntent, PayAccount, PaymentMethod, Settings};
pub use record::{Recorded, record, sums};
pub use refunds::{
    Doubt, GatewaySide, RefundSeen, doubts, gateway_side, refund_what_is_owed, settle_doubt,
};
pub use routes::{Deps, router};
pub use state::{Fact, IntentState, Position, Sums};
pub use sweep::Sweep;
pub use transfers::{
    decide::{Decision, decide, mark_refunded},
    read::{Shown, Uneven, Waiting, done_lines, line, uneven, waiting, waiting_lines},
    undo::undo,
    unread::{Unread, have_seen, unread_lines},
};
pub use vietqr::{payload, qr_svg};
