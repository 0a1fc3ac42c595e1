//! Administrative units by date: today's provinces and communes, the three old levels, the crossing
//! between them, and collection points.
//!
//! - Schema `places`, read and written by [`queries`] alone.
//! - Today's units are few and change by decree, so a process keeps them in memory ([`Places`]).

mod load;
mod model;
mod queries;
mod routes;

pub use load::load_reference;
pub use model::{Commune, Places};
pub use routes::{Deps, router};
