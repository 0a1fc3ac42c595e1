//! Pages about events: for everybody, for buyers, for shops, for the Department.

pub(super) mod buyer;
pub(super) mod department;
pub(super) mod public;
pub(super) mod seller;
