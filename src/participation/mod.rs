//! Who really trades: indicators, targets and the firms behind each figure.

mod routes;

pub use routes::{Deps, router};
