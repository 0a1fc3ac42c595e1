//! Notices: what people are told, in one place, each thing once.
//!
//! A notice has a kind. It stands under the bell of everybody whom it concerns; by mail and by short message it goes
//! where he has not switched that off. What the law wants told, and the letters about an order, cannot be switched
//! off; letters about orders, listings and accounts are written by those slices themselves.
//!
//! - Schema `notices`: `items` (the bell), `preferences`, `refusals` (guests), `texts` (short messages).
//!   Published: `notices.unread_report`, which the session's own statement counts, so that the bell costs nothing more.
//! - Tells: nothing. Hears: `orders`, `delivery`, `returns`, `enterprises`, `catalogue`, `assisted`, `reviews`,
//!   `messages`, and the clock; and what `organisations`, `wholesale`, `approvals`, `purchasing`, `quotes` and
//!   `trade_events` ring of what passes between firms ([`TellRung`]).
//! - Port: [`Sms`], adapter [`FileSms`].
//! - Uses: `accounts`, `enterprises` (members), `catalogue`, `orders`, `returns`, `reviews`, `messages`.

mod adapters;
mod jobs;
mod letters;
mod model;
mod pages;
mod ports;
mod queries;
mod routes;
mod seen;
mod tell;
mod texts;

pub use adapters::FileSms;
pub use jobs::{
    AskForReview, AskLater, Digest, Post, TellAnswered, TellChanged, TellEdit, TellJudged,
    TellListed, TellLost, TellMandate, TellPlaced, TellReturn, TellReviewed, TellRuled, TellRung,
    TellShop, TellWaiting, TellWarned, Tidy,
};
pub use model::{Channel, Kind};
pub use ports::{Sms, SmsError};
pub use routes::{Deps, router};
pub use seen::seen_layer;
pub use texts::{DeliverText, SentText, latest};
