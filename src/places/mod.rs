//! Administrative units by date: today's provinces and communes, the three old levels, the crossing
//! between them, and collection points.
//!
//! - Schema `places`, read and written by [`queries`] alone.
//! - Today's units are few and change by decree, so a process keeps them in memory ([`Places`]),
//!   with an index over today's names and the old ones: `thi tran khe sanh` finds `Xã Khe Sanh`.
//! - An old unit whose land went to several communes is never guessed: the reader is asked.

mod choice;
mod finding;
mod import;
mod load;
mod model;
mod points;
mod queries;
mod routes;

pub use choice::Choice;
pub use finding::{Resolution, Suggestion};
pub use import::import_units;
pub use load::load_reference;
pub use model::{Commune, Places};
pub use points::{Point, point, points_in};
pub use routes::{Deps, router};
