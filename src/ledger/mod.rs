//! The books: what every order owes to whom, in double entry.
//!
//! Nobody writes here by hand. [`post`] reads what happened to the money of an order and books each event once, as
//! the change that it makes to where the money is; the sums of an order are then the same in whatever order events
//! came. The database itself refuses an entry that does not add up to zero, and every change of an old one.
//!
//! The floor holds no money: the accounts say what is owed between buyer, seller, carrier, gateway and operator, and
//! what was seen to arrive. The account `buyer` of an order is what its buyer owes; negative, what is owed to him.
//! [`tax`] writes beside the entries of household sellers what of their revenue is taxed; by default it is reported and
//! nothing is booked. [`settle`] books that a seller has paid the operator's commission.
//! - Schema `ledger`: `orders`, `entries`, `postings`, `commission_rules`, `settlements`, `tax_parts`, `tax_entries`,
//!   `checks`.
//! - Hears: `OrderPlaced`, `PaymentChanged`, `OrderStateChanged`. Tells: nothing.
//! - Uses: `payments` for what happened, `orders` for lines and codes, `catalogue` for categories, `enterprises` for
//!   what a seller is.

mod check;
mod commission;
mod files;
mod jobs;
mod model;
mod month;
mod pages;
mod pages_fees;
mod pages_rules;
mod pages_tax;
mod pages_taxes;
mod papers;
mod post;
mod queries;
mod queries_fees;
mod queries_read;
mod queries_rules;
mod queries_tax;
mod routes;
mod settle;
mod tax;

pub use check::{Checked, last_check};
pub use commission::{Rule, rate};
pub use jobs::{BookCompleted, BookPayment, BookPlaced, Check};
pub use model::Account;
pub use post::{complete, post};
pub use routes::{Deps, router};
