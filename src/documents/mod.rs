//! Documents: the papers of an order, and the e-invoice that belongs to it.
//!
//! A **contract** is frozen when its paper is first asked for: number, content, digest. Its PDF is made of that
//! content alone ([`contract`](contract_paper)), so that it can be made again at any time and shown to be the same. An
//! order that was changed by consent gets another edition; no edition is ever changed. Packing slips and delivery
//! notes show the order as it stands and are not kept.
//!
//! An **invoice** is made by the seller's own provider. Here the buyer says whom it is to name
//! (`asked`), the seller takes the lines as CSV or XML, records number, symbol, day, code and file
//! (`recorded`, replaced by a later entry), and is reminded while one is missing.
//!
//! - Schema `documents`, read and written by [`queries`] and [`queries_invoices`] alone; published:
//!   `documents.invoices_report`.
//! - Tells and hears nothing; [`RemindOfInvoices`] runs by the clock.
//! - Uses: `orders`, `enterprises`, `accounts` (whom letters go to).

mod agreement;
mod ask;
mod contract_paper;
mod delivery_paper;
mod error;
mod export;
mod invoice;
mod issue;
mod jobs;
mod pages;
mod queries;
mod queries_invoices;
mod record;
mod routes;
mod xml;

pub use ask::{InvoiceForm, Recipient, asked_at_checkout, forget_wish, keep_wish, wish};
pub use error::DocumentError;
pub use jobs::RemindOfInvoices;
pub use record::{NewInvoice, record};
pub use routes::{Deps, router};
