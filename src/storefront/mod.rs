//! What a buyer sees: home, categories, shops, products, search.

mod routes;

pub use routes::{Deps, router};
