//! What can be found: the read model, and the index behind the port [`SearchIndex`].
//!
//! A *document* is all that a search needs to know of one product. It is a pure function of what
//! other slices publish in their report views, so it is never edited: [`jobs`] hear that something
//! changed and compute it again, and a periodic full scan proves all of them.
//!
//! An *index* follows the documents ([`Search::follow`]; each process has its own, [`EmbeddedStore`], or all
//! share one on a server, [`MeilisearchStore`], to which one of them at a time writes): it reads what newer
//! transactions wrote, so nothing is missed however commits overlap. It is a cache: a missing, old or broken
//! one is rebuilt in the background while the adapter [`Plain`] answers from the documents themselves. So it
//! does while an index is away: one that failed rests for some seconds before it is asked again. An index
//! carries the documents' versions, so that it can be compared with the database ([`Search::sweep`]).
//!
//! Everything an index ranks by stands in [`ranking`], of which the page on ranking is made. Synonyms and stop
//! words are the operator's ([`lexicon`], [`synonyms`], [`stop_words`]), who sees what a change does before it is made
//! ([`trying`]); what people look for is counted without saying who ([`asked`]).
//!
//! What an index answers is checked against the live state before it is shown ([`Search::find`]): a
//! blocked listing is gone at once, however late the index is.
//!
//! - Schema `search`: `documents`, `synonyms`, `stop_words`, `asked`, `rebuilds`, `sweeps`. Reads `catalogue`, `enterprises`, `stock`, `orders` by their report views.
//! - Tells: nothing.   Hears: what listings, sellers and stock tell ([`jobs`]).

pub mod adapters;
mod api;
mod asked;
mod breaker;
mod changes;
mod engine;
mod error;
mod follow;
mod highlight;
pub mod jobs;
mod language;
mod lexicon;
mod model;
mod parameters;
mod ports;
mod queries;
mod queries_asked;
mod queries_documents;
mod queries_plain;
mod queries_upkeep;
mod queries_words;
mod ranking;
mod rebuilding;
mod routes;
mod stop_words;
mod synonyms;
mod trying;
mod upkeep;
mod words;

pub use adapters::{EmbeddedStore, MeilisearchStore, Plain};
pub use changes::{refresh, refresh_seller, scan};
pub use engine::Search;
pub use error::SearchError;
pub use highlight::marked;
pub use language::{Group, Synonyms};
pub use lexicon::{lexicon, load_reference};
pub use model::{
    BANDS, Band, CERTIFICATES, Document, Facets, Found, Hit, LONGEST_PAGE, Matches, PAGE, Place,
    QUANTITIES, Quantity, Query, Reading, Setting, Sort, certificate,
};
pub use parameters::Parameters;
pub use ports::{IndexError, IndexStore, Lexicon, SearchIndex};
pub use ranking::{Criterion, criteria};
pub use rebuilding::Rebuild;
pub use routes::{Deps, router};
pub use stop_words::{
    StopWord, add_stop_word, bring_stop_word_back, check_stop_word, remove_stop_word,
};
pub use synonyms::{
    Draft, Synonym, add_synonyms, change_synonyms, remove_synonyms, restore_synonyms,
};
pub use trying::{Change, Compared};
pub use upkeep::{LookedFor, State, Sweep, Which};
pub use words::{Taken, WordsError};
