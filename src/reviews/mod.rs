//! Reviews: what buyers say of what they bought and received.
//!
//! Only a line of a completed order is reviewed, once, by its buyer: signed in, or by the order's secret link. The
//! statement that writes a review reads the order itself, so there is no other way to one. The author may change it
//! for a time that is a rule; the shop answers once.
//!
//! ```text
//! shown ⇄ hidden          by an officer or the operator, with a reason from a list; the author may ask once for another look
//! ```
//!
//! - Schema `reviews`: `reviews`, `pictures`, `answers`, `reports`, `rulings`, and `totals`, which every change keeps
//!   true in its own transaction and [`Recount`] proves. Published: `reviews.totals_report`.
//! - Tells: [`ReviewWritten`], [`ReviewAnswered`], [`ReviewRuled`]. Hears: the clock.
//! - Uses: `enterprises` (the seller's scope); reads `orders.parties_report`, `orders.bought_report`,
//!   `catalogue.products_report`, `enterprises.members_report`.

mod answer;
mod error;
mod events;
mod jobs;
mod model;
mod pages;
mod queries;
mod queries_read;
mod queries_turns;
mod read;
mod routes;
mod rule;
mod write;

pub use answer::answer;
pub use error::ReviewError;
pub use events::{ReviewAnswered, ReviewRuled, ReviewWritten};
pub use jobs::Recount;
pub use model::{HideReason, Totals, shown_name};
pub use pages::section::{Section, section};
pub use read::{OpenLine, Told, all_reviewed, open_lines, told, totals, unanswered};
pub use routes::{Deps, router};
pub use rule::{Act, rule};
pub use write::{NewReview, edit, write};
