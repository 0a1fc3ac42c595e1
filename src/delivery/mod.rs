//! How goods reach the buyer: a seller's own rates by zone, collection at the shop or at a
//! post-office point, free from an amount on.
//!
//! Pure at heart: [`Rates::quote`] makes every [`Choice`] of a [`Parcel`]. A seller who has said
//! nothing has [`Rates::usual`].
//!
//! - Schema `delivery`, read and written by [`queries`] alone.
//! - Tells and hears nothing.   Uses: `places`, `enterprises` (whose desk it is).

mod forms;
mod model;
mod pages;
mod queries;
mod routes;
mod settings;

pub use model::{Choice, Method, Parcel, Rates, Span, Zone, ZoneKind};
pub use routes::{Deps, router};
pub use settings::{out_of_reach, quote, rates, set_defaults, set_up};
