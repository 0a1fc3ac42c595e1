//! What the operator sees: jobs, mails, roles, rules.

mod routes;

pub use routes::{Deps, router};
