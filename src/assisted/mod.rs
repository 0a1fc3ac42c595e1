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
//! - Schema `assisted`, read and written by [`queries`] alone; published: `assisted.orders_report`.
//! - Tells and hears nothing. Uses: `places`, `accounts`, `orders`, `payments` (pictures of QR codes).

mod begin;
mod clerk;
mod error;
mod model;
mod ordered;
mod pages;
mod queries;
mod routes;

pub use clerk::{Clerk, grant};
pub use error::AssistedError;
pub use model::Villager;
pub use ordered::{ordered, villager};
pub use routes::{Deps, router};
