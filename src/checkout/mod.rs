//! Basket and checkout: the only place that turns wishes into orders.
//!
//! ```text
//! basket ─▶ /dat-hang (who, where) ─▶ …/giao-hang (how, paid how) ─▶ …/xem-lai (all of it) ─▶ orders
//! ```
//!
//! A checkout is a row that keeps everything the buyer typed: `open ─▶ completed`, once. Pressing
//! “Đặt hàng” reads every offer anew, compares it with what the page showed ([`facts`]), and places
//! the orders in one transaction ([`place`]); whatever is different is shown and asked again.
//!
//! - Schema `checkout`, read and written by [`queries`] and [`queries_checkouts`] alone.
//! - Tells nothing. Hears that an order is cancelled ([`FreeSamples`]); [`Tidy`] runs by the clock.
//! - Uses: `places`, `accounts`, `enterprises`, `organisations`, `catalogue`, `wholesale`, `approvals`, `stock`,
//!   `delivery`, `payments`, `promotions`, `orders`. For a firm nothing is placed to which its rules ask for an agreement that is not given.

mod agreement;
mod basket;
mod contact;
mod draft;
mod error;
mod facts;
mod ground;
mod jobs;
mod keeper;
mod load;
mod model;
mod pages;
mod place;
mod plan;
mod queries;
mod queries_checkouts;
mod routes;

pub use jobs::{FreeSamples, Tidy};
pub use routes::{Deps, router};
