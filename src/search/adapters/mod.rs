//! The indexes behind the port.

mod embedded;
mod plain;

pub use embedded::{Embedded, OpenError};
pub use plain::Plain;
