//! Who really trades: indicators over the province's register, the plans' targets, and the firms behind each figure.
//!
//! A firm participates when it completed an online sale or purchase in the period, counted once per legal entity
//! (10-digit tax code) over the active enterprises of the register at the period's end. Cooperatives and
//! households are populations of their own. What counts is said once, by the SQL function `participation.firms`
//! (method [`METHOD`]); figures, breakdowns, lists and CSV files are all made from it.
//!
//! - Schema `participation`: plans, targets, looks; written by [`queries`] alone.
//! - Reads the published views of `enterprises`, `catalogue` and `orders`: never an order's contents.
//! - Each look at one firm's page asks for a reason first and is recorded.
//! - Uses `places` for names.   Tells and hears nothing.

mod error;
mod indicator;
mod load;
mod look;
mod model;
mod pages;
mod period;
mod queries;
mod queries_orders;
mod queries_register;
mod queries_targets;
mod routes;
mod target;

pub use error::ParticipationError;
pub use indicator::{Group, Indicator, Size};
pub use load::load_reference;
pub use look::look;
pub use model::{Counts, Figures, Share};
pub use period::Period;
pub use queries::{Asked, figures};
pub use routes::{Deps, router};
pub use target::{NewTarget, Standing, Target, set_target};

/// The version of the definitions behind every figure; a line is never drawn across a change of it.
pub const METHOD: &str = "3";
