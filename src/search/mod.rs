//! The read model of what can be found, behind the port SearchIndex.

mod routes;

pub use routes::{Deps, router};
