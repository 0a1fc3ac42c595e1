//! What a buyer sees: home, categories, search, shops, products, and the floor's own texts.
//!
//! Pages that show several slices to one audience; no tables, no rules. The inner part of a page is
//! kept in memory ([`kept`]) as long as it holds: a page of results is shown again only after one
//! statement has said that each of its goods is still to be had, a product's page only after one has
//! said that neither the listing, nor its stock, nor its seller has changed. What delivery costs the
//! reader ([`reach`]) is put into it from rates that are kept for a minute.
//!
//! A list says how the reader's words were read ([`told`]) and knows his commune only from his own
//! browser ([`nearby`]). While he types, [`suggest`] answers mostly from memory.

mod cards;
mod choices;
mod filters;
mod firm;
mod home;
mod kept;
mod links;
mod list;
mod machine;
mod nearby;
mod product;
mod queries;
mod reach;
mod routes;
mod shop;
mod shops;
mod structured;
mod suggest;
mod texts;
mod told;

pub use routes::{Deps, router};
