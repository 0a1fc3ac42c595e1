//! Returns: goods that go back after delivery, the money owed for them, and who decides when both sides
//! disagree; and what a seller proposes to change in an order before it is packed.
//!
//! ```text
//! requested ─▶ approved ─▶ in_transit ─▶ received ─▶ inspected ─▶ refunded | partially_refunded | replaced ─▶ closed
//! requested ─▶ rejected ─▶ disputed ─▶ in_mediation ─▶ resolved_buyer | resolved_seller | resolved_split
//! proposal: proposed ─▶ accepted | declined | lapsed | withdrawn
//! ```
//!
//! The table of [`machine`] says who may do what when; [`act`] is the only way to move a return. Pieces and amounts
//! are claimed under constraints: never more than was delivered, never more than was paid, and the last piece takes
//! the rest. The seller gives the money back himself and says so with a reference; it counts when the buyer confirms
//! it, or does not contest it in time.
//! - Schema `returns`: `delivered`, `cases`, `lines`, `events`, `pictures`, `edits`, `edit_lines`.
//! - Tells: [`ReturnMoved`], [`EditMoved`]. Hears: its own news, to write mail. Clocks: [`Clocks`].
//! - Uses: `orders`, `delivery` (what reached the buyer), `payments`, `enterprises` (the seller's scope and members),
//!   `accounts`.

mod act;
mod error;
mod events;
mod jobs;
mod letters;
mod machine;
mod model;
mod pages;
mod propose;
mod queries;
mod queries_edits;
mod queries_read;
mod request;
mod routes;
mod times;
mod told;

pub use act::{Act, act};
pub use error::ReturnError;
pub use events::{EditMoved, ReturnMoved};
pub use jobs::{Clocks, TellEdit, TellMoved};
pub use machine::{Actor, Event, State};
pub use model::{Kind, NewReturn, Wish};
pub use propose::{Answer, answer, propose};
pub use request::request;
pub use routes::{Deps, router};
pub use told::{Told, told};
