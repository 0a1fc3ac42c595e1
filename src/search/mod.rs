//! What can be found: the read model, and the index behind the port [`SearchIndex`].
//!
//! A *document* is all that a search needs to know of one product. It is a pure function of what
//! other slices publish in their report views, so it is never edited: [`jobs`] hear that something
//! changed and compute it again, and a periodic full scan proves all of them.
//!
//! An *index* follows the documents (each process its own, [`Search::follow`]): it reads what newer
//! transactions wrote, so nothing is missed however commits overlap. It is a cache: a missing, old or broken
//! one is rebuilt in the background while the adapter [`Plain`] answers from the documents themselves.
//! What an index answers is checked against the live state before it is shown ([`Search::find`]): a
//! blocked listing is gone at once, however late the index is.
//!
//! - Schema `search`: `documents`. Reads `catalogue`, `enterprises`, `stock`, `orders` by their report views.
//! - Tells: nothing.   Hears: what listings, sellers and stock tell ([`jobs`]).

pub mod adapters;
mod api;
mod changes;
mod engine;
mod error;
pub mod jobs;
mod model;
mod parameters;
mod ports;
mod queries;
mod queries_plain;
mod routes;

pub use adapters::{Embedded, Plain};
pub use changes::{refresh, refresh_seller, scan};
pub use engine::Search;
pub use error::SearchError;
pub use model::{
    BANDS, Band, CERTIFICATES, Criterion, Document, Facets, Found, Hit, MOST_RESULTS, Matches,
    PAGE, Query, RANKING, Sort, certificate,
};
pub use parameters::Parameters;
pub use ports::{IndexError, SearchIndex};
pub use routes::{Deps, router};
