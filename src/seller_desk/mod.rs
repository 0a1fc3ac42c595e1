//! What a seller sees of all slices at once.

mod routes;

pub use routes::{Deps, router};
