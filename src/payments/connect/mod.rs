//! A seller's account at Stripe: made and connected to the floor here, its questions answered on Stripe's own pages.
//!
//! ```text
//! row ─▶ account ─▶ Stripe's questions ─▶ takes payments ─▶ pays out        any ─▶ not connected any more
//! ```
//!
//! What the account may do is what Stripe says when asked: after the seller comes back, when he presses, and when a
//! webhook tells that something has changed (`account.updated`). Buyers are offered Stripe only while it takes payments.

pub(super) mod commands;
mod countries;
pub(super) mod pages;
pub(super) mod queries;
pub(super) mod standing;
