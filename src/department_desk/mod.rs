//! What the Department sees: what waits for review, each shop's file, and the way to the figures.
//!
//! No tables and no rules of its own: officers, with their second factor given, act through
//! `enterprises`; every look at one firm's file and every decision is on the record.
//!
//! - Uses: `enterprises`, `catalogue`, `accounts`, `places`.

mod overview;
mod routes;
mod seller;
mod sellers;

pub use routes::{Deps, router};
