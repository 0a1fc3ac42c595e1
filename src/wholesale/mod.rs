//! Wholesale: what firms pay, in which units and quantities, and whose customers they are.
//!
//! A firm asks a seller to be admitted as his customer, or the seller takes it in himself. To whom he has admitted he
//! may give prices of their own, alone or by group, for a time; his prices for all firms he may keep to them. Of all
//! prices that apply to a firm and whose quantity is reached the lowest is charged, so that being admitted never costs
//! anything ([`charge`], which is pure).
//!
//! ```text
//! asked ─▶ admitted | refused     admitted ─▶ ended     refused | ended ─▶ asked | admitted
//! ```
//!
//! A selling unit (carton, kg, tonne) is a whole ratio to the variant's own piece; baskets, stock and orders count
//! pieces, and a price in a unit is taken only where it comes to whole đồng a piece, so that nothing is ever rounded.
//! A sample is a small quantity below the least one, once a firm and variant, at a price of its own.
//!
//! - Schema `wholesale`, read and written by `queries*` alone; published: `customers_report`, `units_report`. Least
//!   quantities, steps and lead times are columns of the variant, written through `catalogue`.
//! - Tells and hears nothing; mails go out in the transaction of what they tell.
//! - Uses: `organisations`, `enterprises`, `catalogue`, `accounts`. `checkout` and `storefront` ask it for prices.

mod customers;
mod deals;
mod error;
mod goods;
mod letters;
mod lists;
mod model;
mod pages;
mod prices;
mod queries;
mod queries_customers;
mod queries_lists;
mod quick;
mod routes;
mod shown;
mod units;

pub use customers::{ask, customer, decide, open_group, put_in_group, save_settings};
pub use deals::{
    Charge, Deal, Sample, charge, deals, free_samples, ladder, may_see_more, take_samples, units,
};
pub use error::WholesaleError;
pub use goods::{Item, save_item};
pub use lists::{add_list, save_list};
pub use model::{CustomerState, CustomerStep, Settings};
pub use prices::{NewPrice, Whom, add_price};
pub use routes::{Deps, router};
pub use shown::in_units;
pub use units::{Unit, read_amount};
