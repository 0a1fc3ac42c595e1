//! How people here write what they look for: syllables with and without marks, keyboards whose input
//! method was off, slips of the finger, quantities, and regional words. Pure.

mod keyboard;
mod quantity;
mod slips;
mod syllable;
mod synonyms;

pub(in crate::search) use keyboard::as_meant;
pub(in crate::search) use quantity::quantities;
pub(in crate::search) use slips::likelihood;
pub(in crate::search) use syllable::{exact, shown, split};
pub(in crate::search) use synonyms::LONGEST as LONGEST_EXPRESSION;
pub use synonyms::{Group, Synonyms};
