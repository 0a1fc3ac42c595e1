//! What the Department sees: what waits for review, and the way to the figures.

mod routes;

pub use routes::{Deps, router};
