//! Transfers as the seller's bank shows them, and which orders they pay.
//!
//! Two ways in: the webhook of a bank-feed service ([`feeds`], [`services`]) and a statement that the seller brings in
//! ([`statement`]). The same transfer from both is one row: joined by account, reference, amount and day.
//! [`matching`] finds the memo in the bank's text; nothing is guessed:
//!
//! ```text
//! one known memo              ─▶ matched: the money counts; under, over, twice and late show in the order's payment
//! a broken or doubtful memo   ─▶ review   ─┐
//! no memo                     ─▶ unknown  ─┼▶ the seller decides, with a reason: an order, or none of the floor's
//! money that went out again   ─▶ outgoing ─┘  a refund made, or taken back by the bank
//! ```
//!
//! What he has decided he can take back ([`undo`]): an event of its own, and the line waits again. Lines of a message
//! that cannot be read are kept and shown ([`unread`]). Whoever takes lines in or decides them holds the seller's
//! lines first (`hold`), then lines, then intents: nobody waits for another in a circle.

pub(super) mod decide;
pub(super) mod feeds;
mod jobs;
mod line;
mod matching;
mod memo;
mod pages_feeds;
mod pages_statement;
mod queries;
mod queries_feeds;
mod queries_statements;
mod queries_undo;
mod queries_unread;
pub(super) mod read;
mod routes;
mod services;
mod statement;
mod take_in;
pub(super) mod undo;
pub(super) mod unread;
mod webhook;

pub use jobs::{ReadBankMessage, SweepStatements};
pub use line::{Direction, Line, State, Why};
pub(super) use routes::router;
pub(super) use statement::amount;
pub(super) use take_in::hold;
pub use take_in::take_in;
