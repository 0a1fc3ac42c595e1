//! The first page of a seller's desk: what came in today, what waits, how it went. No tables, no rules.
//!
//! [`reconcile`] holds the bank's list against the orders, [`remittance`] the lists of carriers; [`second_look`] sets right
//! what was decided wrongly or could not be told.
//!
//! Uses: `orders` and `purchasing` for figures and codes, `stock` for hints, `payments` for what waits and for decisions, `enterprises` for the shop's state.

mod named;
mod overview;
mod reconcile;
mod remittance;
mod routes;
mod second_look;

pub use routes::{Deps, router};
