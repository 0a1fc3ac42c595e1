//! How goods reach the buyer: the seller's own rates by zone, collection at the shop or at a point.

mod routes;

pub use routes::{Deps, router};
