//! Who in a buying firm agrees to spending before it becomes an order.
//!
//! A firm's *rules* say from which amount on, for which goods and for whose wishes somebody else has to agree. What is
//! asked for is one *print* of one thing: a basket whose contents have changed is another print, the old request is
//! void and everybody is asked anew. All *steps* of a request have to be agreed to; one refusal refuses it. Nobody
//! decides on what he asks for himself; a stand-in decides in an approver's place between two days.
//!
//! ```text
//! waiting ─▶ approved | refused        waiting | approved | refused ─▶ void (asked anew with another print)
//!                                      waiting ─▶ void (what it was about has ended, or nobody decided in time)
//! ```
//!
//! - Schema `approvals`, read and written by `queries*` alone. Rules that end and requests that are void stay on record.
//! - Tells: [`ApprovalAsked`], [`ApprovalDecided`]. Hears both of them, to write letters. Clocks: [`Clocks`].
//! - Uses: `accounts`, `organisations`, and of `catalogue` the tree of categories.

mod ask;
mod decide;
mod error;
mod events;
mod jobs;
mod letters;
mod machine;
#[cfg(test)]
mod machine_tests;
mod model;
mod pages;
mod queries;
mod queries_rules;
mod routes;
mod rules;

pub use ask::{Told, ask, hold, latest, look, told, with_parents, withdraw};
pub use decide::decide;
pub use error::ApprovalError;
pub use events::{ApprovalAsked, ApprovalDecided};
pub use jobs::{Clocks, Post, TellApprovers, TellAsker};
pub use model::{Request, Standing, Subject, SubjectKind};
pub use routes::{Deps, router};
pub use rules::{NewRule, NewStandIn, add_rule, add_stand_in};
