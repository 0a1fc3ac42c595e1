//! Trade meetings: fairs, matching days and campaigns that the Department or an association runs on the floor.
//!
//! An association is an organisation that is verified: its administrators make an event and propose it, the Department
//! publishes it or sends it back, and from then on the association takes shops in and follows what comes of it.
//! Shops sign up and are accepted by whoever runs the event; signed-in buyers ask them for meetings, for themselves or for their
//! firm; the shop agrees on a time and writes down what came of it. Talks, and completed orders between those who
//! talked, are counted for the organiser: the first as the shops tell it, the second as the floor has measured it.
//!
//! ```text
//! event     draft ─▶ published ─▶ cancelled            (over: its last day has passed; an association's draft is
//!                                                       proposed before it is published)
//! sign-up   waiting ─▶ accepted | refused              waiting | accepted ─▶ withdrawn ─▶ waiting
//! meeting   asked ─▶ agreed ─▶ held | missed           asked ─▶ declined      asked | agreed ─▶ cancelled
//! ```
//!
//! - Schema `trade_events`, read and written by `queries*` alone.
//! - Tells and hears nothing; its letters are queued where they are caused.
//! - Uses: `accounts`, `enterprises`, `organisations`; reads `orders.completed_report`, `purchasing.accepted_report` and
//!   `quotes.asked_report`.

mod error;
mod events;
mod forms;
mod letters;
mod meet;
mod model;
mod pages;
mod queries;
mod queries_meetings;
mod queries_results;
mod queries_sign_ups;
mod routes;
mod sign_up;

pub use error::TradeError;
pub use events::{NewEvent, cancel, make, publish};
pub use meet::{Answer, Wish, answer, ask};
pub use model::{EventState, Kind, MeetingEvent, MeetingState, Outcome, Party, SignUpState};
pub use queries::{Event, published_soon};
pub use queries_meetings::Side;
pub use routes::{Deps, router};
pub use sign_up::{decide, sign_up, withdraw};
