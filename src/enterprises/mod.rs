//! The province's register of enterprises and the sellers that come from it.

mod routes;

pub use routes::{Deps, router};
