//! Pages about events: for everybody, for buyers, for shops, and for whoever runs them.

pub(super) mod buyer;
pub(super) mod department;
mod desk;
mod desk_acts;
pub(super) mod host;
pub(super) mod public;
mod results;
pub(super) mod seller;
