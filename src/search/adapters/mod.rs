//! The indexes behind the port.

mod embedded;
mod meilisearch;
mod plain;

pub use embedded::EmbeddedStore;
pub use meilisearch::MeilisearchStore;
pub use plain::Plain;
