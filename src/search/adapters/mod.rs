//! The indexes behind the port.

mod embedded;
mod plain;

pub use embedded::EmbeddedStore;
pub use plain::Plain;
