//! Pages of export: what is offered, the buyer's link, the seller's desk.

pub(super) mod buyer;
pub(super) mod public;
pub(super) mod seller;

use super::model::INCOTERMS;

/// The rules of Incoterms as a form's choices.
fn incoterms(all: impl Iterator<Item = String>) -> Vec<(String, String)> {
    all.map(|word| (word.clone(), word)).collect()
}

/// All of them.
fn every_incoterm() -> Vec<(String, String)> {
    incoterms(INCOTERMS.iter().map(|word| (*word).to_owned()))
}
