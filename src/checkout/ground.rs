//! What a checkout stands on: the places to which goods go, and the key that opens sellers' account numbers.

use crate::{places::Places, platform::sealed::Sealer};
use std::ops::Deref;

/// [`Places`], with the key beside them.
#[derive(Clone)]
pub(super) struct Ground {
    places: Places,
    sealer: Sealer,
}

impl Ground {
    pub(super) const fn new(places: Places, sealer: Sealer) -> Self {
        Self { places, sealer }
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
