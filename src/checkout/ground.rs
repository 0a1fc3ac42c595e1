//! What a checkout stands on: the places to which goods go, the tree of categories, and the key that opens sellers'
//! account numbers.

use crate::{catalogue::Categories, places::Places, platform::sealed::Sealer};
use std::ops::Deref;

/// [`Places`], with the tree of categories and the key beside them.
#[derive(Clone)]
pub(super) struct Ground {
    places: Places,
    categories: Categories,
    sealer: Sealer,
}

impl Ground {
    pub(super) const fn new(places: Places, categories: Categories, sealer: Sealer) -> Self {
        Self { places, categories, sealer }
    }

    /// Whatever goods belong to, with what stands above it.
    pub(super) const fn categories(&self) -> &Categories {
        &self.categories
    }

    /// Opens the account into which a buyer is to pay.
    pub(super) const fn sealer(&self) -> &Sealer {
        &self.sealer
    }
}

impl Deref for Ground {
    type Target = Places;

    fn deref(&self) -> &Places {
        &self.places
    }
}
