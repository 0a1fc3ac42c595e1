//! People: who they are, how they prove it, what they agreed to.

mod routes;

pub use routes::{Deps, router};
