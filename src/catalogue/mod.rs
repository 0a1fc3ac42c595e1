//! What is sold: categories with required facts and papers, products, variants, prices, pictures, review before display.

mod routes;

pub use routes::{Deps, router};
