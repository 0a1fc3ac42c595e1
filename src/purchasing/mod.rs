//! Purchase orders: what one firm buys of another by agreed terms.
//!
//! A purchase order keeps lines and prices as they were agreed and never reads the catalogue again. It is paid in
//! *instalments* (deposit, a share with each delivery, the rest after acceptance), each a payment of its own with its
//! own memo; it is delivered in as many deliveries as it takes, and goods leave the stock with each.
//!
//! ```text
//! issued ─▶ confirmed ─▶ in_delivery ─▶ delivered ─▶ accepted ⇄ closed
//! issued ─▶ declined        issued | confirmed ─▶ cancelled (after confirmation by both sides)
//! ```
//!
//! - Schema `purchasing`, read and written by `queries*` alone; published: `purchasing.accepted_report`.
//! - Tells: [`PoMoved`]. Hears: its own news and `payments.changed`.
//! - Uses: `organisations`, `enterprises`, `accounts`, `catalogue`, `wholesale` (units in pieces), `stock`, `payments`.

mod act;
mod contract;
mod credit;
mod deliver;
mod delivery_note;
mod error;
mod events;
mod instalments;
mod issue;
mod jobs;
mod letters;
mod lists;
mod machine;
mod model;
mod pages;
mod queries;
mod queries_act;
mod queries_credit;
mod queries_lists;
mod queries_papers;
mod queries_read;
mod queries_signatures;
mod read;
mod routes;
mod sign;
mod signatures;
mod ubl;
mod ubl_read;

pub use act::{confirm, say};
pub use credit::{Dun, set_credit};
pub use deliver::{Sending, Sent, accept, receive, send};
pub use error::PurchasingError;
pub use events::PoMoved;
pub use instalments::{FollowPayments, confirm_money, named, names, open_instalments};
pub use issue::{NewPoLine, NewPurchaseOrder, PlacedPo, issue};
pub use jobs::TellMoved;
pub use machine::{Deed, Side};
pub use model::{PoState, Terms};
pub use routes::{Deps, router};
pub use ubl_read::{MOST_BYTES as MOST_UBL_BYTES, UblLine, UblOrder, read as read_ubl};
