//! The demo province: invented firms, goods, people and a year of orders, so that lists and figures have life.
//!
//! Its pages show the sign-ins of the invented people and every mail that was sent; they are served only
//! where `site.demo` is set.

mod load;
mod pages;
mod routes;

pub use load::{Loaded, PASSWORD, Parts, SIGN_INS, load, secret_of};
pub use routes::{Deps, router};
