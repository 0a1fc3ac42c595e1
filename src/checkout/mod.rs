//! Basket and checkout: the only place that turns wishes into orders.

mod routes;

pub use routes::{Deps, router};
