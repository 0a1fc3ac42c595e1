//! Promotions: a seller's vouchers, what they take off an order, and how often they were used.
//!
//! ```text
//! active ─▶ stopped        used ─▶ returned (its order was cancelled or lapsed)
//! ```
//!
//! A voucher belongs to one seller and touches only his orders. It is counted in the transaction that
//! places the order, by one conditional update whose row all that ask at once queue for; the limits stand
//! behind as constraints. What it takes off is shared among the order's lines by largest remainder
//! ([`share`]), so that Σ shares = discount; refunds follow the shares.
//!
//! The most that the law lets a promotion take off, and for how long, are rules of `data/rules.csv`,
//! looked at when a seller makes a voucher. Free delivery above an amount is one of the delivery settings.
//! - Schema `promotions`: `vouchers`, `uses`; published: `promotions.offers_report`.
//! - Tells and hears nothing: `checkout` asks what counts, `orders` takes it and gives it back.
//! - Uses: `enterprises` (the seller's scope), `platform::rules`.

mod forms;
mod model;
mod pages;
mod queries;
mod routes;
mod take;

pub use forms::Valid;
pub(crate) use forms::code;
pub use model::{Discount, Redeemed, Refusal, Voucher, share};
pub use routes::{Deps, router};
pub use take::{Take, Wanted, Weighed, give_back, offered, open, take, weigh};
