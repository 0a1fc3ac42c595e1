//! The first page of a seller's desk: what came in today, what waits, how it went. No tables, no rules.
//!
//! Uses: `orders` for figures, `stock` and `payments` for hints, `enterprises` for the shop's state.

mod pages;
mod routes;

pub use routes::{Deps, router};
