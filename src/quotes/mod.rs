//! Requests for quotation and quotes: a firm asks, sellers offer, both bargain, the firm awards line by line.
//!
//! ```text
//! request: open ─▶ closed ─▶ lapsed        open | closed ─▶ awarded | cancelled
//! quote:   invited ─▶ sent ⇄ countered     invited ─▶ declined     sent | countered ─▶ withdrawn | rejected | expired
//!          sent ─▶ accepted                whatever is not accepted when the request ends ─▶ lost
//! ```
//!
//! [`machine`] says who may do what when. Versions are only added: an offer stays what was offered. The buyer of a
//! sealed request reads no offer before its deadline. [`award`] accepts once: the request's row is locked, its award
//! has its id as key, and each offer must be valid at that moment; one purchase order comes of each quote. Where the
//! buyer's firm has to agree, [`choose`] asks it and keeps what was chosen; nothing else than that is awarded.
//! - Schema `quotes`.  Tells: [`RequestMoved`], [`QuoteMoved`], [`QuestionMoved`].  Hears: those, to write mail.
//!   Clocks: [`Clocks`].
//! - Uses: `organisations` (the buyer's scope), `enterprises` (the seller's scope and facts), `catalogue` (what a line
//!   is asked from), `places`, `approvals` (who agrees to an award), `purchasing` (where an award leads).

mod agreement;
mod api;
mod ask;
mod award;
mod bargain;
mod error;
mod events;
mod jobs;
mod letters;
mod machine;
mod model;
mod offer;
mod pages;
mod queries;
mod queries_award;
mod queries_lists;
mod queries_offers;
mod queries_proposals;
mod queries_read;
mod questions;
mod routes;
mod steps;

pub use ask::ask;
pub use award::{Chosen, Outcome, award, choose};
pub use bargain::{Bargain, Counter, bargain, counter};
pub use error::QuoteError;
pub use events::{QuestionMoved, QuoteMoved, RequestMoved};
pub use jobs::{Clocks, Post, TellQuestion, TellQuote, TellRequest};
pub use machine::{Actor, Event, QuoteState, RequestEvent, RequestState};
pub use model::{
    Amount, Area, Audience, Break, NewFile, NewLine, NewOffer, NewRequest, OfferLine, Terms, cost,
};
pub use offer::{Offered, Offerer, judge, offer, set_limit};
pub use questions::{answer, question};
pub use routes::{Deps, router};
pub use steps::{cancel, close, extend};
