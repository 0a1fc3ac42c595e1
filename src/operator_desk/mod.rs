//! What the operator sees: how the machine does, jobs that were given up, mails, what people look for and
//! the words of the search, roles, rules, the audit chain.
//!
//! No tables of its own: it reads the published views of other slices and works through `platform`, `accounts`
//! and `search`. Everything done here is appended to the audit chain.

mod pages;
mod queries;
mod routes;

pub use routes::{Deps, router};
