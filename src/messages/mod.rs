//! Messages: what a buyer and a seller say to each other about one order, or about one product before there is one.
//!
//! A thread about an order is opened by either side; its buyer comes by his account or by the order's secret link. A
//! thread about a product is opened by a buyer who has signed in. Telephone numbers and e-mail addresses in it are
//! masked when shown until there is an order between the two, so that nobody gathers them. Files are shown to the two
//! alone. The operator looks at a thread only where one of the two has reported it, at an excerpt, with a reason that
//! goes into the audit chain.
//!
//! - Schema `messages`: `threads`, `messages`, `attachments`, `quick_answers`, `reports`, `leftovers`.
//! - Tells: [`MessagesWaiting`], once until what waits is read; [`ReportSettled`]. Hears: the clock ([`TellWaiting`], [`Sweep`]).
//! - Uses: `enterprises` (the seller's scope); reads `orders.parties_report`, `catalogue.products_report`,
//!   `enterprises.sellers_report`, `enterprises.members_report`.

mod attach;
mod error;
mod events;
mod jobs;
mod model;
mod open;
mod pages;
mod queries;
mod queries_read;
mod queries_reports;
mod read;
mod routes;
mod send;

pub use error::MessageError;
pub use events::{MessagesWaiting, ReportSettled};
pub use jobs::{Sweep, TellWaiting};
pub use model::Side;
pub use open::{About, open};
pub use read::{Waiting, waiting, waiting_by_seller};
pub use routes::{Deps, router};
pub use send::{Attachment, Sending, send};
