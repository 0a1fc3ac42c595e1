//! Purchase orders: what one firm buys of another by agreed terms.
//!
//! A purchase order keeps lines and prices as they were agreed and never reads the catalogue again. It is paid in
//! *instalments* (deposit, a share with each delivery, the rest after acceptance), each a payment of its own with its
//! own memo; it is delivered in as many deliveries as it takes, and goods leave the stock with each.
//!
//! ```text
//! issued ─▶ confirmed ─▶ in_delivery ─▶ delivered ─▶ accepted ─▶ closed
//! issued ─▶ declined        issued | confirmed ─▶ cancelled (after confirmation by both sides)
//! ```
//!
//! - Schema `purchasing`, read and written by `queries*` alone; published: `purchasing.accepted_report`.
//! - Tells: [`PoMoved`]. Hears: its own news and `payments.changed`.
//! - Uses: `organisations`, `enterprises`, `accounts`, `catalogue`, `stock`, `payments`.

mod error;
mod events;
mod issue;
mod model;
mod queries;

pub use error::PurchasingError;
pub use events::PoMoved;
pub use issue::{NewPoLine, NewPurchaseOrder, PlacedPo, issue};
pub use model::{PoState, Terms};
