//! How many there are and how many are promised; never more than there are.

mod routes;

pub use routes::{Deps, router};
