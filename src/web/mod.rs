//! What every page and API answer shares: errors, forms, sessions' outcome, language, layout, limits.
//!
//! Knows no slice. Middleware fills the request's extensions, extractors read them.

pub mod address;
pub mod assets;
pub mod back;
pub mod context;
pub mod cookies;
pub mod error;
pub mod forms;
pub mod limits;
pub mod metrics;
pub mod once;
pub mod page;
pub mod press;
pub mod stack;
pub mod upload;
pub mod viewer;

pub use back::local_path;
pub use error::{ApiError, AsProblem, PageError, Problem};
pub use forms::{Form, Query};
pub use once::{Begun, begin_once};
pub use page::{Html, Notice, Page, go, go_with};
pub use upload::{Upload, UploadedFile};
pub use viewer::{Denied, FOR_HIMSELF, Officer, Operator, SignedIn, Viewer};
