//! Export enquiries: the bilingual sheet of a product, a request for quotation from abroad without an account, and the
//! seller's offers.
//!
//! ```text
//! unconfirmed ─▶ open ─▶ offered ─▶ accepted | declined        open | offered ─▶ closed (by the seller)
//! ```
//!
//! An enquiry reaches the seller once its writer has pressed the button behind the link that was mailed to him; what is not
//! confirmed within a week is deleted. An offer is never changed: the next one has the next number, and only the newest
//! can be accepted, once, while it is valid. What follows is the parties' contract; nothing of it counts as trade on the
//! floor.
//!
//! - Schema `exports`, read and written by `queries*` alone.
//! - Tells nothing. Hears: the clock ([`Tidy`]). Uses: `accounts`, `enterprises`, `catalogue`.

mod enquire;
mod error;
mod forms;
mod jobs;
mod letters;
mod model;
mod offer;
mod pages;
mod queries;
mod queries_enquiries;
mod routes;
mod sheet;

pub use enquire::{NewEnquiry, confirm, enquire};
pub use error::ExportError;
pub use jobs::Tidy;
pub use model::{Currency, EnquiryState, INCOTERMS, Sheet};
pub use offer::{NewOffer, Verdict, answer, close, offer};
pub use queries::save_sheet;
pub use routes::{Deps, router};
