//! What is owed for each order and what was seen to arrive. Money goes straight to the seller.

mod routes;

pub use routes::{Deps, router};
