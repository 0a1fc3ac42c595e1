//! The promise of one seller to one buyer: state machine, clocks, documents.

mod routes;

pub use routes::{Deps, router};
