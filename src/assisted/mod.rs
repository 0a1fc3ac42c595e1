//! Assisted ordering: a clerk at a point (post office, commune culture point) orders for a villager who agreed.
//!
//! ```text
//! visit: open ─▶ ended (orders placed | the clerk ends it | its time is over)
//! ```
//!
//! The operator makes somebody the clerk of one point. At the counter the clerk notes who the villager is and that
//! he agreed: to which words, when, and how. From then on the clerk's browser fills the villager's basket, not his own;
//! name and number of the order are the villager's and cannot be changed on the way. Orders are marked as assisted;
//! the villager gets the confirmation on paper, in big type, with the link that is his alone. The clerk sees the orders
//! that he made, for as long as a rule says.
//!
//! A household that sells may agree that a clerk lists its goods ([`list_for`]): new products only, through the usual
//! review, in the household's name; the audit chain names the clerk. It can take that back at any time.
//!
//! ```text
//! mandate: open ─▶ ended (the household | the clerk as it asked | a new one | its time is over)
//! ```
//!
//! - Schema `assisted`, read and written by [`queries`] alone; published: `assisted.orders_report`.
//! - Tells: [`MandateGiven`], [`Listed`]. Hears nothing. Uses: `places`, `accounts`, `enterprises`, `catalogue`,
//!   `orders`, `payments` (pictures of QR codes).

mod begin;
mod clerk;
mod error;
mod events;
mod list_for;
mod model;
mod ordered;
mod pages;
mod queries;
mod queries_listing;
mod routes;

pub use clerk::{Clerk, grant};
pub use error::AssistedError;
pub use events::{Listed, MandateGiven};
pub use model::Villager;
pub use ordered::{ordered, villager};
pub use routes::{Deps, router};
